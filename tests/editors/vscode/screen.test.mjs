// Through the screen: the package is installed in a real VS Code, and the example organisation edited by keyboard and mouse.
// Pictures of every step go to OUT/screen.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { exampleOrganisation, stage } from './stage.mjs';

const out = resolve(process.env.OUT, 'screen');
let vscode, page;

before(async () => {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  vscode = await stage({ fill: exampleOrganisation, vsix: [process.env.VSIX], env: { GIT_CONFIG_GLOBAL: '/dev/null' } });
  ({ page } = vscode);
  await page.goto(vscode.url());
  await page.locator('.monaco-workbench').waitFor();
}, { timeout: 120_000 });

after(async () => {
  vscode?.saveLogs(join(out, 'logs'));
  await vscode?.close();
});

/** One step: its picture is taken however it ends. */
let step = 0;
function scene(name, body) {
  test(name, { timeout: 180_000 }, async () => {
    const picture = join(out, `${String(++step).padStart(2, '0')}-${name.replace(/[^a-z]+/gi, '-')}.png`);
    try {
      await body();
    } finally {
      await page.screenshot({ path: picture });
    }
  });
}

const keys = (...all) => all.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
const editor = () => page.locator('.editor-group-container.active .monaco-editor');
const line = (text) => editor().locator('.view-line', { hasText: text }).first();
const problems = (text) => page.locator('.markers-panel .monaco-list-row', { hasText: text });

/** Problems that contain a text; the list shows but a few rows of all. */
async function filterProblems(text) {
  await command('Problems: Focus on Problems View');
  await page.locator('.pane-composite-part.panel .viewpane-filter input').first().fill(text);
}

