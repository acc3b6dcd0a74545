// What the tests inside the extension host share.
// In: RESULTS, the file to write one line to for each test. Out: that file; its last line begins with "done".
const assert = require('node:assert/strict');
const fs = require('node:fs');
const vscode = require('vscode');

exports.extension = vscode.extensions.getExtension('deed-lint.deed');
exports.ask = (command, ...args) => vscode.commands.executeCommand(command, ...args);
exports.revert = () => exports.ask('workbench.action.files.revert');
exports.ours = (uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'deed');

exports.until = async function until(what, look, patience = 40_000) {
  const end = Date.now() + patience;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** The place just behind a text of a document, or within it, at `offset` from its start. */
exports.at = function at(document, text, offset = text.length) {
  const index = document.getText().indexOf(text);
  assert.notEqual(index, -1, `${text} is not in ${document.fileName}`);
  return document.positionAt(index + offset);
};

exports.replace = async function replace(document, range, text) {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
};

/** Runs the tests, one after the other. `api` gives the extension's, once it is known. */
exports.play = async function play(tests, api) {
  const say = (line) => fs.appendFileSync(process.env.RESULTS, `${line}\n`);
  say(`# VS Code ${vscode.version}, Node ${process.version}`);
  let failed = 0;
  for (const [name, body] of Object.entries(tests)) {
    const start = Date.now();
    try {
      await body();
      say(`ok ${name} (${Date.now() - start} ms)`);
    } catch (error) {
      failed++;
      say(`not ok ${name}\n${String(error.stack).replaceAll(/^/gm, '    ')}`);
      await exports.revert().then(undefined, () => {});
    }
  }
  // The editor ends the extension host without a word: what was recorded must be whole.
  await api()?.server.stop();
  say(`done: ${failed} failed`);
};
