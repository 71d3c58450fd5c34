// Writes `integrity.json`: for each file that a browser may load, its hash as the attribute `integrity` has it.
// `node integrity.mjs FOLDER`.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const hash = (name) => `sha384-${createHash("sha384").update(readFileSync(join(folder, name))).digest("base64")}`;
const loaded = readdirSync(folder).filter((name) => /\.(js|wasm|html)$/.test(name)).sort();
writeFileSync(join(folder, "integrity.json"), `${JSON.stringify(Object.fromEntries(loaded.map((name) => [name, hash(name)])), null, 2)}\n`);
