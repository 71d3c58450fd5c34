// The package in Node: on the main thread, in a worker, and on a server that only imports it.
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { Worker } from 'node:worker_threads';
import { bench, output } from './support/bench.mjs';
import { jobIsGood, zipIsGood } from './support/judge.mjs';

let scratch;
let core;
before(async () => {
  scratch = await bench();
  // As the scratch folder resolves it.
  const entry = join(scratch, 'entry.mjs');
  await writeFile(entry, "export * from 'kubepki/core';\nexport { job } from './job.js';\n");
  core = await import(entry);
});
after(() => rm(scratch, { recursive: true }));

const DESIGN = {
  clusterName: 'consumer',
  keys: { ca: 'ECDSA-P256', leaf: 'ECDSA-P256' },
  nodes: [{ name: 'cp-1', addresses: ['10.0.0.11'], roles: ['control-plane'] }],
};

test('importing it on a server needs neither WebAssembly nor a window, and keeps nothing running', async () => {
  const script = `
    for (const name of ['WebAssembly', 'window', 'document', 'fetch', 'crypto']) {
      Object.defineProperty(globalThis, name, { get() { throw new Error(name + ' was touched'); } });
    }
    const names = Object.keys(await import('kubepki/core'));
    console.log(names.join(' '));
    await import('kubepki/wasm-url');`;
  const names = await output(process.execPath, ['--input-type=module', '--eval', script], { cwd: scratch, timeout: 20_000 });
  for (const name of ['plan', 'diagnose', 'generate', 'handshake', 'renderSvg', 'init']) assert.match(names, new RegExp(name));
});

for (const algorithm of ['RSA-2048', 'ECDSA-P384']) {
  test(`it does the whole job on the main thread with ${algorithm}`, async () => {
    const { generated, ...rest } = await core.job(algorithm);
    jobIsGood({ ...rest, certificates: generated.certificates });
    const { pki } = await zipIsGood(generated.zip, scratch, 'consumer');
    const key = generated.files.find((file) => file.path === 'nodes/cp-1/etc/kubernetes/pki/ca.key');
    assert.equal(key.mode, 0o600);
    assert.deepEqual(Buffer.from(key.bytes), await readFile(join(pki, 'ca.key')));
  });
}

test('it does the whole job in a worker', async () => {
  const script = join(scratch, 'worker.mjs');
  await writeFile(script, `
    import { parentPort } from 'node:worker_threads';
    import { job } from './job.js';
    job('ECDSA-P256').then(({ generated, ...rest }) => {
      const { zip, certificates } = generated;
      parentPort.postMessage({ ...rest, certificates, zip }, [zip.buffer]);
    });`);
  const outcome = await new Promise((resolve, reject) => {
    new Worker(script).on('message', resolve).on('error', reject);
  });
  jobIsGood(outcome);
  await zipIsGood(outcome.zip, scratch, 'consumer');
});

test('without WebCrypto, Rust makes RSA keys and signs with them', async () => {
  const file = join(scratch, 'rust.zip');
  const design = { ...DESIGN, keys: { ca: 'RSA-2048', leaf: 'ECDSA-P256' } };
  const script = `
    import { writeFile } from 'node:fs/promises';
    import { generate } from 'kubepki/core';
    Object.defineProperty(crypto, 'subtle', { value: undefined });
    const { zip, certificates } = await generate(${JSON.stringify(design)});
    await writeFile(${JSON.stringify(file)}, zip);
    console.log(certificates.find(({ key }) => key === 'apiserver@cp-1').signatureAlgorithm);`;
  assert.equal(await output(process.execPath, ['--input-type=module', '--eval', script], { cwd: scratch }), 'SHA256-RSA\n');
  await zipIsGood(await readFile(file), scratch, 'consumer');
});

test('while many certificates are made, timers go on', async () => {
  const node = (index) => ({ name: `cp-${index}`, addresses: [`10.0.1.${index}`], roles: ['control-plane'] });
  const many = { ...DESIGN, start: 'manual', nodes: Array.from({ length: 20 }, (_, index) => node(index + 1)) };
  const progress = [];
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  const { certificates } = await core.generate(many, { onProgress: (one) => progress.push(one) });
  clearInterval(ticking);
  assert.ok(certificates.length > 150, `${certificates.length}`);
  assert.ok(turns > 4, `${turns} turns`);
  assert.ok(progress.length > 2 && progress.every((one, index) => index === 0 || one.done >= progress[index - 1].done));
});

test('an aborted run rejects with an AbortError, and the next one works', async () => {
  const before = AbortSignal.abort();
  await assert.rejects(core.generate(DESIGN, { signal: before }), { name: 'AbortError' });
  const many = { ...DESIGN, keys: { ca: 'RSA-2048', leaf: 'RSA-4096' } };
  const stop = new AbortController();
  const began = performance.now();
  const running = core.generate(many, { signal: stop.signal, onProgress: () => stop.abort() });
  await assert.rejects(running, { name: 'AbortError' });
  const reason = new Error('enough');
  const other = new AbortController();
  setTimeout(() => other.abort(reason), 5);
  await assert.rejects(core.generate(many, { signal: other.signal }), reason);
  assert.ok(performance.now() - began < 20_000, 'it did not go on to the end');
  assert.ok((await core.generate(DESIGN)).zip.length > 10_000);
});

