// Bare WebCrypto calls: keys, their export, and as many signatures as there are certificates. No certificate, no PEM, no
// zip: what every page pays that leaves keys to the platform.
import { BARE_KEYS, SET, scaleRows } from "../rows.mjs";
import { algorithm, allOf, generate } from "./browser.mjs";

/** About as long as what is signed of a certificate. */
const BYTES = { rsa: 700, ec: 400 };

async function calls(alg, keys, signatures) {
  const bytes = new Uint8Array(BYTES[alg]);
  const signing = { ...algorithm(alg), hash: "SHA-256" };
  const tasks = Array.from({ length: keys }, (_, index) => async () => {
    const pair = await generate(alg);
    const parts = [crypto.subtle.exportKey("pkcs8", pair.privateKey), crypto.subtle.exportKey("spki", pair.publicKey)];
    if (index < signatures) parts.push(crypto.subtle.sign(signing, pair.privateKey, bytes));
    await Promise.all(parts);
  });
  await allOf(tasks);
}

window.peer = {
  set: ({ alg }) => calls(alg, SET.length + BARE_KEYS.length, SET.length),
  scale: ({ n }) => calls("ec", scaleRows(n).length, scaleRows(n).length),
};
window.readyAt = performance.now();
