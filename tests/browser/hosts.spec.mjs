// The headers for static hosts: nginx serves the site with the file that a release brings, and says what `cargo xtask
// serve` says; the page works behind it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dist, hostsFolder, url } from "./support/environment.mjs";
import { withNginx } from "./support/nginx.mjs";
import { expect, test } from "./support/test.mjs";

/** Names of the headers that a release says; others are the server's own. */
const OURS = /^(content-security-policy|cross-origin-.*-policy|permissions-policy|referrer-policy|x-content-type-options)$/;

function ours(answer) {
  return Object.fromEntries(Object.entries(answer.headers()).filter(([name]) => OURS.test(name)));
}

test("nginx says every header, and the page makes a PKI behind it", async ({ bench, request }) => {
  await withNginx({ root: dist, rules: `include ${join(hostsFolder, "kubepki-headers.nginx.conf")};` }, async (address) => {
    const expected = ours(await request.get(url));
    expect(Object.keys(expected).length).toBeGreaterThan(6);
    expect(expected["content-security-policy"]).toContain("frame-ancestors 'none'");
    for (const path of ["", "worker_bg.wasm", "none-such"]) {
      expect(ours(await request.get(address + path)), `/${path}`).toEqual(expected);
    }
    await bench.open("", address);
    await bench.press("preset-single");
    await bench.set("keys.ca", "ECDSA-P256");
    await bench.set("keys.leaf", "ECDSA-P256");
    await bench.generate();
  });
});

test("the other hosts' files say the same", async ({ request }) => {
  const expected = ours(await request.get(url));
  for (const name of ["_headers", "Caddyfile"]) {
    const text = await readFile(join(hostsFolder, name), "utf8");
    for (const value of Object.values(expected)) expect(text).toContain(value);
  }
});
