// `cargo xtask bench`: measures the workbench and its rivals in one run, in turns, and prints what came out. What each
// contestant makes is looked at before it is timed.
//
// --quick         fewer rounds and nodes
// --only A,B      these measures alone, by their ids
// --rounds N      so many rounds
// --nodes N       so many nodes
// --serve PORT    serve the benchmark page (`window.peer`) at / and the rivals' below /rivals/, until interrupted
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT, SCRATCH, TARGET, buildGo, buildWorker, planSpeed, shippedWorker, sizes } from "./builds.mjs";
import { launch } from "./chromium.mjs";
import { forgotten } from "./forgotten.mjs";
import { PAGES, browserRival, bundle, bundleRivals, goRival, opensslRival } from "./contestants.mjs";
import { judge } from "./judge.mjs";
import { EMBEDS, embedBytes, embedPages, embedReady } from "./embeds.mjs";
import { locked, opened } from "./locked.mjs";
import { CONTESTS, NOTES, SIZES, TARGETS } from "./measures.mjs";
import { ours, scaleHealth } from "./ours.mjs";
import { BLANK, keystrokes, readyAfter, wholePage } from "./product.mjs";
import { figures, table, verdict, verdictTable } from "./report.mjs";
import { interleave } from "./rounds.mjs";
import { BARE_KEYS, SET, scaleRows } from "./rows.mjs";
import { serve } from "./server.mjs";
import { summary } from "./statistics.mjs";
import { connections, handshakes, verifications } from "./studies.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean" },
    only: { type: "string" },
    rounds: { type: "string" },
    nodes: { type: "string" },
    serve: { type: "string" },
  },
});
const size = { ...SIZES[options.quick ? "quick" : "full"] };
if (options.rounds) size.rounds = Number(options.rounds);
if (options.nodes) size.nodes = Number(options.nodes);
const dist = process.env.KUBEPKI_DIST ?? join(ROOT, "dist");
const wanted = (id) => !options.only || options.only.split(",").includes(id);
const say = (text) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);

const site = await openSite();
if (options.serve) {
  console.log(`${site.url}/`);
} else {
  try {
    await measure();
  } finally {
    await site.close();
  }
}

