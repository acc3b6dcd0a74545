// Inside the extension host, with the example organisation twice: two folders of one workspace, `first` and `second`.
const assert = require('node:assert/strict');
const vscode = require('vscode');
const { ask, at, extension, ours, play, replace, revert, until } = require('./harness');

const [first, second] = vscode.workspace.workspaceFolders.map(({ uri }) => uri);
const manifest = (folder) => vscode.Uri.joinPath(folder, 'deed.yaml');
const key = ({ range: { start }, code, message }) => [start.line, start.character, code.value, message].join(' ');
const said = (folder) => ours(manifest(folder)).map(key);
let api;

const tests = {
  async 'each folder is a root of its own, judged alike'() {
    await until('active', () => extension.isActive);
    api = extension.exports;
    await until('diagnostics in both', () => ours(manifest(first)).length > 0 && ours(manifest(second)).length > 0);
    await until('evidence of both', () => api.store.roots.length === 2 && api.store.mood === 'ready');
    await until('the same in both', () => JSON.stringify(said(first)) === JSON.stringify(said(second)));
  },

  // Before any manifest of it is opened: one that is open is looked at wherever it lies.
  async 'a folder that is closed takes its diagnostics and its evidence along, and brings them back'() {
    const before = said(second);
    vscode.workspace.updateWorkspaceFolders(1, 1);
    await until('gone', () => ours(manifest(second)).length === 0 && api.store.roots.length === 1);
    assert.ok(said(first).length > 0);
    vscode.workspace.updateWorkspaceFolders(1, 0, { uri: second });
    await until('back', () => api.store.roots.length === 2 && JSON.stringify(said(second)) === JSON.stringify(before));
  },

  async 'a mistake in one is none in the other'() {
    const before = said(first);
    const document = await vscode.workspace.openTextDocument(manifest(second));
    await vscode.window.showTextDocument(document);
    const start = at(document, 'model: federated', 0);
    await replace(document, new vscode.Range(start, start.translate(0, 5)), 'modle');
    await until('the mistake', () => said(second).some((it) => it.includes('`modle`')));
    assert.deepEqual(said(first), before);
    await revert();
    await until('no mistake', () => !said(second).some((it) => it.includes('`modle`')));
  },

  async 'a role is used in its own folder only'() {
    const document = await vscode.workspace.openTextDocument(manifest(second));
    const uses = await ask('vscode.executeReferenceProvider', document.uri, at(document, 'manager: isms-manager', 11));
    assert.ok(uses.length > 1 && uses.every(({ uri }) => uri.path.startsWith(second.path)), uses.map(({ uri }) => uri.path).join(' '));
  },

  async 'a lens leads to the decision of its own folder'() {
    const lenses = await until('lenses', async () => {
      const all = await ask('vscode.executeCodeLensProvider', manifest(second), 20);
      const some = all.filter(({ command }) => command?.command === 'deed.showEvidence');
      return some.length > 0 && some;
    });
    for (const { command } of lenses) {
      const [decision, root] = api.store.decision(...command.arguments);
      assert.equal(vscode.Uri.parse(root.uri).path, second.path, decision.address);
      assert.equal(decision.address, command.arguments[0]);
    }
  },
};

exports.run = () => play(tests, () => api);
