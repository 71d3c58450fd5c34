// PEM, base64 and DER that were made to keep a reader busy, as tests/support/pathological.rs writes them: tests/hostile.rs
// compares the two, octet by octet.
//
//   import { certificates, pem, texts } from "./support/pathological.mjs";
//   texts(1 << 20)         [{ name, text }]          texts that look like PEM, of about a mebibyte each
//   certificates(1 << 20)  [{ name, der, isRead }]   certificates with much of one thing; pem("CERTIFICATE", der) for a text

/** Texts that look like PEM, of about `size` octets each. */
export function texts(size) {
  const fill = (unit, most = size) => unit.repeat(Math.ceil(most / Buffer.byteLength(unit)));
  const half = (unit) => fill(unit, Math.floor(size / 2));
  const numbered = (begin, between, end) => {
    const out = [];
    for (let number = 0, length = 0; length < size; number++) {
      out.push(`${begin}${number}${between}${number}${end}`);
      length += out.at(-1).length;
    }
    return out.join("");
  };
  const line = `${"QUFB".repeat(16)}\n`;
  const label = "A".repeat(Math.floor(size / 2));
  const rows = [
    ["BEGIN lines alone", fill("-----BEGIN CERTIFICATE-----\n")],
    ["a BEGIN line, then another label's", `-----BEGIN CERTIFICATE-----\n${fill("-----BEGIN A-----\n")}`],
    ["BEGIN lines, each of another label", numbered("-----BEGIN A", "-----\nQUFB", "=\n")],
    ["blocks that end with another label", numbered("-----BEGIN A", "-----\nQUFB\n-----END B", "-----\n")],
    ["blocks that end with their own label", numbered("-----BEGIN A", "-----\nQUFB\n-----END A", "-----\n")],
    ["END lines alone", fill("-----END CERTIFICATE-----\n")],
    ["BEGIN and END in one line", fill("-----BEGIN A----------END A-----\n")],
    ["BEGIN lines without a line break", fill("-----BEGIN ")],
    ["dashes", fill("-")],
    ["dashes in lines", fill("-----\n")],
    ["line breaks", fill("\n")],
    ["headers alone", `-----BEGIN CERTIFICATE-----\n${fill("Key: value\n")}`],
    ["headers that run over the END line", `-----BEGIN A-----\n${fill("Key: value\n-----END A-----:\n")}`],
    ["blocks with headers", fill("-----BEGIN CERTIFICATE-----\nKey: value\n\nQUFB\n-----END CERTIFICATE-----\n")],
    ["blocks with headers and no END", fill("-----BEGIN CERTIFICATE-----\nKey: value\n\nQUFB\n")],
    ["blocks in each other", fill("-----BEGIN A-----\n-----BEGIN B-----\nQUFB\n-----END B-----\n-----END A-----\n")],
    ["BEGIN lines, then as many END lines", half("-----BEGIN CERTIFICATE-----\n") + half("-----END CERTIFICATE-----\n")],
    ["empty blocks", fill("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")],
    ["blocks in CRLF", fill("-----BEGIN CERTIFICATE-----\r\nQUFB\r\n-----END CERTIFICATE-----\r\n")],
    ["carriage returns alone", fill("-----BEGIN CERTIFICATE-----\rQUFB\r-----END CERTIFICATE-----\r")],
    ["blanks behind BEGIN", fill("-----BEGIN CERTIFICATE-----  \t\nQUFB\n-----END CERTIFICATE-----  \t\n")],
    ["one line of base64", certificateBlock(fill("QUFB"))],
    ["lines of base64", certificateBlock(fill(line))],
    ["lines of base64 without END", `-----BEGIN CERTIFICATE-----\n${fill(line)}`],
    ["base64 of one character a line", certificateBlock(fill("Q\nU\nF\nB\n"))],
    ["padding alone", certificateBlock(fill("="))],
    ["blanks alone", certificateBlock(fill(" "))],
    ["what is no base64", certificateBlock(fill("!"))],
    [
      "bits behind the last octet",
      fill("-----BEGIN A-----\nQUE/QUF=\n-----END A-----\n-----BEGIN B-----\nQf==\n-----END B-----\n"),
    ],
    ["a label without end", `-----BEGIN ${fill("A")}`],
    ["a label as long as the text", `-----BEGIN ${label}-----\nQUFB\n-----END ${label}-----\n`],
    ["letters of several octets", fill("-----BEGIN \u00e9\u20ac-----\nQUFB\n-----END \u00e9\u20ac-----\n")],
    ["a kubeconfig with one field over and over", fill("    client-certificate-data: QUFB!\n")],
    ["a kubeconfig of base64 inside base64", `    client-certificate-data: ${fill("QUFB")}\n`],
    ["certificates that are none", fill("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")],
  ];
  return rows.map(([name, text]) => ({ name, text }));
}

function certificateBlock(body) {
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

/** DER as one PEM block, 64 columns. */
export function pem(label, der) {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [""];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** The length of an element: one octet, or as many as it takes. */
function lengthOf(length) {
  if (length < 0x80) return [length];
  const octets = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

function element(tag, ...content) {
  const all = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(all.length)]), all]);
}

const EC = Buffer.from("2a8648ce3d0201", "hex");
const P256 = Buffer.from("2a8648ce3d030107", "hex");
const ECDSA_SHA256 = Buffer.from("2a8648ce3d040302", "hex");
/** The base point of P-256: the key 1. */
const POINT = Buffer.from(
  "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
  "hex",
);
const [SUBJECT_ALT_NAME, NAME_CONSTRAINTS, POLICIES, USAGES] = [17, 30, 32, 37].map((one) => Buffer.from([0x55, 0x1d, one]));
const [COMMON_NAME, ORGANIZATION] = [3, 10].map((one) => Buffer.from([0x55, 4, one]));

