// The views of the activity bar: decisions by level, what waits for me, what nobody owns.
import * as vscode from 'vscode';
import type { EvidenceStore } from './evidence';
import { byLevel, rung } from './ladder';
import type { Decision, Item, Root } from './protocol';

export type Node =
  | { is: 'root'; root: Root }
  | { is: 'level'; level: string; decisions: Decision[]; root: Root }
  | { is: 'decision'; decision: Decision; root: Root }
  | { is: 'problem'; problem: string; decision: Decision; root: Root }
  | { is: 'item'; item: Item; root: Root };

type Children = (root: Root) => Node[];

const levels: Children = (root) =>
  byLevel(root.decisions).map(([level, decisions]) => ({ is: 'level', level, decisions, root }));
const waiting: Children = (root) => root.waiting.map((item) => ({ is: 'item', item, root }));
const unowned: Children = (root) => root.unowned.map((item) => ({ is: 'item', item, root }));

class Tree implements vscode.TreeDataProvider<Node> {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly store: EvidenceStore, private readonly inRoot: Children) {
    store.onChange(() => this.changed.fire());
  }

  /** A root has a node of its own only where there are several. */
  getChildren(node?: Node): Node[] {
    if (!node) {
      const full = this.store.roots.filter((root) => this.inRoot(root).length > 0);
      const [only, ...others] = full;
      return only && others.length === 0 ? this.inRoot(only) : full.map((root) => ({ is: 'root', root }));
    }
    const { root } = node;
    switch (node.is) {
      case 'root': return this.inRoot(root);
      case 'level': return node.decisions.map((decision) => ({ is: 'decision', decision, root }));
      case 'decision': return node.decision.problems.map((problem) => ({ is: 'problem', problem, decision: node.decision, root }));
      default: return [];
    }
  }

  getParent(node: Node): Node | undefined {
    const { root } = node;
    const top: Node | undefined = this.store.roots.filter((root) => this.inRoot(root).length > 0).length > 1 ? { is: 'root', root } : undefined;
    switch (node.is) {
      case 'root': return undefined;
      case 'decision': return levels(root).find((group) => group.is === 'level' && group.level === node.decision.level);
      case 'problem': return { is: 'decision', decision: node.decision, root };
      default: return top;
    }
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const item = draw(node);
    item.id = identity(node);
    return item;
  }
}

function identity(node: Node): string {
  switch (node.is) {
    case 'root': return node.root.uri;
    case 'level': return `${node.root.uri} ${node.level}`;
    case 'decision': return `${node.root.uri} ${place(node.decision)}`;
    case 'problem': return `${node.root.uri} ${place(node.decision)} ${node.problem}`;
    case 'item': return `${node.root.uri} ${place(node.item)} ${node.item.why}`;
  }
}

/** Several people may make one decision together: the place tells their entries apart. */
function place({ address, location }: Decision | Item): string {
  return `${address} ${location.uri} ${location.range.start.line}:${location.range.start.character}`;
}

function draw(node: Node): vscode.TreeItem {
  switch (node.is) {
    case 'root': {
      const item = new vscode.TreeItem(vscode.Uri.parse(node.root.uri), vscode.TreeItemCollapsibleState.Expanded);
      item.iconPath = new vscode.ThemeIcon('root-folder');
      item.description = node.root.why ?? node.root.branch ?? false;
      item.contextValue = 'root';
      return item;
    }
    case 'level': {
      const { icon, color, meaning } = rung(node.level);
      const item = new vscode.TreeItem(node.level, vscode.TreeItemCollapsibleState.Expanded);
      item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
      item.description = `${node.decisions.length} · ${meaning}`;
      item.tooltip = `${node.level}: ${meaning}`;
      item.contextValue = 'level';
      return item;
    }
    case 'decision': return drawDecision(node.decision);
    case 'problem': {
      const item = new vscode.TreeItem(node.problem);
      item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
      item.tooltip = node.problem;
      item.contextValue = 'problem';
      item.command = open(node.decision.location);
      return item;
    }
    case 'item': {
      const item = new vscode.TreeItem(node.item.title);
      item.description = node.item.why;
      item.tooltip = `${node.item.address}: ${node.item.why}`;
      item.iconPath = new vscode.ThemeIcon('circle-large-outline', new vscode.ThemeColor('deed.claimed'));
      item.contextValue = 'item';
      item.command = open(node.item.location);
      return item;
    }
  }
}

function drawDecision(decision: Decision): vscode.TreeItem {
  const { icon, color, meaning } = rung(decision.level);
  const problems = decision.problems.length > 0 || decision.outdated;
  const item = new vscode.TreeItem(
    decision.address,
    decision.problems.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.iconPath = problems
    ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'))
    : new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
  item.description = [decision.by, decision.date, decision.outdated && 'outdated'].filter(Boolean).join(' · ');
  const lines = [`**${escape(decision.title)}**`, `${decision.level}: ${meaning}`];
  if (decision.commit) lines.push(`recorded ${decision.recorded ?? ''} in \`${decision.commit.slice(0, 10)}\``);
  if (decision.outdated) lines.push('$(warning) outdated: what was decided on has changed since');
  for (const problem of decision.problems) lines.push(`$(warning) ${escape(problem)}`);
  item.tooltip = new vscode.MarkdownString(lines.join('\n\n'), true);
  item.contextValue = 'decision';
  item.command = open(decision.location);
  return item;
}

/** Titles come from manifests: what is Markdown or an icon there stays text. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+\-.!|$~&]/g, '\\$&');
}

function open(location: Decision['location']): vscode.Command {
  return { title: 'Go to Manifest', command: 'deed.openItem', arguments: [location] };
}

/** Shows a decision in its view: the one at an address, of the root that a manifest belongs to. */
export type Reveal = (address?: string, manifest?: string) => Promise<void>;

/** Fills the three views. Out: a function that shows a decision in its view. */
export function showViews(store: EvidenceStore, subscriptions: vscode.Disposable[]): Reveal {
  const trees = { 'deed.decisions': new Tree(store, levels), 'deed.waiting': new Tree(store, waiting), 'deed.unowned': new Tree(store, unowned) };
  const decisions = vscode.window.createTreeView('deed.decisions', { treeDataProvider: trees['deed.decisions'], showCollapseAll: true });
  const mine = vscode.window.createTreeView('deed.waiting', { treeDataProvider: trees['deed.waiting'] });
  const nobodys = vscode.window.createTreeView('deed.unowned', { treeDataProvider: trees['deed.unowned'] });
  const told = store.onChange(() => {
    const waits = store.roots.flatMap((root) => root.waiting).length;
    const owners = store.roots.flatMap((root) => root.unowned).length;
    mine.badge = waits > 0 ? { value: waits, tooltip: waits === 1 ? 'One decision waits for you' : `${waits} decisions wait for you` } : undefined;
    nobodys.description = owners > 0 ? String(owners) : '';
    const why = store.roots.flatMap((root) => (root.state === 'none' && root.why ? [root.why] : []));
    decisions.message = why.join('\n');
  });
  subscriptions.push(decisions, mine, nobodys, told);
  return async (address, manifest) => {
    const found = address === undefined ? undefined : store.decision(address, manifest);
    await vscode.commands.executeCommand('deed.decisions.focus');
    if (found) await decisions.reveal({ is: 'decision', decision: found[0], root: found[1] }, { focus: true, expand: true });
  };
}
