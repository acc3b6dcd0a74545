// Drives the tests in api/, which run inside the extension host of a real VS Code.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { exampleOrganisation, stage } from './stage.mjs';

const out = resolve(process.env.OUT, 'api');

test('inside the extension host', { timeout: 300_000 }, async (t) => {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const results = join(out, 'results.txt');
  const vscode = await stage({
    fill: exampleOrganisation,
    settings: { 'deed.server.path': process.env.RECORDED_DEED ?? '' },
    env: { RESULTS: results, RECORD: join(out, 'conversation.log') },
    options: ['--vscode-option', 'enable-smoke-test-driver'],
  });
  try {
    const remote = (path) => `vscode-remote://127.0.0.1:${vscode.port}${resolve(path)}`;
    // Tests run only where an extension is being developed: that is this one, as it was just packaged.
    const payload = [['extensionDevelopmentPath', remote('editors/vscode')], ['extensionTestsPath', remote('tests/editors/vscode/api/index.js')]];
    await vscode.page.goto(vscode.url(`&payload=${encodeURIComponent(JSON.stringify(payload))}`));
    const read = () => (existsSync(results) ? readFileSync(results, 'utf8') : '');
    for (let i = 0; i < 2400 && !/^done/m.test(read()); i++) await new Promise((wait) => setTimeout(wait, 100));
    t.diagnostic(read() || vscode.log());
    await vscode.page.screenshot({ path: join(out, 'last.png') });
    vscode.saveLogs(join(out, 'logs'));
    assert.ok(/^done: 0 failed$/m.test(read()), `see ${results}`);
  } finally {
    await vscode.close();
  }
});
