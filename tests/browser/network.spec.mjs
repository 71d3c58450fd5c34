// Once loaded, neither the page nor its worker can reach a network, and neither tries.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { cacheOf, keptFiles } from "./support/builds.mjs";
import { dist, url } from "./support/environment.mjs";
import { expect, test } from "./support/test.mjs";

/** The policy that is added once everything is fetched. */
const LOCK = [
  "default-src 'none'",
  "script-src 'wasm-unsafe-eval'",
  "img-src data: blob:",
  "worker-src blob:",
  "manifest-src blob:",
  "style-src 'none'",
  "connect-src 'none'",
];

/** What the committed policy says, directive by directive. */
async function committed() {
  const text = await readFile(new URL("../../web/policy.txt", import.meta.url), "utf8");
  return text.split("\n").filter((line) => line && !line.startsWith("#"));
}

const directives = (policy) => policy.split(";").map((one) => one.trim()).filter(Boolean);

/**
 * A port that answers whoever speaks, and counts them. A mere connection is no visit: Chromium opens one for a frame
 * before its policy refuses the frame, and sends nothing on it.
 */
async function sink(use) {
  const sockets = new Set();
  let visits = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => (visits += 1));
    socket.write("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await use(`http://127.0.0.1:${server.address().port}/`, () => visits);
  } finally {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  }
}

/**
 * Tries, in a page or a worker, every way to a network that a policy governs; resolves to the ways that were not
 * refused. Runs in the browser, so it stands alone.
 */
async function tryEverything({ address, own }) {
  const open = [];
  const inPage = typeof document !== "undefined";
  const settled = (arm, wait = 400) =>
    new Promise((done) => {
      const late = setTimeout(() => done(false), wait);
      const tell = (reached) => (clearTimeout(late), done(reached));
      try {
        arm(tell);
      } catch {
        tell(false);
      }
    });
  const ways = {
    fetch: (to, tell) => fetch(to, { mode: "no-cors" }).then(() => tell(true), () => tell(false)),
    XMLHttpRequest: (to, tell) => {
      const request = new XMLHttpRequest();
      request.onload = () => tell(true);
      request.onerror = () => tell(false);
      request.open("GET", to);
      request.send();
    },
    WebSocket: (to, tell) => {
      const socket = new WebSocket(to.replace("http", "ws"));
      socket.onopen = () => tell(true);
      socket.onerror = () => tell(false);
    },
    EventSource: (to, tell) => {
      const source = new EventSource(to);
      source.onopen = () => tell(true);
      source.onerror = () => (source.close(), tell(false));
    },
  };
  const element = (make) => (to, tell) => {
    const one = make(to);
    one.onload = () => tell(true);
    one.onerror = () => tell(false);
    if (!one.isConnected && one.tagName !== "IMG") document.head.append(one);
  };
  const tag = (name, values) =>
    element((to) => Object.assign(document.createElement(name), values(to)));
  if (inPage) {
    Object.assign(ways, {
      sendBeacon: (to, tell) => (navigator.sendBeacon(to, "x"), setTimeout(() => tell(false), 100)),
      image: element((to) => Object.assign(new Image(), { src: to })),
      "style sheet": tag("link", (to) => ({ rel: "stylesheet", href: to })),
      prefetch: tag("link", (to) => ({ rel: "prefetch", href: to })),
      // A refused frame is loaded too, with an error in it: what came of it is seen from outside alone.
      frame: (to, tell) => {
        document.body.append(Object.assign(document.createElement("iframe"), { src: to }));
        setTimeout(() => tell(false), 200);
      },
      object: tag("object", (to) => ({ data: to })),
      video: (to, tell) => {
        const one = Object.assign(document.createElement("video"), { src: to });
        one.onloadedmetadata = () => tell(true);
        one.onerror = () => tell(false);
      },
      font: (to, tell) => new FontFace("x", `url(${to})`).load().then(() => tell(true), () => tell(false)),
      // Nothing is told of a manifest: whether it was asked for is seen from outside.
      manifest: (to, tell) => {
        document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: to }));
        setTimeout(() => tell(false), 200);
      },
      "service worker": (to, tell) => navigator.serviceWorker.register(to).then(() => tell(true), () => tell(false)),
      "import()": (to, tell) => import(to).then(() => tell(true), () => tell(false)),
    });
  } else {
    ways.importScripts = (to, tell) => (importScripts(to), tell(true));
  }
  for (const [name, way] of Object.entries(ways)) {
    for (const to of [address, own]) {
      if (await settled((tell) => way(to, tell))) open.push(`${name} reached ${to}`);
    }
  }
  return open;
}

