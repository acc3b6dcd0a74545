// A rule's page: which rules there are at a place, and what `deed explain` says of one.
import * as vscode from 'vscode';
import { run } from './program';
import { toMarkdown } from './page';
import type { Server } from './server';

const SCHEME = 'deed-rule';

/** A diagnostic of Deed at the cursor, or on its line; the user picks where there are several. */
async function diagnosticHere(): Promise<{ rule: string; page?: vscode.Uri } | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const cursor = editor.selection.active;
  const ours = vscode.languages.getDiagnostics(editor.document.uri).filter(({ source }) => source === 'deed');
  const at = ours.filter(({ range }) => range.contains(cursor));
  const here = at.length > 0 ? at : ours.filter(({ range }) => range.start.line <= cursor.line && cursor.line <= range.end.line);
  const rules = new Map<string, { message: string; page?: vscode.Uri }>();
  for (const { code, message } of here) {
    if (typeof code === 'object') rules.set(String(code.value), { message, page: code.target });
    else if (code !== undefined) rules.set(String(code), { message });
  }
  if (rules.size === 0) {
    void vscode.window.showInformationMessage('Deed says nothing about this line.');
    return undefined;
  }
  const [first] = rules.keys();
  const rule = rules.size === 1
    ? first
    : (await vscode.window.showQuickPick([...rules].map(([label, { message }]) => ({ label, detail: message })), { title: 'Which rule?' }))?.label;
  if (rule === undefined) return undefined;
  const page = rules.get(rule)?.page;
  return page ? { rule, page } : { rule };
}

/** Shows the page of a rule beside the manifest; without a rule, of the one under the cursor. */
export async function explainRule(rule?: string): Promise<void> {
  const id = rule ?? (await diagnosticHere())?.rule;
  if (id === undefined) return;
  await vscode.commands.executeCommand('markdown.showPreviewToSide', vscode.Uri.from({ scheme: SCHEME, path: `/${id}.md` }));
}

/** Opens the page of the rule under the cursor in the browser. */
export async function openRuleDocumentation(): Promise<void> {
  const found = await diagnosticHere();
  if (found?.page) await vscode.env.openExternal(found.page);
  else if (found) await explainRule(found.rule);
}

export function provideRulePages(server: Server): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri) {
      const rule = uri.path.replace(/^\/|\.md$/g, '');
      const program = server.program;
      if (!program || !/^[a-z][a-z0-9-]*$/.test(rule)) return `There is no rule \`${rule}\`.`;
      return run(program.path, ['explain', rule]).then(toMarkdown, (error: Error) => `\`\`\`\n${error.message}\n\`\`\``);
    },
  });
}
