// npm node-forge: RSA alone, as it knows no ECDSA. It takes its keys from WebCrypto and signs in JavaScript.
import forge from "node-forge";
import * as rows from "../rows.mjs";
import { contend, serial, validity } from "./browser.mjs";

contend({
  generate: () => new Promise((done, fail) => {
    forge.pki.rsa.generateKeyPair({ bits: 2048 }, (error, pair) => (error ? fail(error) : done(pair)));
  }),
  issue,
  certificatePem: forge.pki.certificateToPem,
  keyPem: (pair) => forge.pki.privateKeyToPem(pair.privateKey),
});

function issue(row, pair, issuer) {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = pair.publicKey;
  certificate.serialNumber = forge.util.bytesToHex(forge.util.createBuffer(serial()));
  const { notBefore, notAfter } = validity(row, rows);
  certificate.validity.notBefore = notBefore;
  certificate.validity.notAfter = notAfter;
  certificate.setSubject(subject(row));
  certificate.setIssuer(subject(issuer?.row ?? row));
  const usual = { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true };
  const extensions = issuer
    ? [
        usual,
        { name: "extKeyUsage", ...Object.fromEntries(row.usages.map((usage) => [usage, true])) },
        { name: "basicConstraints", critical: true, cA: false },
        { name: "authorityKeyIdentifier", keyIdentifier: issuer.certificate.keyId },
      ]
    : [
        { ...usual, keyCertSign: true },
        { name: "basicConstraints", critical: true, cA: true },
        { name: "subjectKeyIdentifier" },
      ];
  if (row.dns || row.ips) {
    const dns = (row.dns ?? []).map((value) => ({ type: 2, value }));
    const ips = (row.ips ?? []).map((ip) => ({ type: 7, ip }));
    extensions.push({ name: "subjectAltName", altNames: [...dns, ...ips] });
  }
  certificate.setExtensions(extensions);
  if (!issuer) certificate.keyId = certificate.generateSubjectKeyIdentifier().getBytes();
  certificate.sign((issuer?.pair ?? pair).privateKey, forge.md.sha256.create());
  return certificate;
}

function subject(row) {
  const group = row.group ? [{ name: "organizationName", value: row.group }] : [];
  return [...group, { name: "commonName", value: row.name }];
}
