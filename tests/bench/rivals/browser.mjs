// What the contestants in the browser have in common: the order of work, PEM, the zip, and `window.peer`.
import { zipSync } from "fflate";
import { BARE_KEYS, SET, scaleRows } from "../rows.mjs";

/** Keys and signatures under way at once: enough to keep the browser's one WebCrypto thread busy. */
const WIDTH = 256;

/**
 * Puts a contestant up as `window.peer`. A contestant has:
 * `generate(alg)`, a key pair, `alg` being `rsa` (2048 bits) or `ec` (P-256);
 * `issue(row, pair, issuer)`, the certificate of a row of rows.mjs, where `issuer` is `{ row, pair, certificate }` or, for a
 * CA, nothing; `certificatePem(certificate)`; and `keyPem(pair)`, the private key.
 */
export function contend(contestant) {
  window.peer = {
    /** The single-node set: `{ certificates, keys }`, PEM by id. */
    set: ({ alg }) => make(contestant, alg, SET, BARE_KEYS),
    /** `n` nodes with a client and a serving certificate each: the bytes of a stored zip. */
    scale: async ({ n }) => {
      const { certificates, keys } = await make(contestant, "ec", scaleRows(n), []);
      const utf8 = new TextEncoder();
      const files = {};
      for (const [id, pem] of Object.entries(certificates)) files[`${id}.crt`] = utf8.encode(pem);
      for (const [id, pem] of Object.entries(keys)) files[`${id}.key`] = utf8.encode(pem);
      return zipSync(files, { level: 0 });
    },
  };
  window.readyAt = performance.now();
}

async function make(contestant, alg, rows, bareKeys) {
  const certificates = {};
  const keys = {};
  const issuers = {};
  const one = async (row) => {
    const pair = await contestant.generate(alg);
    const certificate = await contestant.issue(row, pair, issuers[row.issuer]);
    if (!row.issuer) issuers[row.id] = { row, pair, certificate };
    certificates[row.id] = contestant.certificatePem(certificate);
    keys[row.id] = await contestant.keyPem(pair);
  };
  const bare = async (id) => {
    keys[id] = await contestant.keyPem(await contestant.generate(alg));
  };
  const cas = rows.filter((row) => !row.issuer);
  await Promise.all(cas.map(one));
  const leaves = rows.filter((row) => row.issuer);
  await allOf([...leaves.map((row) => () => one(row)), ...bareKeys.map((id) => () => bare(id))]);
  return { certificates, keys };
}

/** Runs tasks, `WIDTH` at a time. */
export async function allOf(tasks) {
  let next = 0;
  const lane = async () => {
    while (next < tasks.length) await tasks[next++]();
  };
  await Promise.all(Array.from({ length: Math.min(WIDTH, tasks.length) }, lane));
}

/** How WebCrypto calls a kind of key. */
export function algorithm(alg) {
  return alg === "ec"
    ? { name: "ECDSA", namedCurve: "P-256" }
    : { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
}

/** A key pair by WebCrypto. */
export function generate(alg) {
  return crypto.subtle.generateKey(algorithm(alg), true, ["sign", "verify"]);
}

/** A private key of WebCrypto as PEM. */
export async function keyPem(pair) {
  return pem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", pair.privateKey));
}

/** DER as PEM. */
export function pem(type, der) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(der)));
  return `-----BEGIN ${type}-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END ${type}-----\n`;
}

/** A positive random serial number of eight bytes. */
export function serial() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  bytes[0] = (bytes[0] & 0x7f) | 0x40;
  return bytes;
}

/** The first and last moment of a row's certificate. */
export function validity(row, { DAYS, BACKDATE }) {
  const now = Date.now();
  const days = row.issuer ? DAYS.leaf : DAYS.ca;
  return { notBefore: new Date(now - BACKDATE * 1000), notAfter: new Date(now + days * 86_400_000) };
}
