// npm @peculiar/x509.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import * as rows from "../rows.mjs";
import { algorithm, contend, generate, keyPem, serial, validity } from "./browser.mjs";

contend({ generate, issue, keyPem, certificatePem: (certificate) => `${certificate.toString("pem")}\n` });

async function issue(row, pair, issuer) {
  const signer = issuer?.pair ?? pair;
  const usual = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment;
  const extensions = issuer
    ? [
        new x509.KeyUsagesExtension(usual, true),
        new x509.ExtendedKeyUsageExtension(row.usages.map((usage) => rows.USAGE_OID[usage])),
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.AuthorityKeyIdentifierExtension(issuer.certificate.keyId),
      ]
    : [
        new x509.KeyUsagesExtension(usual | x509.KeyUsageFlags.keyCertSign, true),
        new x509.BasicConstraintsExtension(true, undefined, true),
        await x509.SubjectKeyIdentifierExtension.create(pair.publicKey),
      ];
  if (row.dns || row.ips) {
    const dns = (row.dns ?? []).map((value) => ({ type: "dns", value }));
    const ips = (row.ips ?? []).map((value) => ({ type: "ip", value }));
    extensions.push(new x509.SubjectAlternativeNameExtension([...dns, ...ips]));
  }
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: Array.from(serial(), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    subject: subject(row),
    issuer: subject(issuer?.row ?? row),
    ...validity(row, rows),
    publicKey: pair.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: { ...algorithm(signer.privateKey.algorithm.namedCurve ? "ec" : "rsa"), hash: "SHA-256" },
    extensions,
  });
  if (!issuer) certificate.keyId = extensions[2].keyId;
  return certificate;
}

function subject(row) {
  return [...(row.group ? [{ O: [row.group] }] : []), { CN: [row.name] }];
}
