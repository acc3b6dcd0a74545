// What the server last said of history, and who wants to know when that changes.
import * as vscode from 'vscode';
import { evidenceChanged, evidenceRequest, restartEvidence, type Decision, type Evidence, type Root } from './protocol';
import type { Server } from './server';

/** What the views show while there is nothing to list; the keys of `viewsWelcome`. */
export type Mood = 'stopped' | 'noRoot' | 'none' | 'pending' | 'ready';

export class EvidenceStore implements vscode.Disposable {
  roots: Root[] = [];
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onChange = this.changed.event;
  private asking = false;
  private again = false;
  private readonly subscriptions: vscode.Disposable[] = [];

  constructor(private readonly server: Server) {
    this.subscriptions.push(server.onState((state) => {
      if (state.is === 'running') {
        server.client?.onNotification(evidenceChanged, () => void this.ask());
        void this.ask();
      } else {
        this.set([]);
      }
    }));
  }

  get mood(): Mood {
    if (this.server.state.is === 'stopped') return 'stopped';
    if (this.server.state.is !== 'running') return 'pending';
    if (this.roots.length === 0) return 'noRoot';
    const states = this.roots.map((root) => root.state);
    return states.includes('pending') ? 'pending' : states.includes('ready') ? 'ready' : 'none';
  }

  /** One question at a time; what changes meanwhile is asked for once more. */
  async ask(): Promise<void> {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    try {
      do {
        this.again = false;
        const client = this.server.client;
        if (!client || this.server.state.is !== 'running') return;
        const evidence: Evidence = await client.sendRequest(evidenceRequest, {});
        if (client === this.server.client) this.set(evidence.roots);
      } while (this.again);
    } catch (error) {
      if (this.server.state.is === 'running') this.server.output.warn(`No evidence: ${String(error)}`);
    } finally {
      this.asking = false;
    }
  }

  /** Lets the server read history anew; it says by itself when it is done. */
  async lookAgain(): Promise<void> {
    await this.server.client?.sendRequest('workspace/executeCommand', { command: restartEvidence, arguments: [] });
    await this.ask();
  }

  /** The decision at an address; of several roots that have one, the one that stands in `manifest`, if that is told. */
  decision(address: string, manifest?: string): [Decision, Root] | undefined {
    const found = this.roots.flatMap((root) =>
      root.decisions.filter((decision) => decision.address === address).map((decision): [Decision, Root] => [decision, root]));
    return found.find(([{ location }]) => location.uri === manifest) ?? found[0];
  }

  /** The decision that stands at a place of a manifest. */
  decisionAt(uri: vscode.Uri, position: vscode.Position): [Decision, Root] | undefined {
    for (const root of this.roots) {
      for (const decision of root.decisions) {
        const { uri: file, range } = decision.location;
        const inside = range.start.line <= position.line && position.line <= range.end.line;
        if (inside && vscode.Uri.parse(file).toString() === uri.toString()) return [decision, root];
      }
    }
    return undefined;
  }

  private set(roots: Root[]): void {
    this.roots = roots;
    void vscode.commands.executeCommand('setContext', 'deed.evidence', this.mood);
    void vscode.commands.executeCommand('setContext', 'deed.me', roots.some((root) => Boolean(root.me)));
    this.changed.fire();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}
