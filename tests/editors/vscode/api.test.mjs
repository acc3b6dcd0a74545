// Drives the tests in api/, which run inside the extension host of a real VS Code.
// BESIDE names packages of other extensions to install as well, with `:` between them.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { exampleOrganisation, stage } from './stage.mjs';

/** Runs one file of tests on a workspace; `open` says, from where that lies, what to open of it. */
async function play(t, name, fill, open) {
  const out = resolve(process.env.OUT, 'api', name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const results = join(out, 'results.txt');
  const vscode = await stage({
    fill,
    vsix: process.env.BESIDE?.split(':') ?? [],
    settings: { 'deed.server.path': process.env.RECORDED_DEED ?? '' },
    env: { RESULTS: results, RECORD: join(out, 'conversation.log') },
    options: ['--vscode-option', 'enable-smoke-test-driver'],
  });
  try {
    const remote = (path) => `vscode-remote://127.0.0.1:${vscode.port}${resolve(path)}`;
    // Tests run only where an extension is being developed: that is this one, as it was just packaged.
    const payload = [['extensionDevelopmentPath', remote('editors/vscode')], ['extensionTestsPath', remote(`tests/editors/vscode/api/${name}.js`)]];
    const query = new URLSearchParams({ ...open(vscode.workspace), payload: JSON.stringify(payload) });
    await vscode.page.goto(`http://127.0.0.1:${vscode.port}/?${query}`);
    const read = () => (existsSync(results) ? readFileSync(results, 'utf8') : '');
    for (let i = 0; i < 2400 && !/^done/m.test(read()); i++) await new Promise((wait) => setTimeout(wait, 100));
    t.diagnostic(read() || vscode.log());
    await vscode.page.screenshot({ path: join(out, 'last.png') });
    vscode.saveLogs(join(out, 'logs'));
    assert.ok(/^done: 0 failed$/m.test(read()), `see ${results}`);
  } finally {
    await vscode.close();
  }
}

test('inside the extension host, with one folder', { timeout: 300_000 }, (t) =>
  play(t, 'index', exampleOrganisation, (workspace) => ({ folder: workspace })));

test('inside the extension host, with two folders', { timeout: 300_000 }, (t) => {
  const fill = (workspace) => {
    const folders = ['first', 'second'].map((path) => ({ path }));
    for (const { path } of folders) exampleOrganisation(join(workspace, path));
    writeFileSync(join(workspace, 'both.code-workspace'), JSON.stringify({ folders }));
  };
  return play(t, 'folders', fill, (workspace) => ({ workspace: join(workspace, 'both.code-workspace') }));
});
