// The README's examples, run as they stand there.
import assert from 'node:assert/strict';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { build as esbuild } from 'esbuild';
import { bench, folder, output } from './support/bench.mjs';
import { browser, left, serve } from './support/pages.mjs';

/** The fenced blocks of a text: what stands behind the fence, and the block. */
const blocks = (text) => [...text.matchAll(/^```(\S.*)\n([\s\S]*?)^```$/gm)].map(([, info, code]) => ({ info, code }));

let scratch;
const examples = blocks(await readFile(join(folder(), 'README.md'), 'utf8'));
before(async () => {
  scratch = await bench();
});
after(() => rm(scratch, { recursive: true }));

const inNode = examples.filter(({ info }) => info === 'js');
assert.ok(inNode.length >= 4, 'the README has examples for Node');
for (const [index, { code }] of inNode.entries()) {
  test(`example ${index + 1} runs in Node: ${code.split('\n')[0]}`, async () => {
    const file = join(scratch, `example-${index}.mjs`);
    await writeFile(file, code);
    const printed = await output(process.execPath, [file], { cwd: scratch, timeout: 60_000 });
    assert.ok(printed.length > 0, 'it prints what it found');
  });
}

test('the first example writes the zip that it promises', async () => {
  const zip = await readFile(join(scratch, 'lab-pki.zip'));
  assert.equal(zip.subarray(0, 2).toString(), 'PK');
});

test('the page without a bundler shows its picture', async (t) => {
  const site = join(scratch, 'site');
  await mkdir(site);
  for (const { info, code } of examples) {
    if (info === 'html') await writeFile(join(site, 'index.html'), code.replace('<meta', '<link rel="icon" href="data:,"><meta'));
    const [, name] = /^js (\S+\.js)$/.exec(info) ?? [];
    if (name) await writeFile(join(site, name), `${code}\nglobalThis.width = await document.querySelector('img').decode().then(() => document.querySelector('img').naturalWidth);\n`);
  }
  await symlink(join(scratch, 'node_modules/kubepki'), join(site, 'kubepki'));
  const chromium = await browser();
  t.after(() => chromium.close());
  const address = await serve(site, (work) => t.after(work));
  const { value, complaints } = await left(chromium, address, 'width');
  assert.deepEqual(complaints, []);
  assert.ok(value > 500, `${value}`);
});

test('the esbuild example builds', async () => {
  const { code } = examples.find(({ info }) => info === 'js esbuild');
  const file = join(scratch, 'esbuild-example.js');
  await writeFile(file, code);
  const options = { entryPoints: [file], bundle: true, format: 'esm', loader: { '.wasm': 'file' }, outdir: join(scratch, 'built') };
  const { warnings } = await esbuild({ ...options, logLevel: 'silent' });
  assert.deepEqual(warnings, []);
});
