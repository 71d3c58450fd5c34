// Measures of the shipped page itself: how soon it is there, how fast it follows, what 5,000 nodes do to it.
import { open, part } from "./chromium.mjs";
import { frames, watchFrames, watchMemory } from "./observe.mjs";
import { manyNodes, manyNodesFile } from "./page/designs.mjs";

/** A page like any other that says at once what the product says when its first picture is drawn. */
export const BLANK = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>blank</title></head>
<body><main data-state="planned"></main></body></html>`;

/**
 * Opens an address with a cold profile; resolves to the milliseconds from the start of navigation to the state
 * `planned`, and to the frame that shows it.
 */
export async function readyAfter(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.benchReady = new Promise((done) => {
        const look = () => {
          if (!document.querySelector('main[data-state="planned"]')) return;
          const state = performance.now();
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => done({ state, frame: performance.now() })));
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });
        look();
      });
    });
    await page.goto(url);
    return await page.evaluate(() => window.benchReady);
  } finally {
    await context.close();
  }
}

/** The milliseconds that an action takes to bring the page to a state, the page's own clock. */
async function until(page, state, action) {
  const reached = page.evaluate(
    (state) =>
      new Promise((done, fail) => {
        const main = document.querySelector("main");
        const from = performance.now();
        const look = () => {
          if (main.dataset.state === state) done(performance.now() - from);
          else if (main.dataset.state === "failed") fail(new Error("the page says failed"));
        };
        new MutationObserver(look).observe(main, { attributeFilter: ["data-state"] });
      }),
    state,
  );
  await action();
  return reached;
}

async function importDesign(page, nodes) {
  await page.locator('main[data-state="planned"]').waitFor();
  // As a file: Playwright types a text in line by line, which takes the browser minutes and a gigabyte.
  const file = { name: "design.yaml", mimeType: "application/yaml", buffer: Buffer.from(manyNodesFile("bench", nodes)) };
  await part(page, "import").setInputFiles(file);
  const name = part(page, "field-clusterName");
  // Asked again and again: the page's policy forbids what Playwright would wait with.
  for (const end = Date.now() + 60_000; (await name.inputValue()) !== "bench"; ) {
    if (Date.now() > end) throw new Error(`a design of ${nodes} nodes was not imported within a minute`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/**
 * Types into the first node's name, which most certificates carry; resolves to a time for each keystroke: from the event until the frame that shows its
 * effect is laid out and painted. The keystroke is made at the start of a frame, so that no wait for the screen counts.
 */
export async function keystrokes(browser, url, nodes, count) {
  const page = await open(browser, `${url}#${manyNodes("bench", nodes)}`);
  try {
    await page.locator('main[data-state="planned"]').waitFor();
    return await page.evaluate(async (count) => {
      const field = document.querySelector('[data-testid="field-nodes.0.name"]');
      field.focus();
      const put = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      // A message sent at the start of a frame arrives once that frame is painted.
      const painted = () =>
        new Promise((done) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = done;
          port2.postMessage(null);
        });
      const stroke = async (text) => {
        let follows;
        const followed = new Promise((done, fail) => {
          follows = done;
          setTimeout(() => fail(new Error("nothing on the page follows a keystroke")), 10_000);
        });
        const observer = new MutationObserver(follows);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        await frame();
        const start = performance.now();
        put.call(field, text);
        field.dispatchEvent(new InputEvent("input", { bubbles: true, data: "x", inputType: "insertText" }));
        await Promise.all([followed, painted()]);
        observer.disconnect();
        return performance.now() - start;
      };
      const times = [];
      for (let index = 0; index < count; index++) {
        times.push(await stroke(`n-${index}`));
        await new Promise((done) => setTimeout(done, 50));
      }
      return times;
    }, count);
  } finally {
    await page.context().close();
  }
}

/** Imports a design of so many nodes, cancels once, generates, exports. Wants a browser with no other page open. */
export async function wholePage(browser, url, nodes) {
  const problems = [];
  const page = await open(browser, url, problems);
  const figures = {};
  const begin = performance.now();
  await importDesign(page, nodes);
  figures.importMilliseconds = performance.now() - begin;
  const memory = await watchMemory(browser);
  await watchFrames(page);
  await until(page, "working", () => part(page, "generate").click());
  await new Promise((done) => setTimeout(done, 500));
  figures.cancelMilliseconds = await until(page, "cancelled", () => part(page, "cancel").click());
  figures.generateMilliseconds = await until(page, "issued", () => part(page, "generate").click());
  figures.generateFrames = await frames(page);
  const [download, exportMilliseconds] = await exported(page);
  figures.exportMilliseconds = exportMilliseconds;
  figures.zipMegabytes = (await size(download)) / 1e6;
  figures.memoryMegabytes = await memory();
  await page.context().close();
  return { ...figures, problems };
}

async function exported(page) {
  const start = performance.now();
  const downloading = page.waitForEvent("download");
  await part(page, "export-zip").click();
  await part(page, "lock-open").click();
  await part(page, "confirm").filter({ hasText: /^Download$/ }).click();
  return [await downloading, performance.now() - start];
}

async function size(download) {
  let bytes = 0;
  for await (const chunk of await download.createReadStream()) bytes += chunk.length;
  return bytes;
}