/** Everything that a run serves: the benchmark page, rivals' pages, workers, the product and a blank page. */
async function openSite() {
  say("building the pages");
  await mkdir(SCRATCH, { recursive: true });
  const peer = await bundle(join(import.meta.dirname, "page/peer.mjs"));
  const page = `<!doctype html><html lang="en"><title>KubePKI bench</title><script type="module" src="/peer.js"></script></html>`;
  const policy = (await readFile(join(dist, "index.html"), "utf8")).match(/Content-Security-Policy" content="([^"]+)"/);
  const headers = policy ? { "Content-Security-Policy": policy[1] } : {};
  return serve({
    port: Number(options.serve ?? 0),
    texts: { ...(await bundleRivals()), "/": page, "/peer.js": peer, "/blank/": BLANK },
    folders: { "/worker/": await shippedWorker(dist), ...(await scaleWorker()), "/product/": dist },
    headers: { "/product/": headers, "/blank/": headers },
  });
}

/** The worker that `scale` needs: a minute's build, spared where nothing asks for it. */
async function scaleWorker() {
  if (!options.serve && !wanted("scale") && !wanted("scale-health")) return {};
  say("building the worker with its feature bench");
  return { "/scale-worker/": await buildWorker() };
}

async function measure() {
  const found = {};
  const notes = [];
  const add = (one) => {
    found[one.id] = one;
    say("");
    console.log(`${table(one)}\n`);
  };
  const browser = await launch();
  try {
    const contests = CONTESTS.filter(({ id }) => wanted(id));
    const contestants = contests.length ? await everyone(browser) : {};
    for (const contest of contests) add(await hold(contest, contestants));
    if (wanted("ready")) add(await ready(browser));
    if (wanted("keystroke")) add(await keystroke(browser));
    if (wanted("handshake")) add(await handshake(browser));
    if (wanted("connections")) add(await redrawn(browser));
    if (wanted("locked")) add(await lock(browser));
    if (wanted("single-file")) add(await singleFile(browser));
    if (wanted("embeds")) await embedded(browser, add);
  } finally {
    await browser.close();
  }
  if (wanted("scale-health")) add(await scale());
  if (wanted("page-health")) add(await page(notes));
  if (wanted("forgotten")) add(await forget());
  if (wanted("plan")) add(await plan());
  const weights = await sizes(dist);
  for (const { group, bytes, limit } of weights) console.log(`${group}: ${bytes} of ${limit} bytes under brotli`);
  const verdicts = TARGETS.filter(({ full }) => !full || size.nodes === SIZES.full.nodes).map((target) =>
    verdict({ ...target, of: (word) => target.of(found, word) }),
  );
  console.log(`\n${verdictTable(verdicts)}`);
  for (const note of notes) console.log(note);
  const file = join(TARGET, "bench.json");
  await writeFile(file, `${JSON.stringify({ size, measures: Object.values(found), weights, verdicts, notes }, null, 2)}\n`);
  console.log(`\n${file}`);
}

/** Every contestant by name, each started when it is first asked for. */
async function everyone(browser) {
  const { cold, ahead } = await ours(browser, site.url);
  const all = { kubepki: cold, "kubepki, keys ahead": ahead };
  for (const name of Object.keys(PAGES)) {
    all[name] = await browserRival(browser, site.url, name);
  }
  all.openssl = opensslRival(process.env.KUBEPKI_OPENSSL ?? "openssl");
  all.go = goRival(await buildGo());
  return all;
}

/** Holds a contest: looks at what each makes, then times them in turns. */
async function hold(contest, contestants) {
  const few = 20;
  const [rows, bareKeys] = contest.id === "scale" ? [scaleRows(few), []] : [SET, BARE_KEYS];
  for (const name of contest.contestants) {
    say(`${contest.id}: looking at what ${name} makes`);
    const looking = { set: (argument) => contestants[name].set({ ...argument, look: true }), scale: () => contestants[name].scale({ n: few, look: true }) };
    const made = await contest.run(looking, size);
    if (!made) continue;
    try {
      judge(rows, bareKeys, made.certificates, made.keys);
    } catch (error) {
      throw new Error(`${contest.id}: what ${name} makes is wrong: ${error.message}`);
    }
  }
  const entrants = contest.contestants.map((name) => ({
    name,
    run: () => contest.run(contestants[name], size),
    warm: () => contest.warm(contestants[name]),
    most: contest.few[name],
  }));
  const minutes = contest.minutes * size.minutes;
  const times = await interleave(entrants, { rounds: size.rounds, minutes, say: (text) => say(`${contest.id}: ${text}`) });
  const title = contest.title.replace(" n nodes", ` ${size.nodes} nodes`);
  const all = figures({ ...contest, title }, times);
  return { ...all, rows: all.rows.map((row) => ({ ...row, note: NOTES[row.name] })) };
}

async function ready(browser) {
  const times = await interleave(
    [
      { name: "workbench", run: () => readyAfter(browser, `${site.url}/product/`) },
      { name: "blank page", run: () => readyAfter(browser, `${site.url}/blank/`) },
    ],
    { rounds: size.rounds, minutes: 1, say: (text) => say(`ready: ${text}`) },
  );
  const state = (name) => times[name].map(({ state }) => state);
  const over = state("workbench").map((time, round) => time - state("blank page")[round]);
  const frame = times.workbench.map(({ frame }) => frame);
  const rows = { workbench: state("workbench"), "blank page": state("blank page"), "over a blank page": over, "its first frame": frame };
  return figures({ id: "ready", title: "first picture with a cold profile, from the start of navigation" }, rows);
}

async function keystroke(browser) {
  const times = {};
  for (const nodes of [10, 100]) {
    say(`keystroke: ${nodes} nodes`);
    times[`${nodes} nodes`] = await keystrokes(browser, `${site.url}/product/`, nodes, size.strokes);
  }
  return figures({ id: "keystroke", title: "a keystroke in a node's name, until its effect is painted" }, times);
}

async function handshake(browser) {
  const times = {};
  for (const [alg, name] of [["ec", "P-256"], ["rsa", "RSA-2048"]]) {
    say(`handshake: ${name}`);
    times[name] = await handshakes(browser, `${site.url}/product/`, alg, size.strokes);
  }
  say("handshake: P-256, verified alone");
  times["P-256, verified alone"] = await verifications(browser, `${site.url}/product/`, size.strokes);
  return figures({ id: "handshake", title: "a handshake in the page, from a click until its steps are there" }, times);
}

async function redrawn(browser) {
  say("connections: 5 + 50 nodes");
  const times = { "5 + 50 nodes": await connections(browser, `${site.url}/product/`, size.strokes) };
  return figures({ id: "connections", title: "the connections view, from a click until it is painted" }, times);
}

async function lock(browser) {
  say("locked: exports");
  const times = await locked(browser, `${site.url}/product/`, size.rounds);
  return figures({ id: "locked", title: "an export of a single node, from a click until it is handed over", baseline: "not encrypted" }, times);
}

async function singleFile(browser) {
  const path = process.env.KUBEPKI_SINGLE_FILE;
  const times = await interleave(
    [
      { name: "single file", run: () => opened(browser, path) },
      { name: "site", run: async () => (await readyAfter(browser, `${site.url}/product/`)).state },
    ],
    { rounds: size.rounds, minutes: 1, say: (text) => say(`single-file: ${text}`) },
  );
  return figures({ id: "single-file", title: "the single file from opening to its picture", baseline: "site" }, times);
}

async function embedded(browser, add) {
  const pages = await serve(await embedPages(process.env.KUBEPKI_PACKAGE_FOLDER));
  try {
    const weights = {};
    for (const name of EMBEDS) weights[name] = await embedBytes(browser, pages.url, name);
    const entrants = EMBEDS.map((name) => ({ name, run: () => embedReady(browser, pages.url, name) }));
    const times = await interleave(entrants, { rounds: size.rounds, minutes: 2, say: (text) => say(`embeds: ${text}`) });
    add(figures({ id: "embeds", title: "an embed in a documentation page, from the start of navigation until it is drawn", baseline: "mermaid" }, times));
    const rows = EMBEDS.map((name) => ({ name: `${name}, ${weights[name].files} files`, unit: "KB", ...summary([weights[name].bytes / 1_000]) }));
    add({ id: "embed-bytes", title: "what an embed brings until it is drawn, under brotli", rows });
  } finally {
    await pages.close();
  }
}

async function scale() {
  const runs = await alone((browser) => scaleHealth(browser, site.url, size.nodes), "scale-health");
  return health("scale-health", `the page while it makes ${size.nodes} nodes' certificates`, {
    "longest frame": [runs.map(({ longest }) => longest), "ms"],
    "frames over 100 ms": [runs.map(({ over100 }) => over100), ""],
    "peak memory": [runs.map(({ peak }) => peak), "MB"],
    "cancelled after": [runs.map(({ cancelled }) => cancelled), "ms"],
  });
}

async function page(notes) {
  const runs = await alone((browser) => wholePage(browser, `${site.url}/product/`, size.nodes), "page-health");
  notes.push(...new Set(runs.flatMap(({ problems }) => problems)));
  return health("page-health", `the shipped page with ${size.nodes} nodes, whole archive`, {
    "import until drawn": [runs.map(({ importMilliseconds }) => importMilliseconds), "ms"],
    generate: [runs.map(({ generateMilliseconds }) => generateMilliseconds), "ms"],
    "export until saved": [runs.map(({ exportMilliseconds }) => exportMilliseconds), "ms"],
    zip: [runs.map(({ zipMegabytes }) => zipMegabytes), "MB"],
    "longest frame": [runs.map(({ generateFrames }) => generateFrames.longest), "ms"],
    "frames over 100 ms": [runs.map(({ generateFrames }) => generateFrames.over100), ""],
    "peak memory": [runs.map(({ memoryMegabytes }) => memoryMegabytes?.peak), "MB"],
    "cancelled after": [runs.map(({ cancelMilliseconds }) => cancelMilliseconds), "ms"],
  });
}

async function forget() {
  const values = {};
  for (const [alg, name] of [["ec", "P-256"], ["rsa", "RSA-2048"]]) {
    const runs = await alone((browser) => forgotten(browser, `${site.url}/product/`, alg), "forgotten");
    const of = `of ${2 * runs[0].keys}`;
    for (const when of ["before", "after"]) {
      for (const where of ["renderer", "elsewhere"]) values[`${name}, ${when}, ${where}`] = [runs.map((run) => run[when][where]), of];
    }
  }
  return health("forgotten", "traces of keys in the browser's memory, before and after Forget everything", values);
}

/** Runs something three times, each in a browser of its own. */
async function alone(what, id) {
  const runs = [];
  for (let time = 1; time <= 3; time++) {
    say(`${id}: ${time} of 3`);
    const browser = await launch();
    try {
      runs.push(await what(browser));
    } finally {
      await browser.close();
    }
  }
  return runs;
}

function health(id, title, values) {
  const rows = Object.entries(values).map(([name, [all, unit]]) => {
    return { name, unit, ...summary(all.filter((value) => value !== undefined)) };
  });
  return { id, title, rows };
}

async function plan() {
  say("plan: natively");
  const rows = (await planSpeed()).map(({ nodes, median_ms, minimum_ms }) => {
    return { name: `${nodes} nodes`, unit: "ms", rounds: 21, median: median_ms, minimum: minimum_ms };
  });
  return { id: "plan", title: "planning, natively", rows };
}
