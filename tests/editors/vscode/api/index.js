// Inside the extension host, with the example organisation as the one folder.
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { ask, at, extension, ours, play, replace, revert, until } = require('./harness');

const folder = vscode.workspace.workspaceFolders[0].uri;
const file = (name) => vscode.Uri.joinPath(folder, name);
const git = (...args) => execFileSync('git', ['-C', folder.fsPath, '-c', 'user.name=Chen Wei', '-c', 'commit.gpgsign=false', ...args], { encoding: 'utf8' });

async function open(name) {
  const document = await vscode.workspace.openTextDocument(file(name));
  await vscode.window.showTextDocument(document);
  return document;
}

async function exitCode(task) {
  const ended = new Promise((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess(({ exitCode }) => { listener.dispose(); resolve(exitCode); });
  });
  await vscode.tasks.executeTask(task);
  return ended;
}

const markdown = (hovers) => hovers.flatMap(({ contents }) => contents.map(({ value }) => value)).join('\n');
let api;

const tests = {
  async 'a workspace with a root starts the extension by itself, and the server'() {
    await until('active', () => extension.isActive);
    api = extension.exports;
    await until('running', () => api.server.state.is === 'running');
    assert.equal(api.server.program.version, extension.packageJSON.version);
  },

  async 'manifests in YAML have a language of their own, in JSON stay JSON'() {
    assert.equal((await open('deed.yaml')).languageId, 'deed');
    assert.equal((await open('risks/technology.deed.yaml')).languageId, 'deed');
    assert.equal((await open('risks/suppliers.deed.json')).languageId, 'json');
  },

  async 'every command of the palette is there, and none of the server is registered twice'() {
    const known = await vscode.commands.getCommands(true);
    for (const { command } of extension.packageJSON.contributes.commands) assert.ok(known.includes(command), command);
    assert.ok(known.includes('deed.showReferences'));
    assert.equal(known.filter((command) => command === 'deed.restart.evidence').length, 1);
  },

  async 'diagnostics have a rule, the page of the rule, and stand in closed files too'() {
    const [first] = await until('a diagnostic', () => { const all = ours(file('deed.yaml')); return all.length > 0 && all; });
    assert.match(String(first.code.value), /^[a-z]+(-[a-z]+)+$/);
    assert.match(first.code.target.toString(), new RegExp(first.code.value.replaceAll('-', '[-_]')));
    await until('one in a closed file', () => ours(file('reviews.deed.yaml')).length > 0);
  },

  async 'a mistake is seen while typing, not doubled, and gone with the mistake'() {
    const document = await open('deed.yaml');
    await until('diagnostics', () => ours(document.uri).length > 0);
    const start = at(document, 'model: federated', 0);
    await replace(document, new vscode.Range(start, start.translate(0, 5)), 'modle');
    const found = await until('the mistake', () => { const all = ours(document.uri).filter(({ message }) => /`modle` .*did you mean/.test(message)); return all.length > 0 && all; });
    assert.equal(found.length, 1);
    assert.deepEqual(found[0].range.start, start);
    await revert();
    await until('the mistake is gone', () => ours(document.uri).length > 0 && !ours(document.uri).some(({ message }) => message.includes('modle')));
  },

  async 'nobody else speaks of manifests in YAML, whatever else is installed'() {
    const document = await open('risks/technology.deed.yaml');
    await until('diagnostics', () => ours(file('deed.yaml')).length > 0);
    const others = vscode.extensions.all.filter(({ id, packageJSON }) => !packageJSON.isBuiltin && id !== extension.id);
    for (const other of others) await other.activate();
    // Broken YAML is what any extension for YAML would speak of.
    await replace(document, new vscode.Range(0, 0, 0, 0), 'risks: {"\n');
    await until('the syntax error', () => ours(document.uri).some(({ code }) => code.value === 'syntax-error'));
    await new Promise((resolve) => setTimeout(resolve, others.length > 0 ? 5000 : 0));
    const strangers = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source !== 'deed');
    assert.deepEqual(strangers.map(({ source, message }) => `${source}: ${message}`), []);
    await revert();
  },

  async 'a quick fix mends what a mistake in a key broke'() {
    const document = await open('deed.yaml');
    const start = at(document, 'model: federated', 0);
    await replace(document, new vscode.Range(start, start.translate(0, 5)), 'modle');
    const [wrong] = await until('the mistake', () => { const all = ours(document.uri).filter(({ message }) => /`modle` .*did you mean/.test(message)); return all.length > 0 && all; });
    const actions = await ask('vscode.executeCodeActionProvider', document.uri, wrong.range, 'quickfix', 20);
    const fix = actions.find(({ edit }) => edit && JSON.stringify(edit.entries()).includes('model'));
    assert.ok(fix, actions.map(({ title }) => title).join('; '));
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    await until('mended', () => document.getText().includes('  model: federated'));
    await revert();
  },

  async 'hover says what a key means, and who a person is'() {
    const document = await open('deed.yaml');
    assert.match(markdown(await ask('vscode.executeHoverProvider', document.uri, at(document, 'tolerance', 2))), /risk/i);
    assert.match(markdown(await ask('vscode.executeHoverProvider', document.uri, at(document, 'by: ada', 5))), /Ada Moreau/);
  },

  async 'completion offers roles where a role belongs'() {
    const document = await open('deed.yaml');
    const start = at(document, 'owner: ceo', 7);
    await replace(document, new vscode.Range(start, start.translate(0, 3)), '');
    const { items } = await ask('vscode.executeCompletionItemProvider', document.uri, start);
    const said = (item) => JSON.stringify([item.label, item.detail, item.documentation]);
    assert.ok(items.some((item) => /head-of-it/.test(said(item)) && /Head of IT/.test(said(item))), items.slice(0, 9).map(said).join(' '));
    await revert();
  },

  async 'a role leads to its definition, and knows where it is used'() {
    const document = await open('deed.yaml');
    const place = at(document, 'manager: isms-manager', 11);
    const [target] = await ask('vscode.executeDefinitionProvider', document.uri, place);
    assert.match((target.targetUri ?? target.uri).path, /roles\.deed\.yaml$/);
    const uses = await ask('vscode.executeReferenceProvider', document.uri, place);
    assert.ok(new Set(uses.map(({ uri }) => uri.path)).size > 1, `${uses.length} uses`);
  },

  async 'rename changes every manifest that names the role'() {
    const document = await open('deed.yaml');
    const edit = await ask('vscode.executeDocumentRenameProvider', document.uri, at(document, 'manager: isms-manager', 11), 'grc-lead');
    const files = edit.entries().map(([uri]) => path.basename(uri.path));
    assert.ok(files.includes('deed.yaml') && files.includes('roles.deed.yaml'), files.join(' '));
    for (const [, edits] of edit.entries()) for (const { newText } of edits) assert.match(newText, /grc-lead/);
  },

  async 'symbols, folding, links and semantic tokens are there'() {
    const document = await open('policies.deed.yaml');
    const symbols = await ask('vscode.executeDocumentSymbolProvider', document.uri);
    assert.ok(symbols.some(({ name }) => name.includes('policies')), symbols.map(({ name }) => name).join(' '));
    assert.ok((await ask('vscode.executeFoldingRangeProvider', document.uri)).length > 3);
    const links = await ask('vscode.executeLinkProvider', document.uri);
    assert.ok(links.some(({ target }) => target?.path.endsWith('.md')), `${links.length} links`);
    const legend = await ask('vscode.provideDocumentSemanticTokensLegend', document.uri);
    const { data } = await ask('vscode.provideDocumentSemanticTokens', document.uri);
    assert.ok(data.length > 50 && legend.tokenTypes.length > 0);
    const scopes = extension.packageJSON.contributes.semanticTokenScopes?.[0]?.scopes ?? {};
    const standard = ['namespace', 'type', 'class', 'enum', 'interface', 'struct', 'typeParameter', 'parameter', 'variable', 'property', 'enumMember', 'event', 'function', 'method', 'macro', 'keyword', 'modifier', 'comment', 'string', 'number', 'regexp', 'operator', 'decorator', 'label'];
    for (const type of legend.tokenTypes) assert.ok(standard.includes(type) || type in scopes, `no colour for ${type}`);
  },

  async 'a manifest in JSON is served as well'() {
    const document = await open('risks/suppliers.deed.json');
    const symbols = await ask('vscode.executeDocumentSymbolProvider', document.uri);
    assert.ok(symbols.length > 0);
    const text = document.getText();
    const start = document.positionAt(text.indexOf('"owner"') + 1);
    await replace(document, new vscode.Range(start, start.translate(0, 5)), 'ownr');
    await until('the mistake', () => ours(document.uri).some(({ message }) => message.includes('ownr')));
    await revert();
  },

  async 'evidence is read, and every decision has a level and a place'() {
    await until('evidence', () => api.store.mood === 'ready', 60_000);
    const [root] = api.store.roots;
    assert.equal(root.me, 'chen');
    assert.equal(root.head, git('rev-parse', 'HEAD').trim());
    assert.ok(root.decisions.length > 50, `${root.decisions.length} decisions`);
    const levels = new Set(root.decisions.map(({ level }) => level));
    assert.ok(levels.has('signed') && levels.has('recorded'), [...levels].join(' '));
    assert.ok(root.decisions.every(({ location }) => location.uri.startsWith(root.uri)));
  },

  async 'lenses show the evidence above a decision, and can be switched off at once'() {
    const document = await open('deed.yaml');
    const lenses = () => ask('vscode.executeCodeLensProvider', document.uri, 100);
    await until('a lens with evidence', async () => (await lenses()).some(({ command }) => /signed/.test(command?.title ?? '')));
    await vscode.workspace.getConfiguration('deed').update('codeLens.enable', false, vscode.ConfigurationTarget.Global);
    assert.equal((await lenses()).length, 0);
    await vscode.workspace.getConfiguration('deed').update('codeLens.enable', undefined, vscode.ConfigurationTarget.Global);
    await until('lenses again', async () => (await lenses()).length > 0);
  },

  async 'the commands of all lenses exist'() {
    const known = await vscode.commands.getCommands(true);
    for (const name of ['deed.yaml', 'roles.deed.yaml', 'people.deed.yaml']) {
      const document = await open(name);
      const lenses = await ask('vscode.executeCodeLensProvider', document.uri, 1000);
      assert.ok(lenses.length > 0, name);
      for (const { command } of lenses) assert.ok(!command || command.command === '' || known.includes(command.command), command.command);
    }
  },

  async 'inlay hints can be switched off'() {
    const document = await open('controls/technological.deed.yaml');
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = () => ask('vscode.executeInlayHintProvider', document.uri, all);
    await until('hints', async () => (await hints()).length > 0);
    await vscode.workspace.getConfiguration('deed').update('inlayHints.enable', false, vscode.ConfigurationTarget.Global);
    assert.equal((await hints()).length, 0);
    await vscode.workspace.getConfiguration('deed').update('inlayHints.enable', undefined, vscode.ConfigurationTarget.Global);
  },

  async 'the evidence of the decision at the cursor is copied'() {
    const document = await open('deed.yaml');
    vscode.window.activeTextEditor.selection = new vscode.Selection(at(document, '  adopted:'), at(document, '  adopted:'));
    await ask('deed.copyEvidence');
    assert.match(await vscode.env.clipboard.readText(), /^isms\.adopted: .*\n(.*\n)*level: signed/);
  },

  async 'the page of a rule opens beside the manifest'() {
    const document = await open('deed.yaml');
    const [first] = ours(document.uri);
    vscode.window.activeTextEditor.selection = new vscode.Selection(first.range.start, first.range.start);
    await ask('deed.explainRule');
    const tab = await until('a preview', () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label.startsWith('Preview')));
    assert.match(tab.label, new RegExp(first.code.value));
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse(`deed-rule:/${first.code.value}.md`));
    assert.match(page.getText(), new RegExp(`^# ${first.code.value}\n[^]*What it does`));
    await ask('workbench.action.closeAllEditors');
  },

  async 'a commit brings new evidence without being asked'() {
    const before = api.store.roots[0].head;
    fs.writeFileSync(file('NOTES.md').fsPath, 'nothing\n');
    git('add', 'NOTES.md');
    git('commit', '--quiet', '--message', 'Note nothing');
    await until('the new head', () => api.store.roots[0]?.head !== before && api.store.mood === 'ready', 30_000);
    assert.equal(api.store.roots[0].head, git('rev-parse', 'HEAD').trim());
  },

  async 'history is looked at again on demand'() {
    await ask('deed.lookAtHistory');
    await until('ready', () => api.store.mood === 'ready', 60_000);
  },

  async 'the task runs in the terminal, and says nothing twice'() {
    const count = () => vscode.languages.getDiagnostics().flatMap(([, all]) => all.filter(({ source }) => source === 'deed')).length;
    const before = count();
    const [task] = await vscode.tasks.fetchTasks({ type: 'deed' });
    assert.equal(await exitCode(task), 1);
    assert.equal(count(), before);
  },

  async 'the problem matcher reads what `deed check` says'() {
    const uri = file('reviews.deed.yaml');
    const before = ours(uri);
    const [{ definition, scope, name, source, execution }] = await vscode.tasks.fetchTasks({ type: 'deed' });
    await exitCode(new vscode.Task(definition, scope, name, source, execution, '$deed'));
    await until('what the server says, a second time', () => ours(uri).length === 2 * before.length);
    const key = ({ range: { start }, severity, code, message }) => [start.line, start.character, severity, code.value ?? code, message.split('\n')[0]].join(' ');
    assert.deepEqual(new Set(ours(uri).map(key)), new Set(before.map(key)));
  },

  async 'a commit to trust is taken from the settings, and one that is none is said to be none'() {
    const settings = vscode.workspace.getConfiguration('deed');
    const set = (commit) => settings.update('trustRoot', commit, vscode.ConfigurationTarget.Global);
    const complains = () => ours(file('deed.yaml')).some(({ code }) => code.value === 'lost-checkpoint');
    await set('f'.repeat(40));
    await until('the complaint', complains);
    await set(git('rev-list', '--max-parents=0', 'HEAD').trim());
    await until('no complaint', () => api.store.mood === 'ready' && ours(file('deed.yaml')).length > 0 && !complains());
    const { client } = api.server;
    await set(undefined);
    await until('another server', () => api.server.client && api.server.client !== client && api.server.state.is === 'running');
    await until('evidence without it', () => api.store.mood === 'ready');
  },

  async 'a server that is killed comes back'() {
    const states = [];
    const listener = api.server.onState(({ is }) => states.push(is));
    api.server.client._serverProcess.kill('SIGKILL');
    await until('waiting', () => states.includes('waiting'));
    await until('running', () => states.includes('running'));
    listener.dispose();
    await until('diagnostics', () => ours(file('deed.yaml')).length > 0);
    await until('evidence', () => api.store.mood === 'ready', 60_000);
  },

  async 'starts that come one upon the other end with one server'() {
    const states = [];
    const listener = api.server.onState(({ is }) => states.push(is));
    for (const pause of [0, 0, 20, 60, 0]) {
      void vscode.commands.executeCommand('deed.restartServer');
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    await vscode.commands.executeCommand('deed.restartServer');
    await until('running', () => api.server.state.is === 'running');
    listener.dispose();
    assert.ok(!states.includes('waiting') && !states.includes('stopped'), states.join());
    await ask('deed.lookAtHistory');
    await until('evidence', () => api.store.mood === 'ready', 60_000);
  },

  async 'a program that is none is said to be none, with a way out'() {
    const settings = vscode.workspace.getConfiguration('deed');
    const before = settings.inspect('server.path').globalValue;
    await settings.update('server.path', process.execPath, vscode.ConfigurationTarget.Global);
    const { why } = await until('stopped', () => api.server.state.is === 'stopped' && api.server.state);
    assert.match(why, /is not Deed/);
    assert.equal(api.store.mood, 'stopped');
    await settings.update('server.path', before, vscode.ConfigurationTarget.Global);
    await until('running', () => api.server.state.is === 'running');
  },
};

exports.run = () => play(tests, () => api);
