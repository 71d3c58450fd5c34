// The bill of materials, before CycloneDX's own schema, the lock files, and what stands in the command's bytes.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { ending, text } from "./support.mjs";

const source = text(ending(".cdx.json"));
const bom = JSON.parse(source);
const used = (component) => component.properties.find(({ name }) => name === "kubepki:use").value;
const key = ({ name, version, sum }) => `${name} ${version} ${sum}`;

test("CycloneDX's own schema accepts it, and would refuse another", async () => {
  const judge = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  assert.equal(await judge.validate(source), null);
  for (const broken of [{ ...bom, serialNumber: "1" }, { ...bom, colour: "red" }, { ...bom, components: [...bom.components, bom.components[0]] }]) {
    assert.notEqual(await judge.validate(JSON.stringify(broken)), null);
  }
});

test("it has every crate of Cargo.lock, with its sum, and no other", () => {
  const lock = [...text("Cargo.lock").matchAll(/^name = "(.*)"\nversion = "(.*)"\n(?:source = ".*"\nchecksum = "(.*)"\n)?/gm)];
  const ours = bom.components.filter(({ purl, name }) => purl ? purl.startsWith("pkg:cargo/") : name !== "rust-std");
  const built = ours.filter(({ type }) => type === "library");
  const listed = built.map(({ name, version, hashes }) => key({ name, version, sum: hashes?.[0].content }));
  assert.deepEqual(listed.sort(), lock.map(([, name, version, sum]) => key({ name, version, sum })).sort());
  assert.ok(lock.length > 100, `${lock.length} crates`);
  assert.deepEqual(built.filter(({ licenses }) => !licenses).map(({ name }) => name), [], "every crate has a licence");
});

test("it has every package of every npm lock file in the checkout, with its sum, and no other", () => {
  const expected = new Set();
  const files = readdirSync("tests").map((name) => `tests/${name}/package-lock.json`).filter(existsSync);
  assert.ok(files.length >= 3, files.join(", "));
  for (const file of files) {
    for (const [place, one] of Object.entries(JSON.parse(text(file)).packages)) {
      if (!place) continue;
      const sum = Buffer.from(one.integrity.replace("sha512-", ""), "base64").toString("hex");
      expected.add(key({ name: place.replace(/^.*node_modules\//, ""), version: one.version, sum }));
    }
  }
  const npm = bom.components.filter(({ purl, type }) => purl?.startsWith("pkg:npm/") && type === "library");
  const listed = npm.map(({ name, version, hashes }) => key({ name, version, sum: hashes[0].content }));
  assert.deepEqual(listed.sort(), [...expected].sort());
  assert.deepEqual(npm.filter(({ scope }) => scope !== "excluded"), [], "none of them is shipped");
});

test("what the command's bytes name is in it as shipped, and what only tests use is not", () => {
  const bytes = readFileSync(ending("-x86_64-linux")).toString("latin1");
  const named = new Set([...bytes.matchAll(/\/crates\/([A-Za-z0-9_.+-]+)\/(?:src|aws-lc)\//g)].map(([, crate]) => crate));
  assert.ok(named.size > 15, [...named].join(", "));
  const shipped = new Map(bom.components.map((one) => [`${one.name}-${one.version}`, one]));
  for (const crate of named) {
    const component = shipped.get(crate);
    assert.equal(component?.scope, "required", crate);
    assert.match(used(component), /in the command/, crate);
  }
  const scopes = (name) => bom.components.filter((one) => one.name === name).map(({ scope }) => scope);
  for (const name of ["yew", "aws-lc-rs", "kubepki-core", "rust-std", "p256"]) assert.deepEqual(scopes(name), ["required"], name);
  for (const name of ["rustls-webpki", "ring", "wasm-bindgen-test", "kubepki-tests", "xtask", "wasm-bindgen-cli", "binaryen"]) {
    assert.deepEqual(scopes(name), ["excluded"], name);
  }
});
