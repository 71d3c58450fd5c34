// What a TypeScript project writes: every function, with what it gives used by its type.
import {
  type Design,
  type Finding,
  type Generated,
  type GenerateOptions,
  type Handshake,
  KubePkiError,
  type Plan,
  diagnose,
  faults,
  generate,
  handshake,
  init,
  plan,
  presets,
  renderSvg,
} from 'kubepki/core';
import address from 'kubepki/core.wasm';
import url from 'kubepki/wasm-url';

const design: Design = {
  clusterName: 'typed',
  keys: { ca: 'ECDSA-P256' },
  nodes: [{ name: 'cp-1', addresses: ['10.0.0.1'], roles: ['control-plane', 'worker'] }],
};

export async function main(signal: AbortSignal): Promise<string[]> {
  await init({ wasm: url });
  await init({ wasm: new URL(address, url) });
  await init({ wasm: new Uint8Array(await (await fetch(url)).arrayBuffer()) });
  const planned: Plan = await plan(design, { now: new Date() });
  const issuers: string[] = planned.certificates.flatMap((one) => (one.issuer === null ? [] : [one.issuer]));
  const options: GenerateOptions = { include: { node: 'cp-1' } };
  const made: Generated = await generate(design, {
    ...options,
    signal,
    onProgress: ({ done, total, step }) => console.log(done / total, step === 'keys'),
  });
  const zip: Blob = new Blob([made.zip]);
  const modes: number[] = made.files.map((file) => file.mode & 0o777);
  const tried: Handshake = await handshake(design, { connection: 'kubectl->kube-apiserver', tls: '1.2' });
  for (const connection of planned.connections) await handshake(design, { connection, node: planned.nodes[0] ?? '' });
  const status: number | null = tried.server.httpStatus;
  const picture: string = await renderSvg(design, { view: 'connections' });
  const [preset] = await presets();
  const found: Finding[] = await diagnose(preset?.yaml ?? '');
  const ids = (await faults()).map((fault) => fault.id);
  // @ts-expect-error there is no such view
  await renderSvg(design, { view: 'nothing' });
  // @ts-expect-error an algorithm is one of those there are
  await plan({ ...design, keys: { ca: 'RSA-1' } });
  // @ts-expect-error a handshake is one of a connection
  await handshake(design, {});
  try {
    await plan('');
  } catch (error) {
    if (error instanceof KubePkiError && error.code === 'design') return error.findings.map((one) => one.message);
  }
  return [...issuers, ...ids, picture, String(zip.size + modes.length + (status ?? 0)), ...found.map((one) => one.help)];
}
