// What the finished site is made of, and a second build of it.
import { createHash } from "node:crypto";
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dist } from "./environment.mjs";

const hash = (bytes) => `sha384-${createHash("sha384").update(bytes).digest("base64")}`;

/** The name of the cache that a build's files are kept in, by its service worker's text, where it is served at the top. */
export async function cacheOf(folder) {
  return `kubepki-${/BUILD = '([0-9a-f]{16})'/.exec(await readFile(join(folder, "sw.js"), "utf8"))[1]}/`;
}

/** What of the site is kept for use without a network: all files but the service worker, and RSA in Rust. */
export async function keptFiles() {
  return (await readdir(dist)).filter((name) => !["sw.js", "rsa.js", "rsa_bg.wasm"].includes(name)).sort();
}

/**
 * Makes a second build in a folder: its title is another, and so is the script that follows the first picture; whatever
 * names either by its hash is changed with it, as `cargo xtask build` would.
 */
export async function secondBuild(folder, title) {
  await cp(dist, folder, { recursive: true });
  const names = await readdir(folder);
  const called = (begin) => names.find((name) => name.startsWith(begin));
  const text = (name) => readFile(join(folder, name), "utf8");
  const changes = [];
  const changed = (from) => changes.reduce((all, [old, next]) => all.replaceAll(old, next), from);
  for (const [old, next, more] of [[called("behind-"), "behind-second0000000000.js", "// second\n"], [called("boot-"), "boot-second000000000000.js", ""]]) {
    const before = await text(old);
    const after = changed(before) + more;
    await rm(join(folder, old));
    await writeFile(join(folder, next), after);
    changes.push([old, next], [hash(before), hash(after)]);
  }
  const page = await text("index.html");
  const second = changed(page).replace(/<title>[^<]*/, `<title>${title}`);
  await writeFile(join(folder, "index.html"), second);
  changes.push([hash(page), hash(second)], [(await cacheOf(folder)).slice(8, 24), "5ec0000000000000"]);
  const worker = await text("sw.js");
  await writeFile(join(folder, "sw.js"), changed(worker));
  if (changed(worker) === worker || second === page) throw new Error("the second build is the first");
}

/**
 * Copies the site into a folder with something put in front of a worker's script; whatever names that by its hash is changed
 * with it, as `cargo xtask build` would.
 */
export async function changedWorker(folder, worker, front) {
  await cp(dist, folder, { recursive: true });
  const names = await readdir(folder);
  let hashes;
  for (const begin of [`${worker}.js`, "behind-", "boot-", "index.html"]) {
    const path = join(folder, names.find((one) => one.startsWith(begin)));
    const before = await readFile(path, "utf8");
    const after = hashes ? before.replaceAll(...hashes) : `${front}\n${before}`;
    if (after === before) throw new Error(`${path} does not name ${hashes[0]}`);
    await writeFile(path, after);
    hashes = [hash(before), hash(after)];
  }
}
