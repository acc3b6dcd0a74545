// Starts the server and shows what it says beyond LSP. Start reading here; `server.ts` is the server's life,
// `evidence.ts` what it knows of history, `views.ts` and `status.ts` what is seen of it.
import * as vscode from 'vscode';
import type { Location, Position } from 'vscode-languageclient';
import { createManifest } from './create';
import { EvidenceStore } from './evidence';
import { isManifest } from './manifest';
import { explainRule, openRuleDocumentation, provideRulePages } from './rules';
import { Server } from './server';
import { statement } from './statement';
import { showMenu, showStatus } from './status';
import { provideTasks } from './tasks';
import { showViews, type Node } from './views';

/** For the tests inside the extension host. */
export interface Api {
  server: Server;
  store: EvidenceStore;
}

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const { subscriptions } = context;
  const output = vscode.window.createOutputChannel('Deed', { log: true });
  const trace = vscode.window.createOutputChannel('Deed Trace', { log: true });
  const running = new Server(context, output, trace);
  server = running;
  const store = new EvidenceStore(running);
  subscriptions.push(output, trace, running, store, provideTasks(running), provideRulePages(running));
  const reveal = showViews(store, subscriptions);
  showStatus(running, store, subscriptions);

  const command = (name: string, run: (...args: never[]) => unknown): void => {
    subscriptions.push(vscode.commands.registerCommand(`deed.${name}`, run));
  };
  command('showEvidence', (address?: unknown, manifest?: unknown) => reveal(text(address), text(manifest)));
  command('lookAtHistory', () => store.lookAgain());
  command('copyEvidence', (node?: Node) => copyEvidence(store, node));
  command('explainRule', (rule?: unknown) => explainRule(text(rule)));
  command('openRuleDocumentation', () => openRuleDocumentation());
  command('createManifest', () => createManifest(context));
  command('restartServer', () => running.start());
  command('showOutput', () => output.show());
  command('menu', () => showMenu(running, store));
  command('openItem', (place: Location | Node) => openPlace(place));
  command('showReferences', (uri: string, position: Position, locations: Location[]) => {
    const convert = running.client?.protocol2CodeConverter;
    if (!convert) return;
    return vscode.commands.executeCommand(
      'editor.action.showReferences', vscode.Uri.parse(uri), convert.asPosition(position), locations.map((place) => convert.asLocation(place)));
  });

  const front = (editor?: vscode.TextEditor): void => {
    void vscode.commands.executeCommand('setContext', 'deed.manifestInFront', editor !== undefined && isManifest(editor.document.uri.path));
  };
  front(vscode.window.activeTextEditor);
  subscriptions.push(
    vscode.window.onDidChangeActiveTextEditor(front),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('deed.server.path') || change.affectsConfiguration('deed.trustRoot')) void running.start();
      if (change.affectsConfiguration('deed.codeLens') || change.affectsConfiguration('deed.inlayHints')) refreshHints(running);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void running.start()),
  );
  await running.start();
  return { server: running, store };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** An argument of a command, which anybody may have given. */
function text(argument: unknown): string | undefined {
  return typeof argument === 'string' ? argument : undefined;
}

async function copyEvidence(store: EvidenceStore, node?: Node): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const here = node?.is === 'decision'
    ? ([node.decision, node.root] as const)
    : editor && store.decisionAt(editor.document.uri, editor.selection.active);
  const found = here ?? await pickDecision(store);
  if (!found) return;
  await vscode.env.clipboard.writeText(statement(...found));
  vscode.window.setStatusBarMessage(`Copied the evidence of ${found[0].address}`, 4000);
}

async function pickDecision(store: EvidenceStore) {
  const entries = store.roots.flatMap((root) => root.decisions.map((decision) => ({
    label: decision.address, description: decision.level, detail: decision.title, found: [decision, root] as const,
  })));
  if (entries.length === 0) void vscode.window.showInformationMessage('No decision is known here.');
  return (entries.length > 0 ? await vscode.window.showQuickPick(entries, { title: 'Evidence of which decision?', matchOnDetail: true }) : undefined)?.found;
}

async function openPlace(place: Location | Node): Promise<void> {
  const location = !('is' in place) ? place : place.is === 'decision' ? place.decision.location : place.is === 'item' ? place.item.location : undefined;
  if (!location) return;
  const { start, end } = location.range;
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(location.uri), { selection });
}

/** Code lenses and inlay hints are asked for anew, so that the switches work at once. */
function refreshHints({ client }: Server): void {
  for (const document of vscode.workspace.textDocuments) {
    client?.getFeature('textDocument/codeLens').getProvider(document)?.onDidChangeCodeLensEmitter.fire();
    client?.getFeature('textDocument/inlayHint').getProvider(document)?.onDidChangeInlayHints.fire();
  }
}
