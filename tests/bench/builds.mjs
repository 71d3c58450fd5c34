// What is built for a run, and the programs that are asked for a figure.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync } from "node:zlib";

const run = promisify(execFile);
const HERE = import.meta.dirname;
export const ROOT = join(HERE, "../..");

/** What cargo builds into. */
export const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");

/** Where a run keeps what it builds. */
export const SCRATCH = join(TARGET, "bench");

/** Compiles the Go program; resolves to its path. */
export async function buildGo() {
  const program = join(SCRATCH, "go-rival");
  const environment = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "", GOWORK: "off" };
  await run(process.env.KUBEPKI_GO ?? "go", ["build", "-o", program, "."], { cwd: join(HERE, "rivals/go"), env: environment });
  return program;
}

/**
 * Builds the worker with its feature `bench`, which adds the plan of `scale`, as Trunk builds the one that is shipped:
 * with the same profile and the same wasm-opt. Resolves to the folder.
 */
export async function buildWorker() {
  const index = await readFile(join(ROOT, "index.html"), "utf8");
  const link = index.match(/<link[^>]*data-bin="worker"[^>]*>/)?.[0] ?? "";
  const said = (name, otherwise) => link.match(new RegExp(`${name}="([^"]*)"`))?.[1] ?? otherwise;
  const profile = said("data-cargo-profile", "release");
  const level = said("data-wasm-opt", "0");
  const more = said("data-wasm-opt-params", "").split(" ").filter(Boolean);
  const which = ["--package", "kubepki-worker", "--bin", "worker-bench", "--no-default-features", "--features", "bench"];
  const target = ["--target", "wasm32-unknown-unknown", "--profile", profile];
  await run("cargo", ["build", "--quiet", ...which, ...target], { cwd: ROOT, maxBuffer: 1 << 26 });
  const built = join(TARGET, "wasm32-unknown-unknown", profile, "worker-bench.wasm");
  const out = join(SCRATCH, "worker");
  await run("wasm-bindgen", [built, "--target", "no-modules", "--no-typescript", "--out-name", "worker", "--out-dir", out]);
  if (level !== "0") {
    const wasm = join(out, "worker_bg.wasm");
    await run("wasm-opt", [wasm, `-O${level}`, ...more, "-o", wasm]);
  }
  await addBootstrap(out);
  return out;
}

/** The shipped worker's files beside the bootstrap that the page puts behind them. */
export async function shippedWorker(dist) {
  const out = join(SCRATCH, "shipped-worker");
  await mkdir(out, { recursive: true });
  for (const name of ["worker.js", "worker_bg.wasm"]) await copyFile(join(dist, name), join(out, name));
  await addBootstrap(out);
  return out;
}

function addBootstrap(folder) {
  return copyFile(join(ROOT, "crates/worker/src/bootstrap.js"), join(folder, "bootstrap.js"));
}

/** How long planning takes natively: `{ nodes, median_ms, minimum_ms }` for some numbers of nodes. */
export async function planSpeed() {
  const { stdout } = await run("cargo", ["run", "--release", "--quiet", "--package", "kubepki-core", "--example", "speed"], { cwd: ROOT });
  return stdout.trim().split("\n").map((line) => JSON.parse(line));
}

/** What the groups of tests/budgets.toml weigh in bytes under brotli; `cargo xtask test budgets` enforces them. */
export async function sizes(dist) {
  const text = await readFile(join(ROOT, "tests/budgets.toml"), "utf8");
  const names = await readdir(dist);
  const groups = [...text.matchAll(/^\[([\w-]+)\]\nfiles = \[(.*)\](?:\n.*)*?\nlimit = ([\d_]+)/gm)];
  return Promise.all(
    groups.map(async ([, group, globs, limit]) => {
      const patterns = [...globs.matchAll(/"([^"]+)"/g)].map(([, glob]) => {
        return new RegExp(`^${glob.replace(/[.]/g, "\\.").replaceAll("*", ".*")}$`);
      });
      const files = names.filter((name) => patterns.some((pattern) => pattern.test(name)));
      const bytes = await Promise.all(files.map((name) => readFile(join(dist, name))));
      const weights = bytes.map((one) => brotliCompressSync(one).length);
      return { group, bytes: weights.reduce((sum, one) => sum + one, 0), limit: Number(limit.replaceAll("_", "")) };
    }),
  );
}
