// The headers for static hosts: nginx serves the site with the file that a release brings, and says what `cargo xtask
// serve` says; the page works behind it.
import { spawn } from "node:child_process";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { inScratch } from "./support/command.mjs";
import { dist, hostsFolder, nginxPath, url } from "./support/environment.mjs";
import { ours } from "./support/host.mjs";
import { expect, test } from "./support/test.mjs";

/** A port that is free now. */
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** nginx with the released headers, for as long as `use` takes. */
async function withNginx(use) {
  await inScratch(async (folder) => {
    const port = await freePort();
    for (const name of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) await mkdir(join(folder, name));
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name.replace("client_", "")};`);
    // As root it would read the site as somebody who may not.
    const user = process.getuid() === 0 ? "user root;" : "";
    const configuration = `${user} daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  ${temporary.join(" ")}
  access_log off;
  types { text/html html; text/javascript js; text/css css; application/wasm wasm; }
  server { listen 127.0.0.1:${port}; root ${dist}; include ${join(hostsFolder, "kubepki-headers.nginx.conf")}; }
}
`;
    await writeFile(join(folder, "nginx.conf"), configuration);
    const server = spawn(nginxPath, ["-p", folder, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")], { stdio: "ignore" });
    try {
      const address = `http://127.0.0.1:${port}/`;
      for (const end = Date.now() + 10_000; ; await new Promise((done) => setTimeout(done, 50))) {
        if (await fetch(address).then((answer) => answer.ok, () => false)) break;
        if (Date.now() > end) throw new Error(`nginx does not answer: ${await readFile(join(folder, "error.log"), "utf8").catch(() => "")}`);
      }
      await use(address);
    } finally {
      server.kill();
      await new Promise((done) => (server.exitCode === null && server.signalCode === null ? server.once("exit", done) : done()));
    }
  });
}

test("nginx says every header, and the page makes a PKI behind it", async ({ bench, request }) => {
  await withNginx(async (address) => {
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
