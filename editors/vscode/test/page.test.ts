import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toMarkdown } from '../src/page';

test('the first line becomes the title, the rest stays', () => {
  assert.equal(
    toMarkdown('unowned-control: an applicable control has no owner\ncontrols · error · 5.3\n\nWhat it does\n------------\n'),
    '# unowned-control\n\n**an applicable control has no owner**\n\ncontrols · error · 5.3\n\nWhat it does\n------------\n');
});
