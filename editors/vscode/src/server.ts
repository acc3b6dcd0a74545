// The life of the server: found, started, watched; started anew after a crash, ever later, and not for ever.
import * as vscode from 'vscode';
import {
  CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn, State as ClientState, type LanguageClientOptions,
} from 'vscode-languageclient/node';
import { Backoff } from './backoff';
import { MANIFESTS } from './manifest';
import { findProgram, Unusable, type Program } from './program';

/** How long a server is waited for that is to be ended while it starts, in milliseconds. */
const STARTING = 5_000;

export type ServerState =
  | { is: 'starting' }
  | { is: 'running' }
  | { is: 'waiting'; seconds: number }
  | { is: 'stopped'; why: string };

export class Server implements vscode.Disposable {
  state: ServerState = { is: 'starting' };
  program: Program | undefined;
  client: LanguageClient | undefined;

  private readonly changed = new vscode.EventEmitter<ServerState>();
  readonly onState = this.changed.event;
  private readonly backoff = new Backoff();
  private timer: NodeJS.Timeout | undefined;
  private since = 0;
  /** Counts starts, so that what belongs to an earlier one is known and ignored. */
  private turn = 0;
  private starting: Promise<void> = Promise.resolve();
  private ending: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly output: vscode.LogOutputChannel,
    private readonly trace: vscode.LogOutputChannel,
  ) {}

  /** Starts the server, ending the one that runs. Never throws: the state says how it went. */
  async start(): Promise<void> {
    this.backoff.reset();
    await this.launch();
  }

  /** Ends the server and starts none. */
  async stop(): Promise<void> {
    this.forget();
    await this.end();
  }

  private async launch(): Promise<void> {
    const turn = this.forget();
    await this.end();
    if (turn === this.turn) await this.begin(turn);
  }

  /** Has all that belongs to earlier starts ignored; returns the turn that begins. */
  private forget(): number {
    clearTimeout(this.timer);
    return ++this.turn;
  }

  /** Ends the client there is. One after the other: while one lives, the next cannot register its commands. */
  private end(): Promise<void> {
    this.ending = this.ending.then(async () => {
      const client = this.client;
      this.client = undefined;
      // One that is starting cannot be stopped. One that never comes to its end is left behind.
      if (client?.state === ClientState.Starting) await Promise.race([this.starting, after(STARTING)]);
      if (client?.state === ClientState.Running) await client.stop().catch((error) => this.output.warn(String(error)));
      await client?.dispose().catch(() => undefined);
    });
    return this.ending;
  }

  private async begin(turn: number): Promise<void> {
    this.set({ is: 'starting' });
    try {
      this.program = await findProgram({
        setting: setting('server.path'),
        extension: this.context.extensionPath,
        folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
      });
    } catch (error) {
      if (turn === this.turn) this.unusable(error as Error);
      return;
    }
    if (turn !== this.turn) return;
    this.output.info(`Deed ${this.program.version}: ${this.program.path} (from ${this.program.origin})`);
    this.since = Date.now();
    const client = new LanguageClient('deed', 'Deed', { command: this.program.path, args: ['lsp'] }, this.options(turn));
    this.client = client;
    const starting = client.start();
    this.starting = starting.catch(() => undefined);
    try {
      await starting;
    } catch (error) {
      this.output.error(`The server did not start: ${String(error)}`);
      this.ended(turn);
      return;
    }
    if (turn === this.turn) this.set({ is: 'running' });
  }

  private options(turn: number): LanguageClientOptions {
    return {
      documentSelector: [{ scheme: 'file', pattern: MANIFESTS }],
      outputChannel: this.output,
      traceOutputChannel: this.trace,
      diagnosticCollectionName: 'deed',
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: {
        commands: ['deed.showReferences', 'deed.showEvidence', 'editor.action.triggerSuggest'],
        pull: false,
        trustRoot: setting('trustRoot') || null,
      },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          this.ended(turn);
          return { action: CloseAction.DoNotRestart, handled: true, message: 'The server ended.' };
        },
      },
      middleware: {
        provideCodeLenses: (document, token, next) => (enabled('codeLens.enable') ? next(document, token) : []),
        provideInlayHints: (document, range, token, next) => (enabled('inlayHints.enable') ? next(document, range, token) : []),
      },
    };
  }

  /** The server of that turn ended by itself: start it again, later each time, or give up and say so. */
  private ended(turn: number): void {
    if (turn !== this.turn) return;
    this.turn++;
    const seconds = this.backoff.next(Date.now() - this.since);
    if (seconds === undefined) {
      this.set({ is: 'stopped', why: 'it ended again and again' });
      void this.offer('The Deed server ended again and again; it is not started any more.', 'Restart Server', 'Show Output');
      return;
    }
    this.output.warn(`The server ended by itself; starting it again in ${seconds} s.`);
    this.set({ is: 'waiting', seconds });
    this.timer = setTimeout(() => void this.launch(), seconds * 1000);
  }

  private unusable(error: Error): void {
    this.output.error(error.message);
    this.set({ is: 'stopped', why: error.message });
    const ours = error instanceof Unusable && error.origin !== 'extension';
    void this.offer(`Deed: ${error.message}.`, ...(ours ? ['Open Settings'] : []), 'Restart Server', 'Show Output');
  }

  private async offer(message: string, ...ways: string[]): Promise<void> {
    switch (await vscode.window.showErrorMessage(message, ...ways)) {
      case 'Open Settings':
        await vscode.commands.executeCommand('workbench.action.openSettings', 'deed.server.path');
        break;
      case 'Restart Server':
        await this.start();
        break;
      case 'Show Output':
        this.output.show();
        break;
    }
  }

  private set(state: ServerState): void {
    this.state = state;
    this.changed.fire(state);
  }

  dispose(): void {
    void this.stop();
    this.changed.dispose();
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function setting(name: string): string {
  return vscode.workspace.getConfiguration('deed').get<string>(name, '');
}

function enabled(name: string): boolean {
  return vscode.workspace.getConfiguration('deed').get<boolean>(name, true);
}
