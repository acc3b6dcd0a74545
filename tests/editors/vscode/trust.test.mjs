// A folder that the user does not trust chooses neither the program nor what is believed; Deed works there all the same.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { exampleOrganisation, stage } from './stage.mjs';

const out = resolve(process.env.OUT, 'trust');

test('a program that the folder names is run only once the folder is trusted', { timeout: 240_000 }, async () => {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const mark = join(out, 'it-ran');
  const fill = (folder) => {
    exampleOrganisation(folder);
    const program = join(folder, 'tool');
    writeFileSync(program, `#!/bin/sh\ntouch '${mark}'\nexec "${process.env.DEED_PROGRAM}" "$@"\n`, { mode: 0o755 });
    mkdirSync(join(folder, '.vscode'));
    writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'deed.server.path': program, 'deed.trustRoot': 'f'.repeat(40) }));
  };
  const vscode = await stage({ fill, vsix: [process.env.VSIX], trust: true });
  const { page } = vscode;
  const status = page.locator('.statusbar-item[id*="deed.status"]');
  const open = async (name) => {
    await page.keyboard.press('Control+P');
    await page.locator('.quick-input-widget input.input').first().fill(name);
    await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await page.keyboard.press('Enter');
  };
  try {
    await page.goto(vscode.url());
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await open('deed.yaml');
    await page.locator('.squiggly-error, .squiggly-warning').first().waitFor();
    await page.locator('.codelens-decoration a', { hasText: 'signed' }).first().waitFor();
    assert.match(await status.innerText(), /Deed\s+\d+/);
    await page.screenshot({ path: join(out, 'restricted.png') });
    assert.ok(!existsSync(mark), 'the program of an untrusted folder ran');

    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input.input').first().fill('>Workspaces: Manage Workspace Trust');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Manage Workspace Trust' }).first().click();
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).first().click();
    for (let i = 0; i < 300 && !existsSync(mark); i++) await page.waitForTimeout(100);
    assert.ok(existsSync(mark), 'the program of a trusted folder did not run');
    await page.locator('.statusbar-item[id*="deed.status"]', { hasText: /Deed\s+\d+/ }).waitFor();
  } finally {
    await page.screenshot({ path: join(out, 'last.png') });
    vscode.saveLogs(join(out, 'logs'));
    await vscode.close();
  }
});
