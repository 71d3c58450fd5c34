// OpenSSL's word on a zip, and ours on what else a job gave.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { given, output } from './bench.mjs';

/** Which CA signed what on a control-plane node, for which use. */
const CHAINS = [
  ['ca.crt', 'apiserver.crt', 'sslserver'],
  ['ca.crt', 'apiserver-kubelet-client.crt', 'sslclient'],
  ['etcd/ca.crt', 'etcd/server.crt', 'sslserver'],
  ['etcd/ca.crt', 'etcd/peer.crt', 'sslclient'],
  ['etcd/ca.crt', 'apiserver-etcd-client.crt', 'sslclient'],
  ['front-proxy-ca.crt', 'front-proxy-client.crt', 'sslclient'],
];

/** Unpacks a zip and has OpenSSL verify every chain of its first control-plane node. */
export async function zipIsGood(zip, scratch, cluster) {
  const folder = await mkdtemp(join(scratch, 'zip-'));
  await writeFile(join(folder, 'pki.zip'), zip);
  await output('unzip', ['-q', 'pki.zip'], { cwd: folder });
  const top = join(folder, `${cluster}-pki`);
  const pki = join(top, 'nodes/cp-1/etc/kubernetes/pki');
  const openssl = given('KUBEPKI_OPENSSL');
  for (const [ca, leaf, purpose] of CHAINS) {
    const args = ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', join(pki, ca), join(pki, leaf)];
    assert.match(await output(openssl, args), /: OK\n$/, leaf);
  }
  const ofKey = await output(openssl, ['pkey', '-in', join(pki, 'apiserver.key'), '-pubout']);
  const ofCertificate = await output(openssl, ['x509', '-in', join(pki, 'apiserver.crt'), '-noout', '-pubkey']);
  assert.equal(ofKey, ofCertificate, 'the key is the certificate’s');
  assert.equal((await stat(join(pki, 'ca.key'))).mode & 0o777, 0o600);
  await output('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: top });
  return { top, pki, text: (path) => readFile(join(pki, path), 'utf8') };
}

/** What a job gave is whole: see `consumers/job.js`. */
export function jobIsGood(outcome) {
  assert.equal(outcome.error, undefined);
  const { planned, progress, turns, certificates, sound, broken, findings } = outcome;
  const keys = planned.certificates.filter((one) => one.subject !== null).map((one) => one.key);
  assert.deepEqual(certificates.map((one) => one.key), keys, 'facts of every certificate that was planned');
  assert.ok(progress.length > 0 && progress.at(-1).done === progress.at(-1).total, 'progress came to its end');
  assert.ok(turns > 0, 'timers went on');
  assert.equal(sound.holds, true);
  assert.deepEqual([sound.client.verdict, sound.server.verdict], ['ok', 'ok']);
  assert.equal(broken.holds, false);
  assert.match(broken.client.message, /certificate has expired or is not yet valid/);
  assert.ok(broken.steps.some((step) => step.outcome === 'fails here'));
  assert.ok(findings.some((one) => one.severity === 'error' && one.line === 1));
}
