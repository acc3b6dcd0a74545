import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../src/backoff';

test('a server that ends again and again is started ever later, and then not at all', () => {
  const backoff = new Backoff();
  assert.deepEqual(Array.from({ length: 7 }, () => backoff.next(100)), [1, 2, 4, 8, 16, undefined, undefined]);
});

test('one that ran for minutes, or that the user starts, is counted anew', () => {
  const backoff = new Backoff();
  for (let i = 0; i < 4; i++) backoff.next(0);
  assert.equal(backoff.next(180_000), 1);
  assert.equal(backoff.next(0), 2);
  backoff.reset();
  assert.equal(backoff.next(0), 1);
});
