// What is given away: the command runs where there is nothing else, and archive and single file are what was built.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { dist, ending, good, hosts, openssl, run, scratch, seconds, singleFile } from "./support.mjs";

const command = ending("-x86_64-linux");

test("the command asks for no loader and no library", () => {
  const elf = readFileSync(command);
  assert.equal(elf.toString("latin1", 0, 4), "\x7fELF");
  const [at, size, count] = [Number(elf.readBigUInt64LE(32)), elf.readUInt16LE(54), elf.readUInt16LE(56)];
  const segments = Array.from({ length: count }, (_, index) => at + index * size);
  const kinds = segments.map((segment) => elf.readUInt32LE(segment));
  assert.ok(kinds.includes(1), "something to load");
  assert.ok(!kinds.includes(3), "PT_INTERP");
  // A static executable that moves has a dynamic section: DT_NEEDED, 1, would name a library.
  for (const segment of segments.filter((_, index) => kinds[index] === 2)) {
    const [offset, length] = [8, 32].map((field) => Number(elf.readBigUInt64LE(segment + field)));
    for (let entry = offset; entry < offset + length; entry += 16) {
      assert.notEqual(elf.readBigUInt64LE(entry), 1n, "DT_NEEDED");
    }
  }
});

test("the command makes RSA and ECDSA keys in a root folder that holds nothing else, with no environment", (test) => {
  const root = scratch(test);
  copyFileSync(command, join(root, "kubepki"));
  copyFileSync("tests/designs/key-mixed.yaml", join(root, "design.yaml"));
  const rooted = process.getuid() === 0 ? ["chroot", root] : ["unshare", "--user", "--map-root-user", `--root=${root}`];
  const bare = ["-c", 'exec env -i "$(command -v "$0")" "$@"', ...rooted];
  good("sh", [...bare, "/kubepki", "generate", "--design", "/design.yaml", "--out", "/pki"]);
  const pki = good("find", [join(root, "pki"), "-type", "d", "-name", "pki", "-path", "*/etc/kubernetes/*"]).split("\n")[0];
  const subject = (name) => good(openssl, ["x509", "-in", join(pki, name), "-noout", "-text"]);
  assert.match(subject("ca.crt"), /NIST CURVE: P-384/);
  assert.match(subject("apiserver.crt"), /RSA Public-Key|Public-Key: \(2048 bit\)/i);
  assert.match(good(openssl, ["verify", "-CAfile", join(pki, "ca.crt"), join(pki, "apiserver.crt")]), /: OK/);
});

test("the single file is the one that the browser tests open", () => {
  assert.ok(readFileSync(ending(".html")).equals(readFileSync(singleFile)));
});

test("the archive holds the site that was tested and the hosts' headers, and tells nothing of who packed it", (test) => {
  const archive = ending(".tar.gz");
  const folder = scratch(test);
  good("tar", ["-xzf", archive, "-C", folder]);
  const [top, ...others] = readdirSync(folder);
  assert.deepEqual(others, []);
  assert.equal(`${top}.tar.gz`, archive.split("/").pop());
  assert.equal(run("diff", ["-r", dist, join(folder, top, "site")]).out, "");
  assert.equal(run("diff", ["-r", hosts, join(folder, top, "hosts")]).out, "");

  const lines = good("tar", ["--numeric-owner", "--full-time", "-tvzf", archive], { env: { ...process.env, TZ: "UTC", LC_ALL: "C" } });
  const rows = lines.trim().split("\n").map((line) => line.match(/^(\S+) (\S+) +\d+ (\S+ \S+) (.*)$/).slice(1));
  const committed = new Date(seconds * 1_000).toISOString().slice(0, 19).replace("T", " ");
  for (const [mode, owner, time, name] of rows) {
    assert.equal(mode, name.endsWith("/") ? "drwxr-xr-x" : "-rw-r--r--", name);
    assert.equal(owner, "0/0", name);
    assert.equal(time, committed, name);
  }
  // Its head: no name, no time, as `gzip -n` has it.
  const head = readFileSync(archive).subarray(0, 10);
  assert.deepEqual([head[3], head.readUInt32LE(4)], [0, 0]);
});
