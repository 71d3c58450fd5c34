// What proves a release: sums and signature, checked with the commands of its own notes; and the notes.
import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { good, key, names, openssl, release, run, scratch, text } from "./support.mjs";

/** A copy of the release with the publisher's key beside it, and the commands of its notes in their order. */
function received(test) {
  const folder = join(scratch(test), "received");
  cpSync(release, folder, { recursive: true });
  good(openssl, ["pkey", "-in", key, "-pubout", "-out", join(folder, "release.pub")]);
  const block = text(join(folder, "RELEASE-NOTES.md")).match(/```sh\n([^]*?)```/)[1];
  const commands = block.trim().split("\n");
  assert.deepEqual(commands.map((line) => line.split(" ")[0]), ["openssl", "sha256sum"]);
  const [signature, sums] = commands.map((line) => () => run("sh", ["-c", line], { cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C" } }));
  return { folder, signature, sums };
}

function change(path) {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
}

test("the notes' commands accept what was released", (test) => {
  const { signature, sums } = received(test);
  assert.match(signature().out, /Verified Successfully/);
  const said = sums();
  assert.equal(said.code, 0, said.err);
  const summed = said.out.trim().split("\n").map((line) => line.replace(/: OK$/, ""));
  const proofs = ["SHA256SUMS", "SHA256SUMS.sig"];
  assert.deepEqual(summed, names.filter((name) => !proofs.includes(name)), "every other file has a sum");
});

test("a changed file, changed sums, another signature and another key are refused", (test) => {
  for (const name of names.filter((name) => !name.startsWith("SHA256SUMS"))) {
    const { folder, sums } = received(test);
    change(join(folder, name));
    const said = sums();
    assert.equal(said.code, 1, name);
    assert.ok(said.out.includes(`${name}: FAILED`), said.out);
  }
  for (const name of ["SHA256SUMS", "SHA256SUMS.sig"]) {
    const { folder, signature } = received(test);
    change(join(folder, name));
    assert.notEqual(signature().code, 0, name);
  }
  const { folder, signature } = received(test);
  good(openssl, ["genpkey", "-algorithm", "ed25519", "-out", join(folder, "other.pem")]);
  good(openssl, ["pkey", "-in", join(folder, "other.pem"), "-pubout", "-out", join(folder, "release.pub")]);
  assert.notEqual(signature().code, 0, "another key");
});

test("no private key is in the release", () => {
  const secret = good(openssl, ["pkey", "-in", key, "-outform", "DER"], { encoding: "buffer" });
  for (const name of names) {
    const bytes = readFileSync(join(release, name));
    assert.equal(bytes.indexOf(secret.subarray(-32)), -1, name);
  }
});

test("the notes say what is new, and each file with its sum", () => {
  const notes = text(join(release, "RELEASE-NOTES.md"));
  const newest = text("CHANGELOG.md").split("\n## ")[1].split("\n").slice(1).join("\n").trim();
  assert.ok(notes.includes(newest), "the changelog's newest section, whole");
  for (const line of text(join(release, "SHA256SUMS")).trim().split("\n")) {
    const [sum, name] = line.split("  ");
    const row = notes.split("\n").find((row) => row.startsWith(`| \`${name}\``));
    if (name === "RELEASE-NOTES.md") assert.equal(row, undefined);
    else assert.ok(row?.includes(sum), `${name} has a row with its sum`);
  }
});