const ecKey = (point) => element(0x30, element(0x30, element(6, EC), element(6, P256)), element(3, Buffer.from([0]), point));
const attribute = (oid, text) => element(0x31, element(0x30, element(6, oid), element(0x0c, Buffer.from(text))));
const extension = (oid, value) => element(0x30, element(6, oid), element(4, value));

function certificate({
  serial = Buffer.from([1]),
  subject = attribute(COMMON_NAME, "a"),
  key = ecKey(POINT),
  extensions = Buffer.alloc(0),
}) {
  const algorithm = element(0x30, element(6, ECDSA_SHA256));
  const dates = ["250101000000Z", "450101000000Z"].map((date) => element(0x17, Buffer.from(date)));
  const one = element(2, Buffer.from([1]));
  const signed = element(
    0x30,
    element(0xa0, element(2, Buffer.from([2]))),
    element(2, serial),
    algorithm,
    element(0x30, subject),
    element(0x30, ...dates),
    element(0x30, subject),
    key,
    extensions.length ? element(0xa3, element(0x30, extensions)) : extensions,
  );
  return element(0x30, signed, algorithm, element(3, Buffer.from([0]), element(0x30, one, one)));
}

/** 1.3.6.1.4.1.5.NUMBER. */
function oid(number) {
  const high = [21, 14, 7].map((bits) => 0x80 | ((number >> bits) & 0x7f));
  while (high[0] === 0x80) high.shift();
  return Buffer.from([0x2b, 0x06, 0x01, 0x04, 0x01, 0x05, ...high, number & 0x7f]);
}

/** Elements by their number, until there are `size` octets of them. */
function many(size, one) {
  const out = [];
  for (let number = 1, length = 0; length < size; number++) {
    out.push(one(number));
    length += out.at(-1).length;
  }
  return Buffer.concat(out);
}

/** Certificates of about `size` octets, each with much of one thing. */
export function certificates(size) {
  const listed = (of, ...list) => certificate({ extensions: extension(of, element(0x30, ...list)) });
  const policy = (number) => element(0x30, element(6, oid(number)));
  const text = (tag, of) => (number) => element(tag, Buffer.from(of(number)));
  const name = text(0x82, (number) => `n${number}.example`);
  const address = (number) => {
    const octets = Buffer.alloc(4);
    octets.writeUInt32BE(number);
    return element(0x87, octets);
  };
  const nothing = Buffer.from([5, 0]);
  const numbered = (number) => extension(oid(number), nothing);
  const rows = [
    ["distinct extensions", true, certificate({ extensions: many(size, numbered) })],
    [
      "distinct extensions, one of them twice",
      false,
      certificate({ extensions: Buffer.concat([many(size, numbered), numbered(1)]) }),
    ],
    ["policies", true, listed(POLICIES, many(size, policy))],
    ["policies, one of them twice", false, listed(POLICIES, many(size, policy), policy(1))],
    ["DNS names", true, listed(SUBJECT_ALT_NAME, many(size, name))],
    ["IP addresses", true, listed(SUBJECT_ALT_NAME, many(size, address))],
    ["e-mail addresses", true, listed(SUBJECT_ALT_NAME, many(size, text(0x81, (number) => `u${number}@example.com`)))],
    ["URIs", true, listed(SUBJECT_ALT_NAME, many(size, text(0x86, (number) => `https://u${number}.example/`)))],
    ["one long name", true, listed(SUBJECT_ALT_NAME, element(0x82, Buffer.alloc(size, "a")))],
    ["name constraints", true, listed(NAME_CONSTRAINTS, element(0xa0, many(size, (number) => element(0x30, name(number)))))],
    ["usages", true, listed(USAGES, many(size, (number) => element(6, oid(number))))],
    ["a serial number", true, certificate({ serial: Buffer.alloc(size, 0x55) })],
    ["one long extension", true, certificate({ extensions: extension(oid(1), Buffer.alloc(size, 0x30)) })],
    [
      "one long object identifier",
      false,
      certificate({ extensions: extension(Buffer.concat([Buffer.from([0x2b]), Buffer.alloc(size, 0x81), Buffer.from([1])]), nothing) }),
    ],
    ["organizations", true, certificate({ subject: many(size, () => attribute(ORGANIZATION, "o")) })],
    ["a long common name", true, certificate({ subject: attribute(COMMON_NAME, Buffer.alloc(size, "a")) })],
    ["a point", false, certificate({ key: ecKey(Buffer.alloc(size, 4)) })],
    ["sequences in each other", false, nested(size)],
  ];
  return rows.map(([of, isRead, der]) => ({ name: of, der, isRead }));
}

/** Sequences in each other, of about `size` octets, written from the inside. */
function nested(size) {
  const backwards = [];
  while (backwards.length < size) {
    const head = [0x30, ...lengthOf(backwards.length)];
    backwards.push(...head.reverse());
  }
  return Buffer.from(backwards.reverse());
}

// `node pathological.mjs SIZE` writes all of it to standard output, for the comparison.
if (process.argv[1] === import.meta.filename) {
  const size = Number(process.argv[2]);
  for (const { name, text } of texts(size)) process.stdout.write(`${name}\n${text}\n`);
  for (const { name, der, isRead } of certificates(size)) process.stdout.write(`${name} ${isRead}\n${pem("CERTIFICATE", der)}`);
}