test("the policy is the committed one, in header and page, and the lock is added", async ({ bench, request }) => {
  const expected = await committed();
  const answer = await request.get(url);
  const headers = answer.headers();
  expect(directives(headers["content-security-policy"])).toEqual([...expected, "frame-ancestors 'none'"]);
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["referrer-policy"]).toBe("no-referrer");
  expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
  await bench.open();
  const metas = await bench.page
    .locator('meta[http-equiv="Content-Security-Policy" i]')
    .evaluateAll((all) => all.map((one) => one.content));
  expect(directives(metas[0])).toEqual(expected);
  expect(directives(metas[1]).sort()).toEqual([...LOCK].sort());
});

test.describe("what the policy refuses", () => {
  test.use({ tolerated: [/Content Security Policy|violates|policy: |Trusted|WebSocket|EventSource|Failed to load|TypeError|request: |Refused/i] });

  test("no way out of the page", async ({ bench }) => {
    await bench.open();
    const answers = [];
    bench.page.on("response", (response) => response.url().startsWith("http") && answers.push(response.url()));
    await sink(async (address, visits) => {
      const own = new URL("index.html", url).href;
      expect(await bench.page.evaluate(tryEverything, { address, own })).toEqual([]);
      expect(visits(), "visits at the port").toBe(0);
    });
    expect(answers).toEqual([]);
  });

  test("no way out of the worker", async ({ bench }) => {
    await bench.open();
    await expect.poll(() => bench.page.workers().length).toBeGreaterThan(0);
    await sink(async (address, visits) => {
      const own = new URL("index.html", url).href;
      for (const worker of bench.page.workers()) {
        expect(worker.url()).toMatch(/^blob:/);
        expect(await worker.evaluate(tryEverything, { address, own })).toEqual([]);
      }
      expect(visits(), "visits at the port").toBe(0);
    });
  });

  test("script comes in by no way but the page's own Trusted Types policy", async ({ bench }) => {
    await bench.open();
    // In a timer, for what a debugger evaluates itself may do more than a page.
    const allowed = await bench.page.evaluate(async () => {
      await new Promise((done) => setTimeout(done));
      const ways = {
        eval: () => (0, eval)("1"),
        Function: () => new Function("return 1")(),
        innerHTML: () => (document.createElement("div").innerHTML = "<b>x</b>"),
        "script text": () => {
          const script = document.createElement("script");
          script.textContent = "window.intruded = true";
          document.head.append(script);
          if (!window.intruded) throw new Error("refused");
        },
        "handler attribute": () => document.createElement("div").setAttribute("onclick", "1"),
        "another policy": () => trustedTypes.createPolicy("other", {}),
        "the policy again": () => trustedTypes.createPolicy("kubepki", {}),
        "worker from text": () => new Worker(URL.createObjectURL(new Blob(["1"]))),
        // Trusted Types do not govern it.
        "import of a text": () => import(URL.createObjectURL(new Blob(["1"], { type: "text/javascript" }))),
      };
      const found = [];
      for (const [name, way] of Object.entries(ways)) {
        try {
          await way();
          found.push(name);
        } catch {
          // Refused.
        }
      }
      return found;
    });
    expect(allowed).toEqual([]);
  });
});

test("from design to export nothing is asked for, and nothing is kept", async ({ bench, context }) => {
  await bench.open();
  await bench.press("preset-single");
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
  await bench.set("clusterName", "quiet");
  for (const view of ["files", "flags", "hierarchy"]) await bench.show(view);
  await bench.generate();
  await bench.inspect("cert-apiserver@cp-1");
  await bench.exportZip();
  expect(bench.seen.asked()).toEqual([]);
  await expect.poll(() => bench.page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state)).toBe("activated");
  const kept = await bench.page.evaluate(async () => ({
    local: { ...localStorage },
    session: { ...sessionStorage },
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
    files: await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url))),
    workers: (await navigator.serviceWorker.getRegistrations()).map((one) => [one.scope, one.active.scriptURL]),
    address: location.href,
  }));
  expect(JSON.stringify(kept)).not.toMatch(/PRIVATE|BEGIN/);
  expect([kept.local, kept.session, kept.databases]).toEqual([{}, {}, []]);
  // The service worker keeps the site's own files, each once, and nothing of a design.
  expect(kept.workers).toEqual([[url, `${url}sw.js`]]);
  expect(kept.caches).toEqual([await cacheOf(dist)]);
  const names = kept.files[0].map((address) => new URL(address).pathname.slice(1) || "index.html");
  expect(names.sort()).toEqual(await keptFiles());
  expect(await context.cookies()).toEqual([]);
});
