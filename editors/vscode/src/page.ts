// What `deed explain` prints, as Markdown.

/** Its first line names the rule, its second group, severity and clauses; what follows is Markdown already. */
export function toMarkdown(text: string): string {
  const [title = '', facts = '', ...rest] = text.split('\n');
  const colon = title.indexOf(': ');
  const [id, summary] = colon === -1 ? [title, ''] : [title.slice(0, colon), title.slice(colon + 2)];
  return [`# ${id}`, '', summary && `**${summary}**`, '', facts, ...rest].join('\n');
}
