// Where the release under test lies, and programs run on it.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const told = (name) => {
  if (!process.env[name]) throw new Error(`${name} is not set; run \`cargo xtask test release\``);
  return process.env[name];
};

/** The folder with the release. */
export const release = told("KUBEPKI_RELEASE");
/** The private key that it was signed with. */
export const key = told("KUBEPKI_RELEASE_KEY");
/** The only time that stands in an artefact, in seconds since 1970 UTC. */
export const seconds = Number(told("KUBEPKI_RELEASE_TIME"));
/** The programs and products that other gates use too. */
export const openssl = told("KUBEPKI_OPENSSL");
export const dist = told("KUBEPKI_DIST");
export const hosts = told("KUBEPKI_HOSTS");
export const singleFile = told("KUBEPKI_SINGLE_FILE");

/** The files of the release. */
export const names = readdirSync(release).sort();

/** The one whose name ends so. */
export function ending(end) {
  const found = names.filter((name) => name.endsWith(end));
  if (found.length !== 1) throw new Error(`${found.length} files end in ${end}: ${names.join(", ")}`);
  return join(release, found[0]);
}

export const text = (path) => readFileSync(path, "utf8");

/** Runs a program to its end. */
export function run(program, args, options = {}) {
  const said = spawnSync(program, args, { encoding: "utf8", timeout: 120_000, maxBuffer: 1 << 28, ...options });
  if (said.error) throw said.error;
  return { code: said.status, out: said.stdout, err: said.stderr };
}

/** The output of a program that succeeds. */
export function good(program, args, options) {
  const said = run(program, args, options);
  if (said.code !== 0) throw new Error(`${program} ${args.join(" ")}: exit ${said.code}\n${said.out}${said.err}`);
  return said.out;
}

/** A folder that is gone after the test. */
export function scratch(test) {
  const folder = mkdtempSync(join(tmpdir(), "kubepki-release-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
