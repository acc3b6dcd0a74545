import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findProgram, older, Unusable } from '../src/program';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'deed-program-')));
after(() => rmSync(root, { recursive: true }));

/** A program that answers as `deed` would. */
function program(directory: string, { version = 'deed 0.1.0', lsp = true, mode = 0o755 } = {}): string {
  mkdirSync(join(root, directory), { recursive: true });
  const path = join(root, directory, 'deed');
  writeFileSync(path, `#!/bin/sh\ncase $1 in --version) echo "${version}" ;; lsp) ${lsp ? 'exit 0' : 'echo "no such command" >&2; exit 2'} ;; esac\n`);
  chmodSync(path, mode);
  return path;
}

const nowhere = { setting: '', extension: join(root, 'none'), env: {} };
const unusable = (pattern: RegExp, origin: string) => (error: unknown) =>
  error instanceof Unusable && pattern.test(error.message) && error.origin === origin;

test('the settings come first, then the extension, then PATH', async () => {
  const [setting, bundled, path] = [program('setting'), program('extension/server'), program('bin')];
  const place = { setting, extension: join(root, 'extension'), env: { PATH: join(root, 'bin') } };
  assert.deepEqual(await findProgram(place), { path: setting, origin: 'settings', version: '0.1.0' });
  assert.deepEqual(await findProgram({ ...place, setting: ' ' }), { path: bundled, origin: 'extension', version: '0.1.0' });
  assert.deepEqual(await findProgram({ ...nowhere, env: place.env }), { path, origin: 'PATH', version: '0.1.0' });
});

test('a setting may name the folder, but must lead somewhere', async () => {
  program('folder/tools');
  const found = await findProgram({ ...nowhere, setting: '${workspaceFolder}/tools/deed', folder: join(root, 'folder') });
  assert.equal(found.path, join(root, 'folder/tools/deed'));
  await assert.rejects(findProgram({ ...nowhere, setting: 'tools/deed' }), unusable(/must be an absolute path/, 'settings'));
  await assert.rejects(findProgram({ ...nowhere, setting: join(root, 'gone') }), unusable(/cannot be run: .*ENOENT/, 'settings'));
});

test('a relative directory on PATH is not looked into', async () => {
  await assert.rejects(findProgram({ ...nowhere, env: { PATH: '.:bin:' } }), unusable(/There is no `deed` program/, 'PATH'));
});

test('what is no Deed, too old or without a server is refused with the reason', async () => {
  const refused = (options: Parameters<typeof program>[1], pattern: RegExp) =>
    assert.rejects(findProgram({ ...nowhere, setting: program('refused', options) }), unusable(pattern, 'settings'));
  await refused({ version: 'GNU bash, version 5' }, /is not Deed: .*GNU bash/);
  await refused({ version: 'deed 0.0.9' }, /is Deed 0\.0\.9; this extension needs 0\.1\.0 or newer/);
  await refused({ lsp: false }, /too old: it has no language server/);
});

test('the program in the extension is made executable where a package lost that', async () => {
  program('windows/server', { mode: 0o644 });
  assert.equal((await findProgram({ ...nowhere, extension: join(root, 'windows') })).origin, 'extension');
});

test('versions compare by number', () => {
  assert.deepEqual(['0.9.0', '0.10.0', '1.0.0', '0.10.1'].map((version) => older(version, '0.10.0')), [true, false, false, false]);
});
