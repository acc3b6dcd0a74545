import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isManifest } from '../src/manifest';

test('the name decides what is a manifest', () => {
  for (const path of ['/a/deed.yaml', 'deed.yml', '/a/deed.json', '/a/b/risks.deed.yaml', 'c:\\a\\people.deed.json', '/x.y.deed.yml']) {
    assert.ok(isManifest(path), path);
  }
  for (const path of ['/a/indeed.yaml', '/a/deed.yaml.bak', '/deed.yaml/x.txt', '/a/deed.toml', '/a/.deed/config.yaml', '/a/.deed.yaml~', '/a/deeds.yaml']) {
    assert.ok(!isManifest(path), path);
  }
});
