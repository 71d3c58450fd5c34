// The states that the page is designed for, and how each is brought about: the data of states.spec.mjs.
//
// `before` runs before the page is opened, `act` after; `state` is what <main> then says, `shows` a text that stands
// on the page, `options` what the browser context is made with, `fragment` and `address` what is opened.
import { url } from "./support/environment.mjs";
import { NEVER_DONE, NEVER_STARTS, NO_RANDOMNESS, STOPS_WHEN_ISSUING, beforeWorkers } from "./support/worker.mjs";

const ecdsa = async (bench) => {
  await bench.press("preset-single");
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
};

const slow = async (bench) => {
  await bench.part("generate").click();
  await bench.reaches("working");
};

/**
 * The page as a browser without script shows it. axe is a script itself, so the page's own are taken out, and what
 * stands in <noscript> is let out.
 */
async function scriptless(page) {
  await page.route(url, async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    const body = text
      .replace(/<script\b[\s\S]*?<\/script>/g, "")
      .replace(/<link\b[^>]*(modulepreload|preload)[^>]*>/g, "")
      .replace(/<\/?noscript>/g, "");
    await route.fulfill({ response: answer, body });
  });
}

/** An address that is no secure context: there, browsers have no `crypto.subtle`. */
const INSECURE = "http://insecure.test/";

/** Answers at that address with the page: its server does so for this machine's own names alone. */
const insecurely = (page) =>
  page.route(`${INSECURE}**`, async (route) => {
    const response = await route.fetch({ url: route.request().url().replace(INSECURE, url) });
    await route.fulfill({ response });
  });

export const STATES = [
  { name: "planned", state: "planned", act: async () => {} },
  {
    name: "connections",
    state: "planned",
    shows: /kube-apiserver --etcd-cafile/,
    act: async (bench) => {
      await bench.part("tab-connections").click();
      await bench.part("connection-kube-apiserver->etcd").click();
    },
  },
  {
    name: "empty",
    state: "empty",
    act: async (bench) => {
      await bench.press("preset-single");
      await bench.page.getByRole("button", { name: "Remove node cp-1" }).click();
    },
  },
  {
    name: "invalid",
    state: "invalid",
    shows: /is not a node name/,
    act: async (bench) => {
      await bench.set("nodes.0.name", "Not a name");
      await bench.set("networking.serviceSubnets.0", "10.96.0.0/99");
    },
  },
  { name: "working", state: "working", shows: /Cancel/, before: (page) => beforeWorkers(page, NEVER_DONE), act: slow },
  {
    name: "cancelled",
    state: "cancelled",
    shows: /cancelled/i,
    before: (page) => beforeWorkers(page, NEVER_DONE),
    act: async (bench) => {
      await slow(bench);
      await bench.part("cancel").click();
    },
  },
  {
    name: "failed",
    state: "failed",
    shows: /random/i,
    before: (page) => beforeWorkers(page, NO_RANDOMNESS),
    act: async (bench) => {
      await ecdsa(bench);
      await bench.part("generate").click();
    },
  },
  {
    name: "issued",
    state: "issued",
    shows: /verified/i,
    act: async (bench) => {
      await ecdsa(bench);
      await bench.generate();
      await bench.inspect("cert-apiserver@cp-1");
    },
  },
  {
    name: "stale",
    state: "stale",
    shows: /issued from an earlier design/,
    act: async (bench) => {
      await ecdsa(bench);
      await bench.generate();
      await bench.set("clusterName", "later");
    },
  },
  {
    name: "no WebAssembly",
    shows: /WebAssembly/,
    before: (page) => page.addInitScript(() => delete window.WebAssembly),
    unopened: true,
    tolerated: [/./],
  },
  {
    name: "script disabled",
    shows: /Scripts are switched off/,
    before: scriptless,
    unopened: true,
  },
  {
    name: "no crypto.subtle",
    state: "planned",
    address: INSECURE,
    before: insecurely,
    shows: /crypto\.subtle|secure context|slower/i,
    act: async () => {},
    tolerated: [/Cross-Origin-Opener-Policy/],
  },
  {
    name: "worker crashed",
    state: "failed",
    shows: /stopped|memory/i,
    before: (page) => beforeWorkers(page, STOPS_WHEN_ISSUING),
    act: async (bench) => {
      await ecdsa(bench);
      await bench.part("generate").click();
    },
    tolerated: [/out of memory/],
  },
  {
    name: "worker that never starts",
    state: "planned",
    shows: /stopped|could not/i,
    before: (page) => beforeWorkers(page, NEVER_STARTS),
    act: async () => {},
    tolerated: [/stopped at once/],
  },
  { name: "link from a newer version", state: "planned", fragment: "#d2.abcdef", shows: /newer version/, act: async () => {} },
  { name: "broken link", state: "planned", fragment: "#d1.!!!", shows: /link/i, act: async () => {} },
  {
    name: "download blocked",
    state: "issued",
    shows: /save it again/,
    options: { acceptDownloads: false },
    act: async (bench) => {
      await ecdsa(bench);
      await bench.generate();
      const saving = bench.page.waitForEvent("download");
      await bench.press("export-zip");
      await bench.part("lock-open").click();
      await bench.part("confirm").filter({ hasText: /^Download$/ }).click();
      await saving;
    },
  },
];
