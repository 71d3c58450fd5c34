// Prints a CycloneDX 1.6 bill of materials: the packages of Cargo.lock and of the npm lock files, and the tools that
// build. Its arguments are the version, the time in seconds, and the tools as `lock FOLDER` or `FROM PACKAGE VERSION`.
// Run by `node --eval` at the top of the checkout, where the arguments follow the program itself. The same checkout
// gives the same bytes: the time is the commit's, the serial number a hash of the rest.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [version, time, ...tools] = process.argv.slice(1);

/** What is shipped as WebAssembly, as Trunk builds it: a row for each of its links in index.html. */
function modules() {
  const links = readFileSync("index.html", "utf8").match(/<link data-trunk rel="rust"[^>]*>/g);
  return links.map((link) => {
    const of = (name) => link.match(new RegExp(`${name}="([^"]*)"`))?.[1];
    const [, name] = readFileSync(of("href"), "utf8").match(/^name = "(.*)"$/m);
    const features = of("data-cargo-features") ? ["--features", of("data-cargo-features")] : [];
    if (link.includes("data-cargo-no-default-features")) features.push("--no-default-features");
    return [of("data-type") === "worker" ? `${of("data-bin")} module` : "page", name, "wasm32-unknown-unknown", ...features];
  });
}

// And the command, as crates/xtask/src/build/cli.rs builds it, the npm package, as package.rs does, and its custom element.
const shipped = [
  ["command", "kubepki-cli", "x86_64-unknown-linux-musl"],
  ["npm package", "kubepki-js", "wasm32-unknown-unknown"],
  ["custom element", "kubepki-element", "wasm32-unknown-unknown"],
  ...modules(),
];

const cargo = (...args) => execFileSync("cargo", args, { encoding: "utf8", maxBuffer: 1 << 28 });
const reference = (name, version) => `${name}@${version}`;

/** The crates in what cargo would build, as `name@version`. */
function tree(edges, [, name, target, ...features]) {
  const lines = cargo("tree", "--locked", "--offline", "-p", name, "--target", target, "-e", edges, "--prefix", "none",
    "--format", "{p}", ...features).split("\n").filter(Boolean);
  return new Set(lines.map((line) => line.split(" ")).map(([name, version]) => reference(name, version.slice(1))));
}

const linked = shipped.map((row) => [row[0], tree("normal,no-proc-macro", row)]);
const built = shipped.map((row) => tree("normal,build", row));

/** Whether it is part of what is shipped, and else what it is for. */
function use(id) {
  const inside = linked.filter(([, crates]) => crates.has(id)).map(([name]) => name);
  if (inside.length) return ["required", `in the ${inside.join(", ")}`];
  return ["excluded", built.some((crates) => crates.has(id)) ? "runs while it is built" : "tests and other systems"];
}

const licences = (expression) => (expression ? [{ expression: expression.replaceAll("/", " OR ") }] : undefined);
const purl = (type, name, version) =>
  `pkg:${type}/${name.split("/").map(encodeURIComponent).join("/")}@${encodeURIComponent(version)}`;
const component = (type, [scope, role], name, version, more) => ({
  type, "bom-ref": more.purl ?? reference(name, version), name, version, scope, ...more,
  properties: [{ name: "kubepki:use", value: role }],
});

/** The tables of Cargo.lock. */
function locked() {
  return readFileSync("Cargo.lock", "utf8").split("[[package]]").slice(1).map((table) => {
    const one = (key) => table.match(new RegExp(`^${key} = "(.*)"$`, "m"))?.[1];
    const list = table.match(/^dependencies = \[\n([^\]]*)\]/m)?.[1] ?? "";
    const dependencies = [...list.matchAll(/"(.*)"/g)].map(([, text]) => text.split(" "));
    return { name: one("name"), version: one("version"), source: one("source"), sum: one("checksum"), dependencies };
  });
}

const metadata = JSON.parse(cargo("metadata", "--locked", "--offline", "--format-version", "1"));
const licenceOf = new Map(metadata.packages.map((one) => [reference(one.name, one.version), one.license]));
const packages = locked();

const crates = packages.map(({ name, version, source, sum }) => {
  const id = reference(name, version);
  const more = source ? { hashes: [{ alg: "SHA-256", content: sum }], purl: purl("cargo", name, version) } : {};
  return component("library", use(id), name, version, { licenses: licences(licenceOf.get(id)), ...more });
});
const refs = new Map(packages.map(({ name, version }, index) => [reference(name, version), crates[index]["bom-ref"]]));
const graph = packages.map(({ name, version, dependencies }) => ({
  ref: refs.get(reference(name, version)),
  // A lock file says the version only where there are several.
  dependsOn: dependencies.map(([name, version]) =>
    refs.get(reference(name, version ?? packages.find((one) => one.name === name).version))).sort(),
}));

/** The packages of an npm lock file: all of them serve tests and measurements. */
function npm(folder) {
  const { packages } = JSON.parse(readFileSync(`${folder}/package-lock.json`, "utf8"));
  return Object.entries(packages).filter(([place, one]) => place && !one.link).map(([place, one]) => {
    const name = one.name ?? place.split("node_modules/").pop();
    const hashes = one.integrity?.split(" ").filter((hash) => hash.startsWith("sha512-")).map((hash) =>
      ({ alg: "SHA-512", content: Buffer.from(hash.slice(7), "base64").toString("hex") }));
    const more = { hashes, licenses: licences(one.license), purl: purl("npm", name, one.version) };
    return component("library", ["excluded", `tests: ${folder}`], name, one.version, more);
  });
}

/** What a row of tools.toml brings. */
function tool(row) {
  const [from, name, version] = row.split(" ");
  if (from === "lock") return npm(name);
  if (from === "rust") {
    const description = "Rust's standard library, compiled into all of it, and, in the command, the musl libc that comes with it";
    return [component("library", ["required", "in all of it"], "rust-std", name, {
      description, licenses: licences("MIT OR Apache-2.0"),
    })];
  }
  return [component("application", ["excluded", "runs while it is built"], name, version, { purl: purl(from, name, version) })];
}

const byReference = new Map([...crates, ...tools.flatMap(tool)].map((one) => [one["bom-ref"], one]));
const components = [...byReference.values()].sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
const root = reference("kubepki-workbench", version);
const roots = [...new Set(shipped.map(([, name]) => refs.get(reference(name, version))))].sort();
const bom = {
  metadata: {
    timestamp: new Date(Number(time) * 1000).toISOString(),
    component: {
      type: "application", "bom-ref": root, name: "kubepki-workbench", version, licenses: licences("Apache-2.0 OR MIT"),
    },
  },
  components,
  dependencies: [{ ref: root, dependsOn: roots }, ...graph.sort((a, b) => (a.ref < b.ref ? -1 : 1))],
};
// RFC 9562, version 8: a UUID of one's own making.
const hash = createHash("sha256").update(JSON.stringify(bom)).digest("hex");
const serial = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `a${hash.slice(17, 20)}`, hash.slice(20, 32)];
const head = { bomFormat: "CycloneDX", specVersion: "1.6", serialNumber: `urn:uuid:${serial.join("-")}`, version: 1 };
console.log(JSON.stringify({ ...head, ...bom }, null, 1));
