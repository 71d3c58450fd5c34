// The openssl command line: one command a certificate, as a shell script would.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BARE_KEYS, DAYS, SET, scaleRows } from "../rows.mjs";

const run = promisify(execFile);
const KEY = { rsa: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], ec: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"] };

/** A contestant of run.mjs: `set` resolves to its time and `{ certificates, keys }`, PEM by id. */
export function openssl(program) {
  return {
    set: ({ alg }) => make(program, alg, SET, BARE_KEYS),
    scale: ({ n }) => make(program, "ec", scaleRows(n), []),
  };
}

async function make(program, alg, rows, bareKeys) {
  const folder = await mkdtemp(join(tmpdir(), "kubepki-bench-"));
  try {
    for (const row of rows) await writeFile(join(folder, `${row.id}.cnf`), configuration(row));
    const call = (words) => run(program, words, { cwd: folder });
    const start = performance.now();
    for (const row of rows) {
      await call(["genpkey", ...KEY[alg], "-out", `${row.id}.key`]);
      const issuer = row.issuer ? ["-CA", `${row.issuer}.crt`, "-CAkey", `${row.issuer}.key`] : [];
      const days = row.issuer ? DAYS.leaf : DAYS.ca;
      const out = ["-days", String(days), "-sha256", "-key", `${row.id}.key`, "-out", `${row.id}.crt`];
      await call(["req", "-x509", "-new", "-config", `${row.id}.cnf`, ...issuer, ...out]);
    }
    for (const id of bareKeys) await call(["genpkey", ...KEY[alg], "-out", `${id}.key`]);
    const milliseconds = performance.now() - start;
    const read = async (ids, ending) => {
      const files = ids.map(async (id) => [id, await readFile(join(folder, `${id}.${ending}`), "utf8")]);
      return Object.fromEntries(await Promise.all(files));
    };
    const ids = rows.map((row) => row.id);
    return { milliseconds, certificates: await read(ids, "crt"), keys: await read([...ids, ...bareKeys], "key") };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function configuration(row) {
  const names = [...(row.dns ?? []).map((name) => `DNS:${name}`), ...(row.ips ?? []).map((ip) => `IP:${ip}`)];
  const lines = row.issuer
    ? [
        "keyUsage = critical, digitalSignature, keyEncipherment",
        `extendedKeyUsage = ${row.usages.join(", ")}`,
        "basicConstraints = critical, CA:FALSE",
        "authorityKeyIdentifier = keyid",
        "subjectKeyIdentifier = none",
      ]
    : [
        "keyUsage = critical, digitalSignature, keyEncipherment, keyCertSign",
        "basicConstraints = critical, CA:TRUE",
        "subjectKeyIdentifier = hash",
      ];
  if (names.length > 0) lines.push(`subjectAltName = ${names.join(", ")}`);
  const group = row.group ? `O = ${row.group}\n` : "";
  return `[req]\ndistinguished_name = dn\nx509_extensions = ext\nprompt = no\n[dn]\n${group}CN = ${row.name}\n[ext]\n${lines.join("\n")}\n`;
}
