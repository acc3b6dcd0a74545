import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision } from '../src/protocol';
import { statement } from '../src/statement';

const location = { uri: 'file:///r/risks.deed.yaml', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 9 } } };
const decision: Decision = {
  address: 'risks.R-12.accepted', title: 'Unpatched payment terminals', by: 'ada', date: '2026-03-01', level: 'signed',
  problems: ["the signature is Ben Okafor's", 'recorded 20 days late'], outdated: true, commit: '267df9cc7b', recorded: '2026-03-02', location,
};

test('says all that is known', () => {
  assert.equal(statement(decision, { head: 'ef6f1dfb68', branch: 'main' }), [
    'risks.R-12.accepted: Unpatched payment terminals',
    'decided by ada on 2026-03-01',
    "level: signed (signed with the decider's key)",
    'recorded in commit 267df9cc7b on 2026-03-02',
    'outdated: what was decided on has changed since',
    "against it: the signature is Ben Okafor's",
    'against it: recorded 20 days late',
    'seen at commit ef6f1dfb68 of main',
  ].join('\n'));
});

test('says nothing of what is not known', () => {
  const { address, title } = decision;
  assert.equal(
    statement({ address, title, level: 'notarized', problems: [], outdated: false, location }),
    'risks.R-12.accepted: Unpatched payment terminals\nlevel: notarized');
});
