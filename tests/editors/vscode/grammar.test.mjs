// The grammar, read by the editor's own engine over the editor's own YAML grammar.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const editor = join(dirname(process.env.CODE_SERVER), '../../lib/vscode');
const require = createRequire(join(editor, 'package.json'));
const { Registry, parseRawGrammar, INITIAL } = require('vscode-textmate');
const { loadWASM, OnigScanner, OnigString } = require('vscode-oniguruma');

const yaml = join(editor, 'extensions/yaml/syntaxes');
const files = [...readdirSync(yaml).map((name) => join(yaml, name)), 'editors/vscode/syntaxes/deed.tmLanguage.json'];
const grammars = new Map(files.map((file) => {
  const grammar = parseRawGrammar(readFileSync(file, 'utf8'), file);
  return [grammar.scopeName, grammar];
}));

async function grammar() {
  await loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner: (sources) => new OnigScanner(sources), createOnigString: (text) => new OnigString(text) }),
    loadGrammar: async (scope) => grammars.get(scope) ?? null,
  });
  return registry.loadGrammar('source.deed');
}

/** In: a manifest. Out: for each of its lines, the pieces with a scope of ours or an error, as `text scope`. */
function pieces(grammar, text) {
  let state = INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.flatMap(({ startIndex, endIndex, scopes }) => {
      const scope = scopes.at(-1);
      return /\.deed$|^invalid/.test(scope) && scope !== 'source.deed' ? [`${line.slice(startIndex, endIndex)} ${scope}`] : [];
    });
  });
}

test('sections, decisions, controls, dates, periods, addresses and suppressions are told apart', async () => {
  assert.deepEqual(pieces(await grammar(), [
    'controls:',
    '  A.5.15:  # deed: ignore[unowned-control] soon',
    '    because: [risks.R-12, "PCI DSS 7", A.5.1]',
    '    review: 6mo',
    '    accepted: { by: chen, date: 2026-02-11 }',
    '    risks: approved by nobody',
    '    note: the 6month plan of 2026-02-11x',
  ].join('\n')), [
    ['controls keyword.other.section.deed'],
    ['A.5.15 constant.other.control.deed', 'deed: keyword.other.suppression.deed', 'ignore keyword.control.suppression.deed', 'unowned-control constant.other.rule.deed'],
    ['risks.R-12 variable.other.subject.deed', 'A.5.1 constant.other.control.deed'],
    ['6mo constant.numeric.period.deed'],
    ['accepted keyword.control.decision.deed', '2026-02-11 constant.numeric.date.deed'],
    [],
    [],
  ]);
});

test('nothing of a whole organisation is taken for an error', async () => {
  const read = await grammar();
  for (const name of readdirSync('tests/orgs/federated').filter((name) => name.endsWith('.yaml'))) {
    const wrong = pieces(read, readFileSync(join('tests/orgs/federated', name), 'utf8')).flat().filter((piece) => piece.includes(' invalid'));
    assert.deepEqual(wrong, [], name);
  }
});