test('an aborted run keeps nothing running', async () => {
  const script = `
    import { generate, presets } from 'kubepki/core';
    const [{ yaml }] = await presets();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 0);
    await generate(yaml, { signal: stop.signal }).catch((error) => console.log(error.name));`;
  const printed = await output(process.execPath, ['--input-type=module', '--eval', script], { cwd: scratch, timeout: 30_000 });
  assert.equal(printed, 'AbortError\n');
});

test('what a progress callback throws ends the run', async () => {
  const thrown = new Error('mine');
  const onProgress = () => {
    throw thrown;
  };
  await assert.rejects(core.generate(DESIGN, { onProgress }), thrown);
});

test('a wrong design gives all of its findings, each with its line and column', async () => {
  const text = [
    'apiVersion: kubepki.dev/v1alpha1',
    'kind: ClusterDesign',
    'clusterName: My Lab',
    'keys:',
    '  ca: RSA-1',
    'nodes:',
    '  - name: cp-1',
    '    addresses: [10.0.0.300]',
    '    roles: [boss]',
    '',
  ].join('\n');
  const places = (findings) => findings.filter((one) => one.severity === 'error').map((one) => [one.path, one.line, one.column]);
  const expected = [
    ['clusterName', 3, 14],
    ['keys.ca', 5, 7],
    ['nodes', 7, 3],
    ['nodes.0.addresses.0', 8, 17],
    ['nodes.0.roles.0', 9, 13],
  ];
  assert.deepEqual(places(await core.diagnose(text)), expected);
  for (const refused of [core.plan(text), core.generate(text), core.renderSvg(text, { view: 'files' })]) {
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof core.KubePkiError && error.code === 'design');
      assert.deepEqual(places(error.findings), expected);
      assert.ok(error.findings.every((one) => one.code && one.message));
      return true;
    });
  }
  const object = { ...DESIGN, clusterName: 'My Lab', ports: 1 };
  const found = (await core.diagnose(object)).filter((one) => one.severity === 'error');
  assert.deepEqual(found.map((one) => one.line), [null, null], 'an object has no lines');
});

test('arguments that are not right are refused in words', async () => {
  const refused = (promise, message) => assert.rejects(promise, { name: 'KubePkiError', code: 'argument', message });
  await refused(core.plan(7), /text of a design file, or an object/);
  await refused(core.plan(DESIGN, { now: 'noon' }), /now/);
  await refused(core.renderSvg(DESIGN, { view: 'nothing' }), /There is no view "nothing"; there are hierarchy/);
  await refused(core.handshake(DESIGN, {}), /connection/);
  await refused(core.handshake(DESIGN, { connection: 'kube-apiserver->etcd', node: 'cp-9' }), /there are cp-1/);
  await refused(core.handshake(DESIGN, { connection: 'kube-apiserver->etcd', faults: ['bad-luck'] }), /faults\(\) lists/);
  await refused(core.generate(DESIGN, { include: { node: 'cp-9' } }), /there are cp-1/);
});

test('what is asked for is what is included', async () => {
  const paths = async (include) => (await core.generate(DESIGN, { include })).files.map((file) => file.path);
  const isCaKey = (path) => /(^|\/)(ca|front-proxy-ca)\.key$/.test(path);
  assert.ok((await paths('all')).some(isCaKey));
  assert.ok(!(await paths('without-ca-keys')).some(isCaKey));
  const cas = await paths('ca-keys');
  assert.ok(cas.some(isCaKey) && cas.every((path) => /^(offline-ca\/|README|SHA256SUMS)/.test(path)), `${cas}`);
  const node = await paths({ node: 'cp-1' });
  assert.ok(node.some((path) => path.startsWith('nodes/cp-1/')));
});

test('the issue time is the one that was given', async () => {
  const now = new Date('2027-01-02T03:04:05Z');
  const { certificates, issuedAt } = await core.generate(DESIGN, { now });
  assert.equal(issuedAt, '2027-01-02T03:04:05Z');
  assert.ok(certificates.every((one) => one.notBefore === '2027-01-02T02:59:05Z'));
});

test('a picture is an SVG of the design’s own names', async () => {
  const picture = await core.renderSvg(DESIGN, { view: 'hierarchy' });
  assert.match(picture, /^<svg [\s\S]*apiserver[\s\S]*<\/svg>\s*$/);
});

test('the element gets its lines, and a design as links carry it', async () => {
  const [{ yaml }] = await core.presets();
  const { link, findings, kind } = await core.readDesign(yaml);
  assert.equal(kind, 'design file');
  assert.ok(findings.every((one) => one.severity !== 'error'));
  const selected = 'connection:kube-apiserver->etcd?fault=expired:etcd-server';
  const drawn = await core.draw({ link, view: 'connections', selected });
  assert.match(drawn.sheet, /expired/);
  assert.ok(drawn.view.length > 1_000 && drawn.guide === '');
  assert.equal((await core.readDesign('kind: nothing')).link, null);
});

test('init says where the WebAssembly is, and a failure to load it can be mended', async () => {
  const script = `
    import { readFile } from 'node:fs/promises';
    import { init, KubePkiError, presets } from 'kubepki/core';
    const failed = await init({ wasm: new URL('file:///nowhere/at/all.wasm') }).catch((error) => error);
    const url = new URL(import.meta.resolve('kubepki/core.wasm'));
    await init({ wasm: await WebAssembly.compile(await readFile(url)) });
    console.log(failed instanceof KubePkiError, failed.code, (await presets()).length);`;
  const printed = await output(process.execPath, ['--input-type=module', '--eval', script], { cwd: scratch });
  assert.equal(printed, 'true wasm 4\n');
});
