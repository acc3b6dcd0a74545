// Writes a first manifest for somebody who has none. Nothing is ever overwritten.
import * as vscode from 'vscode';

export async function createManifest(context: vscode.ExtensionContext): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const open = folders.length > 1 ? (await vscode.window.showWorkspaceFolderPick())?.uri : folders[0]?.uri;
  const folder = folders.length > 0
    ? open
    : (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel: 'Create Manifest Here' }))?.[0];
  if (!folder) return;
  const file = vscode.Uri.joinPath(folder, 'deed.yaml');
  const exists = await vscode.workspace.fs.stat(file).then(() => true, () => false);
  if (!exists) {
    const example = vscode.Uri.joinPath(context.extensionUri, 'walkthrough', 'first.deed.yaml');
    await vscode.workspace.fs.copy(example, file, { overwrite: false });
  }
  if (folders.length === 0) await vscode.commands.executeCommand('vscode.openFolder', folder);
  else await vscode.window.showTextDocument(file);
}
