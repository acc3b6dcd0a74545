// The evidence of one decision as a few lines of text, to paste into a ticket or an e-mail.
import { rung } from './ladder';
import type { Decision, Root } from './protocol';

export function statement(decision: Decision, root?: Pick<Root, 'head' | 'branch'>): string {
  const lines = [`${decision.address}: ${decision.title}`];
  const made = [decision.by && `by ${decision.by}`, decision.date && `on ${decision.date}`].filter(Boolean);
  if (made.length > 0) lines.push(`decided ${made.join(' ')}`);
  const { meaning } = rung(decision.level);
  lines.push(`level: ${decision.level}${meaning && ` (${meaning})`}`);
  if (decision.commit) lines.push(`recorded in commit ${decision.commit}${decision.recorded ? ` on ${decision.recorded}` : ''}`);
  if (decision.outdated) lines.push('outdated: what was decided on has changed since');
  for (const problem of decision.problems) lines.push(`against it: ${problem}`);
  if (root?.head) lines.push(`seen at commit ${root.head}${root.branch ? ` of ${root.branch}` : ''}`);
  return lines.join('\n');
}
