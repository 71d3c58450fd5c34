// npm pkijs.
import * as asn1js from "asn1js";
import * as pkijs from "pkijs";
import * as rows from "../rows.mjs";
import { contend, generate, keyPem, pem, serial, validity } from "./browser.mjs";

contend({ generate, issue, keyPem, certificatePem: (certificate) => pem("CERTIFICATE", certificate.toSchema().toBER()) });

async function issue(row, pair, issuer) {
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1js.Integer({ valueHex: serial().buffer });
  fill(certificate.subject, row);
  fill(certificate.issuer, issuer?.row ?? row);
  const { notBefore, notAfter } = validity(row, rows);
  certificate.notBefore.value = notBefore;
  certificate.notAfter.value = notAfter;
  await certificate.subjectPublicKeyInfo.importKey(pair.publicKey);
  certificate.extensions = issuer ? leafExtensions(row, issuer) : await caExtensions(certificate);
  if (row.dns || row.ips) certificate.extensions.push(extension("2.5.29.17", false, names(row)));
  await certificate.sign((issuer?.pair ?? pair).privateKey, "SHA-256");
  return certificate;
}

/** pkijs would write all attributes into one relative name: where there are two, the names are handed in as bytes. */
function fill(name, row) {
  const attribute = (type, value) =>
    new pkijs.AttributeTypeAndValue({ type, value: new asn1js.PrintableString({ value }) });
  name.typesAndValues = [...(row.group ? [attribute("2.5.4.10", row.group)] : []), attribute("2.5.4.3", row.name)];
  if (!row.group) return;
  const relative = name.typesAndValues.map((one) => new asn1js.Set({ value: [one.toSchema()] }));
  name.valueBeforeDecode = new asn1js.Sequence({ value: relative }).toBER();
}

async function caExtensions(certificate) {
  const keyBits = certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
  const id = (await crypto.subtle.digest("SHA-256", keyBits)).slice(0, 20);
  certificate.keyId = id;
  return [
    keyUsage(["digitalSignature", "keyEncipherment", "keyCertSign"]),
    extension("2.5.29.19", true, new pkijs.BasicConstraints({ cA: true }).toSchema()),
    extension("2.5.29.14", false, new asn1js.OctetString({ valueHex: id })),
  ];
}

function leafExtensions(row, issuer) {
  const keyPurposes = row.usages.map((usage) => rows.USAGE_OID[usage]);
  const keyIdentifier = new asn1js.OctetString({ valueHex: issuer.certificate.keyId });
  return [
    keyUsage(["digitalSignature", "keyEncipherment"]),
    extension("2.5.29.37", false, new pkijs.ExtKeyUsage({ keyPurposes }).toSchema()),
    extension("2.5.29.19", true, new pkijs.BasicConstraints({ cA: false }).toSchema()),
    extension("2.5.29.35", false, new pkijs.AuthorityKeyIdentifier({ keyIdentifier }).toSchema()),
  ];
}

function keyUsage(usages) {
  const bits = usages.map((usage) => rows.KEY_USAGE[usage]);
  const byte = bits.reduce((all, bit) => all | (0x80 >> bit), 0);
  const valueHex = new Uint8Array([byte]).buffer;
  return extension("2.5.29.15", true, new asn1js.BitString({ valueHex, unusedBits: 7 - Math.max(...bits) }));
}

function names(row) {
  const dns = (row.dns ?? []).map((value) => new pkijs.GeneralName({ type: 2, value }));
  const ips = (row.ips ?? []).map((ip) => {
    return new pkijs.GeneralName({ type: 7, value: new asn1js.OctetString({ valueHex: address(ip) }) });
  });
  return new pkijs.GeneralNames({ names: [...dns, ...ips] }).toSchema();
}

/** The bytes of an address; of IPv6 only `::1` occurs. */
function address(ip) {
  return ip === "::1" ? new Uint8Array([...Array(15).fill(0), 1]).buffer : Uint8Array.from(ip.split("."), Number).buffer;
}

function extension(extnID, critical, schema) {
  return new pkijs.Extension({ extnID, critical, extnValue: schema.toBER() });
}
