import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { byLevel, height, rung } from '../src/ladder';

test('the weakest level comes first, an unknown one last, and order is kept within each', () => {
  const levels = ['signed', 'asserted', 'recorded', 'signed', 'notarized', 'anchored'];
  const groups = byLevel(levels.map((level, n) => ({ level, n })));
  assert.deepEqual(groups.map(([level, all]) => [level, all.map(({ n }) => n)]), [
    ['asserted', [1]], ['recorded', [2]], ['signed', [0, 3]], ['anchored', [5]], ['notarized', [4]],
  ]);
});

test('every level of the evidence has a rung, in the order of the ladder', () => {
  const model = readFileSync('../../crates/deed-model/src/evidence/level.rs', 'utf8');
  const [, body = ''] = /pub enum EvidenceLevel \{([^}]*)\}/.exec(model) ?? /pub enum Level \{([^}]*)\}/.exec(model) ?? [];
  const levels = [...body.matchAll(/^\s+([A-Z][a-z]+),?$/gm)].map(([, name = '']) => name.toLowerCase());
  assert.ok(levels.length >= 7, body);
  assert.deepEqual(levels, [...levels].sort((a, b) => height(a) - height(b)));
  for (const level of levels) assert.notEqual(rung(level).icon, 'question', level);
});
