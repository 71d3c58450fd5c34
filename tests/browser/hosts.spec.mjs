// The headers for static hosts: nginx serves the site with the file that a release brings, and says what `cargo xtask
// serve` says; the page works behind it.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { dist, hostsFolder, url } from "./support/environment.mjs";
import { ours } from "./support/host.mjs";
import { withNginx } from "./support/nginx.mjs";
import { expect, test } from "./support/test.mjs";

test("nginx says every header, and the page makes a PKI behind it", async ({ bench, request }) => {
  await withNginx({ root: dist, rules: `include ${join(hostsFolder, "kubepki-headers.nginx.conf")};` }, async (address) => {
    const expected = ours((await request.get(url)).headers());
    expect(Object.keys(expected).length).toBeGreaterThan(6);
    expect(expected["content-security-policy"]).toContain("frame-ancestors 'none'");
    const boot = (await readdir(dist)).find((name) => name.startsWith("boot-"));
    // The page and the service worker are asked for anew each time; all else has its hash in its address.
    for (const [path, cached] of [["", "no-cache"], ["index.html", "no-cache"], ["sw.js", "no-cache"], ["worker_bg.wasm"], [boot], ["none-such"]]) {
      const headers = (await request.get(address + path)).headers();
      expect(ours(headers), `/${path}`).toEqual(expected);
      expect(headers["cache-control"], `/${path}`).toBe(cached);
    }
    await bench.open("", address);
    await bench.press("preset-single");
    await bench.set("keys.ca", "ECDSA-P256");
    await bench.set("keys.leaf", "ECDSA-P256");
    await bench.generate();
  });
});

test("the browser gives the page no power that it does not need", async ({ bench, request }, info) => {
  const refused = (await request.get(url)).headers()["permissions-policy"].split(", ").map((one) => one.replace("=()", ""));
  await bench.open();
  const [known, allowed] = await bench.page.evaluate(() => [document.featurePolicy.features(), document.featurePolicy.allowedFeatures()]);
  for (const power of ["camera", "clipboard-read", "hid", "local-fonts", "serial", "storage-access", "usb"]) expect(known, power).toContain(power);
  const given = (one) => !["clipboard-write", "cross-origin-isolated"].includes(one) && !one.startsWith("ch-");
  expect(allowed.filter((one) => refused.includes(one)), "the header holds").toEqual([]);
  expect(allowed).toContain("clipboard-write");
  // Debian's browser learns new powers by itself: one is told of here, and its row is to be added.
  const added = known.filter((one) => given(one) && !refused.includes(one));
  if (added.length > 0) info.annotations.push({ type: "powers that no row of xtask's policy refuses", description: added.join(", ") });
  expect(added.length, `far from the browser's own list: ${added.join(", ")}`).toBeLessThan(12);
});

test("the other hosts' files say the same", async ({ request }) => {
  const expected = ours((await request.get(url)).headers());
  for (const [name, fresh] of [
    ["_headers", "\n/\n  Cache-Control: no-cache\n/index.html\n  Cache-Control: no-cache\n/sw.js\n  Cache-Control: no-cache\n"],
    ["Caddyfile", "\t@fresh path */ */index.html */sw.js\n\theader @fresh Cache-Control no-cache\n"],
  ]) {
    const text = await readFile(join(hostsFolder, name), "utf8");
    for (const value of Object.values(expected)) expect(text).toContain(value);
    expect(text).toContain(fresh);
  }
});
