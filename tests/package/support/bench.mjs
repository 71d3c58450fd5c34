// Where the tests work: a scratch folder with the consumers, into which the tarball is installed as a user would.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const here = new URL('..', import.meta.url).pathname;
const run = promisify(execFile);

/** A variable that `cargo xtask test` sets; see `crates/xtask/src/products.rs`. */
export function given(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test package\``);
  return value;
}

/** The tarball that is shipped, and the folder that it was packed from. */
export const tarball = () => given('KUBEPKI_PACKAGE');
export const folder = () => given('KUBEPKI_PACKAGE_FOLDER');

/** Runs a program to its end; what it printed. A failure says all of it. */
export async function output(program, args, options = {}) {
  try {
    return (await run(program, args, { maxBuffer: 1 << 26, timeout: 120_000, ...options })).stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')}\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

/** A program of ours, from `node_modules`. */
export const tool = (name) => join(here, 'node_modules', '.bin', name);

/** Packs the package's folder into another; the tarball's path. */
export async function pack(into) {
  await output('npm', ['pack', '--ignore-scripts', '--offline', '--silent', '--pack-destination', into], { cwd: folder() });
  const [name] = (await readdir(into)).filter((file) => file.endsWith('.tgz'));
  return join(into, name);
}

/** A scratch folder with the consumers, the package installed. Whoever asks for it removes it. */
export async function bench() {
  const scratch = await mkdtemp(join(tmpdir(), 'kubepki-package-'));
  await cp(join(here, 'consumers'), scratch, { recursive: true });
  const quiet = ['--offline', '--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--silent'];
  await output('npm', ['install', ...quiet, '--prefix', scratch, tarball()]);
  return scratch;
}