/** A picture for the README, if PICTURES names the directory for them. */
async function picture(name, clip) {
  if (!process.env.PICTURES) return;
  await page.waitForTimeout(700); // until nothing fades in any more
  await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), ...(clip && { clip }) });
}
const row = (view, text) => page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row`, { hasText: text });

async function quick(prefix, text) {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input.input').first();
  await input.waitFor();
  await input.fill(prefix + text);
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
}

const command = (name) => quick('>', name);

async function open(name) {
  await quick('', name);
  await page.locator('.tab.active', { hasText: name.split('/').at(-1) }).waitFor();
}

/** Puts the cursor into the open file; line and column count from 1. */
const go = (row, column) => quick(':', `${row}:${column}`);

/** Where a text stands in a file of the workspace, as line and column from 1. */
function find(name, text) {
  const lines = readFileSync(join(vscode.workspace, name), 'utf8').split('\n');
  const row = lines.findIndex((line) => line.includes(text));
  assert.notEqual(row, -1, `${text} is not in ${name}`);
  return [row + 1, lines[row].indexOf(text) + 1];
}

async function text() {
  return (await editor().locator('.view-lines').first().innerText()).replaceAll('\u00a0', ' ');
}

async function pointAt(piece, row) {
  const target = line(row).locator('span span', { hasText: piece }).first();
  await target.hover();
}

async function awayFromHover() {
  await page.mouse.move(900, 12);
  await page.keyboard.press('Escape');
}

scene('a squiggle stands under what is wrong', async () => {
  await open('deed.yaml');
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached' });
});

scene('the problem is listed', async () => {
  await filterProblems('Statement of Applicability was approved');
  await problems('the Statement of Applicability was approved by Ada Moreau').first().waitFor();
});

scene('a mistake is listed while it is typed', async () => {
  await open('deed.yaml');
  const [row, column] = find('deed.yaml', 'model: federated');
  await go(row, column);
  await keys('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight');
  await page.keyboard.type('modle', { delay: 30 });
  await keys('Escape');
  await page.locator('.codelens-decoration', { hasText: 'model changed since' }).first().waitFor();
  await filterProblems('did you mean `model`');
  await problems('did you mean `model`').first().waitFor();
  assert.equal(await problems('did you mean `model`').count(), 1);
});

scene('the light bulb offers a fix', async () => {
  await open('deed.yaml');
  await keys('ArrowLeft', 'Control+.');
  await page.locator('.action-widget .monaco-list-row', { hasText: '`model`' }).first().waitFor();
  await picture('fix', { x: 352, y: 36, width: 640, height: 300 });
});

scene('the fix mends it', async () => {
  await keys('Enter');
  await problems('did you mean `model`').first().waitFor({ state: 'detached' });
  assert.match(await text(), /model: federated/);
});

scene('hover explains a key', async () => {
  await command('View: Close Panel').catch(() => {});
  await pointAt('tolerance', 'tolerance: medium');
  await page.locator('.monaco-hover', { hasText: 'executives' }).first().waitFor();
});

scene('hover shows the evidence of a decision', async () => {
  await awayFromHover();
  await pointAt('adopted', 'adopted:');
  await page.locator('.monaco-hover', { hasText: 'signed' }).first().waitFor();
  await picture('evidence', { x: 352, y: 270, width: 840, height: 200 });
});

scene('completion offers the roles', async () => {
  await awayFromHover();
  const [row, column] = find('deed.yaml', 'owner: ceo');
  await go(row, column + 7);
  await keys('Shift+End', 'Delete');
  await keys('Control+Space');
  await page.locator('.suggest-widget .monaco-list-row', { hasText: 'head-of-it' }).first().waitFor();
});

scene('and takes one', async () => {
  await page.keyboard.type('ceo');
  await page.locator('.suggest-widget .monaco-list-row.focused', { hasText: 'ceo' }).first().waitFor();
  await keys('Enter');
  assert.match(await text(), /owner: ceo/);
});

scene('a lens above a decision leads to the evidence', async () => {
  const lens = page.locator('.codelens-decoration a', { hasText: 'signed' }).first();
  await lens.waitFor({ timeout: 60_000 });
  await lens.click();
  await row('Decisions', 'isms.adopted').waitFor();
  assert.ok(await row('Decisions', 'isms.adopted').evaluate((element) => element.classList.contains('selected') || element.classList.contains('focused')));
});

scene('the evidence view lists what is weak first, what waits, and what nobody owns', async () => {
  const levels = await page.locator('.pane:has(.pane-header[aria-label^="Decisions"]) .monaco-list-row[aria-level="1"]').allInnerTexts();
  assert.ok(levels.length >= 1, levels.join());
  await page.locator('.pane-header[aria-label^="Waiting for Me"]').waitFor();
  await page.locator('.pane-header[aria-label^="Unowned"]').waitFor();
});

scene('a click on a decision opens its place', async () => {
  await picture('overview');
  await row('Decisions', 'risks.R-23.accepted').first().click();
  await page.locator('.tab.active', { hasText: 'technology.deed.yaml' }).waitFor();
  await page.locator('.editor-group-container.active .view-line', { hasText: 'accepted' }).first().waitFor();
});

scene('the status bar counts errors and opens a menu', async () => {
  const entry = page.locator('.statusbar-item[id*="deed.status"]');
  assert.match(await entry.innerText(), /Deed\s+\d+/);
  await entry.click();
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Look at History Again' }).waitFor();
  await keys('Escape');
});

scene('the page of a rule opens beside', async () => {
  await open('deed.yaml');
  const [row, column] = find('deed.yaml', '2026-02-23');
  await go(row, column + 1);
  await command('Deed: Explain Rule');
  await page.locator('.tab.active', { hasText: 'Preview outdated-soa-approval' }).waitFor();
  await page.frameLocator('iframe.webview.ready').frameLocator('#active-frame').locator('h1', { hasText: 'outdated-soa-approval' }).waitFor();
});

scene('rename changes every manifest', async () => {
  await command('View: Close All Editors');
  await page.locator('.monaco-dialog-box').waitFor({ timeout: 2000 }).then(() => page.locator('.monaco-dialog-box .monaco-button', { hasText: /Don.t Save/ }).click(), () => {});
  await open('deed.yaml');
  const [row, column] = find('deed.yaml', 'isms-manager');
  await go(row, column + 2);
  await keys('F2');
  const input = page.locator('.rename-box input');
  await input.waitFor();
  await input.fill('grc-lead');
  await keys('Enter');
  await line('manager: grc-lead').waitFor();
  await command('File: Save All');
  const named = (word) => execFileSync('git', ['-C', vscode.workspace, 'grep', '--count', '--word-regexp', word, '--', '*.yaml', '*.json'], { encoding: 'utf8' }).trim().split('\n');
  for (let i = 0; i < 100 && !readFileSync(join(vscode.workspace, 'roles.deed.yaml'), 'utf8').includes('grc-lead:'); i++) await page.waitForTimeout(100);
  assert.ok(named('grc-lead').length > 1, named('grc-lead').join(' '));
  // Nothing names a role that is gone.
  assert.equal(await page.locator('.markers-panel .monaco-list-row', { hasText: 'no such role' }).count(), 0);
});

scene('a first manifest is written, and the walkthrough leads there', async () => {
  await command('Welcome: Open Walkthrough...');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Get Started with Deed' }).click();
  await page.locator('.getting-started-step', { hasText: 'Make the first decision' }).first().waitFor();
});

test('nothing was asked of the network', () => {
  // Pages inside the editor have names of their own, which the editor answers itself.
  assert.deepEqual([...vscode.strangers].filter((host) => !host.endsWith('.vscode-resource.vscode-cdn.net')), []);
});
