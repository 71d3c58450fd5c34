// What a program does with the package, in a page: a plan, a PKI, a handshake that holds and one that does not.
import { diagnose, generate, handshake, plan } from 'kubepki/core';

export async function job(algorithm) {
  const design = {
    clusterName: 'consumer',
    controlPlaneEndpoint: 'api.consumer.example:6443',
    keys: { ca: algorithm, leaf: algorithm },
    nodes: [
      { name: 'cp-1', addresses: ['10.0.0.11'], roles: ['control-plane'] },
      { name: 'cp-2', addresses: ['10.0.0.12'], roles: ['control-plane'] },
      { name: 'w-1', addresses: ['10.0.0.21'], roles: ['worker'] },
    ],
  };
  const planned = await plan(design);
  const progress = [];
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  const generated = await generate(design, { onProgress: (one) => progress.push(one) });
  clearInterval(ticking);
  const connection = 'kube-apiserver->etcd';
  const sound = await handshake(design, { connection });
  const broken = await handshake(design, { connection, faults: ['expired:etcd-server'] });
  const findings = await diagnose('kind: ClusterDesign\n');
  return { planned, progress, turns, generated, sound, broken, findings };
}
