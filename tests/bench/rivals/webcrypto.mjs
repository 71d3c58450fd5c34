// A page on bare WebCrypto: no library, certificates put together byte by byte.
import * as rows from "../rows.mjs";
import { algorithm, contend, generate, keyPem, pem, serial, validity } from "./browser.mjs";

contend({ generate, issue, keyPem, certificatePem: ({ der }) => pem("CERTIFICATE", der) });

/** A tag, a length and contents: bytes or lists of bytes. */
function tlv(tag, ...contents) {
  const size = contents.reduce((sum, one) => sum + one.length, 0);
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  const out = new Uint8Array(1 + length.length + size);
  out.set([tag, ...length]);
  let at = 1 + length.length;
  for (const one of contents) {
    out.set(one, at);
    at += one.length;
  }
  return out;
}

const sequence = (...contents) => tlv(0x30, ...contents);
const octets = (bytes) => tlv(0x04, bytes);
const text = (string) => new TextEncoder().encode(string);

function oid(dotted) {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (let arc of rest) {
    const seven = [arc & 0x7f];
    while ((arc = Math.floor(arc / 128)) > 0) seven.unshift((arc & 0x7f) | 0x80);
    bytes.push(...seven);
  }
  return tlv(0x06, bytes);
}

const OID = Object.fromEntries(
  Object.entries({
    organization: "2.5.4.10",
    commonName: "2.5.4.3",
    keyUsage: "2.5.29.15",
    extendedKeyUsage: "2.5.29.37",
    basicConstraints: "2.5.29.19",
    subjectKeyIdentifier: "2.5.29.14",
    authorityKeyIdentifier: "2.5.29.35",
    subjectAltName: "2.5.29.17",
    ...rows.USAGE_OID,
  }).map(([name, dotted]) => [name, oid(dotted)]),
);

const SIGNATURE = {
  rsa: sequence(oid("1.2.840.113549.1.1.11"), tlv(0x05)),
  ec: sequence(oid("1.2.840.10045.4.3.2")),
};

async function issue(row, pair, issuer) {
  const alg = pair.privateKey.algorithm.namedCurve ? "ec" : "rsa";
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const own = issuer ? undefined : await keyId(spki, alg);
  const { notBefore, notAfter } = validity(row, rows);
  const toBeSigned = sequence(
    tlv(0xa0, tlv(0x02, [2])),
    tlv(0x02, serial()),
    SIGNATURE[alg],
    name(issuer?.row ?? row),
    sequence(time(notBefore), time(notAfter)),
    name(row),
    spki,
    tlv(0xa3, sequence(...extensions(row, own, issuer?.certificate.keyId))),
  );
  const signing = { ...algorithm(alg), hash: "SHA-256" };
  const raw = new Uint8Array(await crypto.subtle.sign(signing, (issuer?.pair ?? pair).privateKey, toBeSigned));
  const signature = alg === "ec" ? sequence(integer(raw.subarray(0, 32)), integer(raw.subarray(32))) : raw;
  return { der: sequence(toBeSigned, SIGNATURE[alg], tlv(0x03, [0], signature)), keyId: own };
}

/** The key's identifier by RFC 7093, method 1; the public key is the last thing in a SubjectPublicKeyInfo. */
async function keyId(spki, alg) {
  const key = spki.subarray(spki.length - (alg === "ec" ? 65 : 270));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", key)).subarray(0, 20);
}

function extensions(row, own, issuers) {
  const usages = ["digitalSignature", "keyEncipherment", ...(row.issuer ? [] : ["keyCertSign"])];
  const bits = usages.map((usage) => rows.KEY_USAGE[usage]);
  const flags = bits.reduce((byte, bit) => byte | (0x80 >> bit), 0);
  const keyUsage = critical(OID.keyUsage, tlv(0x03, [7 - Math.max(...bits), flags]));
  const all = row.issuer
    ? [
        keyUsage,
        plain(OID.extendedKeyUsage, sequence(...row.usages.map((usage) => OID[usage]))),
        critical(OID.basicConstraints, sequence()),
        plain(OID.authorityKeyIdentifier, sequence(tlv(0x80, issuers))),
      ]
    : [
        keyUsage,
        critical(OID.basicConstraints, sequence(tlv(0x01, [0xff]))),
        plain(OID.subjectKeyIdentifier, octets(own)),
      ];
  if (row.dns || row.ips) {
    const dns = (row.dns ?? []).map((one) => tlv(0x82, text(one)));
    all.push(plain(OID.subjectAltName, sequence(...dns, ...(row.ips ?? []).map((ip) => tlv(0x87, address(ip))))));
  }
  return all;
}

const plain = (id, value) => sequence(id, octets(value));
const critical = (id, value) => sequence(id, tlv(0x01, [0xff]), octets(value));

function name(row) {
  const attribute = (type, value) => tlv(0x31, sequence(type, tlv(0x13, text(value))));
  return sequence(...(row.group ? [attribute(OID.organization, row.group)] : []), attribute(OID.commonName, row.name));
}

/** UTCTime, which serves until 2049. */
function time(date) {
  return tlv(0x17, text(`${date.toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));
}

/** A positive integer without leading zeros. */
function integer(bytes) {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from++;
  const rest = bytes.subarray(from);
  return rest[0] & 0x80 ? tlv(0x02, [0], rest) : tlv(0x02, rest);
}

/** The bytes of an address; of IPv6 only `::1` occurs. */
function address(ip) {
  return ip === "::1" ? [...Array(15).fill(0), 1] : ip.split(".").map(Number);
}
