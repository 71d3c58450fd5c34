// What other programs say of an exported tree.
import { join } from "node:path";
import { expect } from "@playwright/test";
import { openssl, ran } from "./command.mjs";

/** Sums, openssl on every chain and key, and the export's own verify.sh. */
export async function judged(tree) {
  await chains(tree);
  await ran("sha256sum", ["--quiet", "-c", "SHA256SUMS"], { cwd: tree.root });
  await ran("sh", ["verify.sh"], { cwd: tree.root });
}

/** Each certificate of a tree leads to a CA beside it, for its purpose, and goes with its key. */
async function chains(tree) {
  const paths = await tree.matching(/^nodes\/.*\.(crt|pem)$/);
  const cas = [];
  const leaves = [];
  for (const path of paths.filter((path) => !/-key\.pem$/.test(path))) {
    const text = await tree.certificate(path);
    (text.includes("CA:TRUE") ? cas : leaves).push({ path, text });
  }
  expect(leaves.length).toBeGreaterThan(5);
  for (const { path, text } of leaves) {
    const issuer = /Issuer: (.*)/.exec(text)[1];
    const ca = cas.find((ca) => ca.text.includes(`Subject: ${issuer}\n`) && ca.path.split("/")[1] === path.split("/")[1]);
    const purpose = text.includes("TLS Web Server Authentication") ? "sslserver" : "sslclient";
    const words = ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", join(tree.root, ca?.path ?? "no-ca"), join(tree.root, path)];
    expect(await openssl(words), path).toContain(": OK");
    const key = path.endsWith(".pem") ? path.replace(/\.pem$/, "-key.pem") : path.replace(/\.crt$/, ".key");
    if (!(await tree.has(key))) continue;
    expect(await tree.mode(key), key).toBe("600");
    const [own, certified] = [
      await openssl(["pkey", "-in", join(tree.root, key), "-pubout"]),
      await openssl(["x509", "-in", join(tree.root, path), "-noout", "-pubkey"]),
    ];
    expect(own, `${key} goes with ${path}`).toBe(certified);
  }
}
