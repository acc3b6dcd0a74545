// The ladder of evidence: what each level means, and how it is drawn.

export interface Rung {
  meaning: string;
  /** An icon of the editor's own set. */
  icon: string;
  /** A colour that this extension contributes. */
  color: 'deed.claimed' | 'deed.named' | 'deed.proven';
}

/** From the weakest to the strongest. */
const LADDER: [string, Rung][] = [
  ['asserted', { meaning: 'a manifest says so; it is not committed', icon: 'edit', color: 'deed.claimed' }],
  ['recorded', { meaning: 'in history: somebody with write access wrote it', icon: 'git-commit', color: 'deed.claimed' }],
  ['attributed', { meaning: "the commit carries the decider's name", icon: 'account', color: 'deed.named' }],
  ['vouched', { meaning: "a forge signed for the decider's name", icon: 'cloud', color: 'deed.named' }],
  ['signed', { meaning: "signed with the decider's key", icon: 'key', color: 'deed.proven' }],
  ['decided', { meaning: 'the signed message names this decision', icon: 'pass', color: 'deed.proven' }],
  ['witnessed', { meaning: 'and another person signed for it', icon: 'verified', color: 'deed.proven' }],
  ['anchored', { meaning: 'and a time stamp bounds it', icon: 'watch', color: 'deed.proven' }],
];

const UNKNOWN: Rung = { meaning: '', icon: 'question', color: 'deed.claimed' };

export function rung(level: string): Rung {
  return LADDER.find(([name]) => name === level)?.[1] ?? UNKNOWN;
}

/** Sorts levels from the weakest to the strongest; levels that this extension does not know yet come last. */
export function height(level: string): number {
  const index = LADDER.findIndex(([name]) => name === level);
  return index === -1 ? LADDER.length : index;
}

/** Groups by level, the weakest first, in the given order within each. */
export function byLevel<T extends { level: string }>(decisions: readonly T[]): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const decision of decisions) {
    const group = groups.get(decision.level);
    if (group) group.push(decision);
    else groups.set(decision.level, [decision]);
  }
  return [...groups].sort(([a], [b]) => height(a) - height(b));
}
