// The task `deed check`: the same program as the server, so that a build or a hook says the same as the editor.
import * as vscode from 'vscode';
import type { Server } from './server';

interface Definition extends vscode.TaskDefinition {
  command: string;
  args?: string[];
  path?: string;
}

export function provideTasks(server: Server): vscode.Disposable {
  return vscode.tasks.registerTaskProvider('deed', {
    provideTasks: () => (vscode.workspace.workspaceFolders ?? []).map((folder) => task(server, { type: 'deed', command: 'check' }, folder)),
    resolveTask: ({ definition, scope }) => {
      const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
      return folder && task(server, definition as Definition, folder);
    },
  });
}

function task(server: Server, definition: Definition, folder: vscode.WorkspaceFolder): vscode.Task {
  const cwd = definition.path ? vscode.Uri.joinPath(folder.uri, definition.path).fsPath : folder.uri.fsPath;
  const execution = new vscode.ProcessExecution(server.program?.path ?? 'deed', [definition.command, ...(definition.args ?? [])], { cwd });
  // No problem matcher: the server shows the same already, and everything would stand there twice.
  const task = new vscode.Task(definition, folder, definition.command, 'deed', execution);
  task.group = vscode.TaskGroup.Test;
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
  return task;
}
