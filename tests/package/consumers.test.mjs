// Those who use the package: a TypeScript project, and pages built by Vite and by esbuild.
import assert from 'node:assert/strict';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { build as esbuild } from 'esbuild';
import { build as vite } from 'vite';
import { bench, output, tool } from './support/bench.mjs';
import { jobIsGood, zipIsGood } from './support/judge.mjs';
import { browser, left, serve } from './support/pages.mjs';

let scratch;
let chromium;
before(async () => {
  [scratch, chromium] = await Promise.all([bench(), browser()]);
});
after(async () => {
  await chromium.close();
  await rm(scratch, { recursive: true });
});

for (const resolution of ['bundler', 'nodenext']) {
  test(`a strict TypeScript project compiles, resolving as ${resolution}`, async () => {
    const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
    await output(tool('tsc'), ['-p', join(scratch, 'types'), '--module', module, '--moduleResolution', resolution]);
  });
}

/** Opens a built page, and judges what its job gave. */
async function jobInPage(folder, algorithm, after, where = '') {
  const address = await serve(folder, after);
  const { value, complaints, asked } = await left(chromium, `${address}?algorithm=${algorithm}${where}`, 'outcome');
  assert.deepEqual(complaints, []);
  jobIsGood(value);
  assert.ok(asked.every((url) => url.startsWith(address)), `no request beside its own files: ${asked}`);
  assert.equal(asked.filter((url) => url.includes('.wasm')).length, 1, 'the WebAssembly is fetched once');
  const { text } = await zipIsGood(Buffer.from(value.zip, 'base64'), scratch, 'consumer');
  const facts = value.certificates.find((one) => one.key === 'apiserver@cp-1');
  assert.equal(facts.pem, await text('apiserver.crt'), 'the facts are of what is in the zip');
}

test('a page built by Vite generates with WebCrypto’s RSA, and its worker with ECDSA', async (t) => {
  const root = join(scratch, 'vite');
  await vite({ root, base: './', logLevel: 'error', configFile: false, build: { target: 'es2022', outDir: 'dist' }, worker: { format: 'es' } });
  const built = await readdir(join(root, 'dist/assets'));
  assert.equal(built.filter((name) => name.endsWith('.wasm')).length, 1, `${built}`);
  await jobInPage(join(root, 'dist'), 'RSA-2048', (work) => t.after(work));
  await jobInPage(join(root, 'dist'), 'ECDSA-P384', (work) => t.after(work), '&worker');
});

test('a page built by esbuild generates with ECDSA', async (t) => {
  const root = join(scratch, 'esbuild');
  const outdir = join(root, 'dist');
  const { warnings } = await esbuild({
    entryPoints: [join(root, 'main.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.wasm': 'file' },
    outdir,
    logLevel: 'silent',
  });
  assert.deepEqual(warnings, []);
  await cp(join(root, 'index.html'), join(outdir, 'index.html'));
  await jobInPage(outdir, 'ECDSA-P256', (work) => t.after(work));
});
