// Looks at what a contestant made: a figure counts only for certificates that are right.
import { X509Certificate, createPrivateKey, createPublicKey } from "node:crypto";
import { USAGE_OID } from "./rows.mjs";

/**
 * Throws unless the PEM texts are these rows' certificates, signed by their issuers, with a key for each and as many
 * keys besides as asked for.
 */
export function judge(rows, bareKeys, certificates, keys) {
  const found = certificates.map((pem) => new X509Certificate(pem));
  expect(found.length === rows.length, `${rows.length} certificates`, found.length);
  const ofRow = new Map(rows.map((row) => [row.id, take(found, row)]));
  const spki = (key) => key.export({ type: "spki", format: "der" }).toString("base64");
  const held = new Set(keys.map((pem) => spki(createPublicKey(createPrivateKey(pem)))));
  expect(held.size === rows.length + bareKeys.length, `${rows.length + bareKeys.length} different keys`, held.size);
  for (const row of rows) {
    const certificate = ofRow.get(row.id);
    const issuer = ofRow.get(row.issuer ?? row.id);
    expect(held.has(spki(certificate.publicKey)), `${row.id}: its key`, "none");
    expect(certificate.verify(issuer.publicKey), `${row.id}: signed by ${row.issuer ?? "itself"}`, "a wrong signature");
    expect(certificate.checkIssued(issuer), `${row.id}: issued by ${row.issuer ?? "itself"}`, certificate.issuer);
    expect(Date.parse(certificate.validFrom) < Date.now(), `${row.id}: valid by now`, certificate.validFrom);
  }
}

/** Takes the certificate of a row out of those that are left. */
function take(found, row) {
  const at = found.findIndex((certificate) => isOf(certificate, row));
  expect(at >= 0, `a certificate as row ${row.id} says`, "none");
  return found.splice(at, 1)[0];
}

function isOf(certificate, row) {
  const subject = [...(row.group ? [`O=${row.group}`] : []), `CN=${row.name}`].join("\n");
  const ips = (row.ips ?? []).map((ip) => `IP Address:${ip === "::1" ? "0:0:0:0:0:0:0:1" : ip}`);
  const names = [...(row.dns ?? []).map((name) => `DNS:${name}`), ...ips].sort().join(", ");
  return (
    certificate.subject === subject &&
    certificate.ca === !row.issuer &&
    (certificate.subjectAltName ?? "").split(", ").sort().join(", ") === names &&
    (certificate.keyUsage ?? []).join() === (row.usages ?? []).map((usage) => USAGE_OID[usage]).join()
  );
}

function expect(holds, expected, instead) {
  if (!holds) throw new Error(`expected ${expected}, got ${instead}`);
}
