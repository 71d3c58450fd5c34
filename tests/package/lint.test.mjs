// The tarball as others read it: publint, are-the-types-wrong, and npm itself.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { folder, output, pack, tarball, tool } from './support/bench.mjs';

test('publint finds nothing to say', async () => {
  const tarballBytes = await readFile(tarball());
  const { messages, pkg } = await publint({ pack: { tarball: new Uint8Array(tarballBytes).buffer }, strict: true });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test('are-the-types-wrong finds nothing to say', async () => {
  // ES modules alone: Node 20 and TypeScript's node10 cannot require them, and are not promised.
  await output(tool('attw'), [tarball(), '--profile', 'esm-only', '--no-emoji', '--no-color']);
});

test('equal files make an equal tarball', async (t) => {
  const scratch = await mkdtemp(join(tmpdir(), 'kubepki-pack-'));
  t.after(() => rm(scratch, { recursive: true, force: true }));
  const again = await readFile(await pack(scratch));
  assert.ok(again.equals(await readFile(tarball())), 'packed again, it has other bytes');
});

test('every file that the package names is in it', async () => {
  const { exports } = JSON.parse(await readFile(join(folder(), 'package.json'), 'utf8'));
  const list = (await output('tar', ['-tzf', tarball()])).split('\n');
  const paths = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  for (const path of paths) assert.ok(list.includes(`package/${path.slice(2)}`), path);
  for (const path of ['README.md', 'LICENSE-MIT', 'LICENSE-APACHE']) assert.ok(list.includes(`package/${path}`), path);
});
