// The entry in the status bar: name, number of errors, state of the evidence; a click opens the menu.
import * as vscode from 'vscode';
import type { EvidenceStore } from './evidence';
import type { Server } from './server';

interface Count {
  errors: number;
  warnings: number;
}

/** In: what every open or closed file has. Out: how much of it comes from Deed. */
function count(): Count {
  const count = { errors: 0, warnings: 0 };
  for (const [, diagnostics] of vscode.languages.getDiagnostics()) {
    for (const { source, severity } of diagnostics) {
      if (source !== 'deed') continue;
      if (severity === vscode.DiagnosticSeverity.Error) count.errors++;
      if (severity === vscode.DiagnosticSeverity.Warning) count.warnings++;
    }
  }
  return count;
}

export function showStatus(server: Server, store: EvidenceStore, subscriptions: vscode.Disposable[]): void {
  const item = vscode.window.createStatusBarItem('deed.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Deed';
  item.command = 'deed.menu';
  const draw = (): void => {
    const seen = count();
    item.text = `$(law) Deed ${text(server, store, seen)}`.trimEnd();
    item.tooltip = new vscode.MarkdownString(tooltip(server, store, seen), true);
    item.backgroundColor = server.state.is === 'stopped' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    item.accessibilityInformation = { label: `Deed, ${server.state.is}, ${seen.errors} errors` };
  };
  draw();
  item.show();
  subscriptions.push(item, server.onState(draw), store.onChange(draw), vscode.languages.onDidChangeDiagnostics(draw));
}

function text({ state }: Server, store: EvidenceStore, { errors }: Count): string {
  switch (state.is) {
    case 'starting': return '$(loading~spin)';
    case 'waiting': return '$(debug-restart)';
    case 'stopped': return '$(error)';
    case 'running': return [errors > 0 && `$(error) ${errors}`, store.mood === 'pending' && '$(loading~spin)'].filter(Boolean).join(' ');
  }
}

function tooltip({ state, program }: Server, store: EvidenceStore, { errors, warnings }: Count): string {
  const lines = [program ? `**Deed ${program.version}** (from ${program.origin})` : '**Deed**'];
  if (state.is === 'starting') lines.push('The server is starting.');
  if (state.is === 'waiting') lines.push(`The server ended by itself; it starts again in ${state.seconds} s.`);
  if (state.is === 'stopped') lines.push(`The server does not run: ${state.why}.`);
  if (state.is === 'running') {
    lines.push(`${plural(errors, 'error')}, ${plural(warnings, 'warning')}`);
    for (const root of store.roots) {
      const at = root.head ? ` at \`${root.head.slice(0, 10)}\`${root.branch ? ` of \`${root.branch}\`` : ''}` : '';
      const waits = root.waiting.length > 0 ? `, ${root.waiting.length} wait for you` : '';
      if (root.state === 'ready') lines.push(`Evidence${at}: ${plural(root.decisions.length, 'decision')}${waits}`);
      if (root.state === 'pending') lines.push('Evidence: looking at history …');
      if (root.state === 'none') lines.push(`No evidence${root.why ? `: ${root.why}` : ''}`);
    }
  }
  return lines.join('\n\n');
}

function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}

/** The menu behind the entry. */
export async function showMenu(server: Server, store: EvidenceStore): Promise<void> {
  const { errors, warnings } = count();
  const entries: (vscode.QuickPickItem & { command?: string; arguments?: unknown[] })[] = [
    { label: '$(law) Show Evidence', description: plural(store.roots.flatMap((root) => root.decisions).length, 'decision'), command: 'deed.showEvidence' },
    { label: '$(refresh) Look at History Again', command: 'deed.lookAtHistory' },
    { label: '$(warning) Show Problems', description: `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`, command: 'workbench.actions.view.problems' },
    { label: 'Server', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(debug-restart) Restart Server', description: server.program?.path ?? '', command: 'deed.restartServer' },
    { label: '$(output) Show Output', command: 'deed.showOutput' },
    { label: '$(gear) Settings', command: 'workbench.action.openSettings', arguments: ['@ext:deed-lint.deed'] },
    { label: '$(mortar-board) Get Started', command: 'workbench.action.openWalkthrough', arguments: ['deed-lint.deed#deed.start', false] },
  ];
  const title = server.program ? `Deed ${server.program.version}` : 'Deed';
  const picked = await vscode.window.showQuickPick(entries, { title, placeHolder: server.state.is === 'stopped' ? server.state.why : '' });
  if (picked?.command) await vscode.commands.executeCommand(picked.command, ...(picked.arguments ?? []));
}
