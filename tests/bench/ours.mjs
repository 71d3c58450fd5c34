// The workbench as a contestant: the benchmark page, which runs the product's own worker.
import { setTimeout as sleep } from "node:timers/promises";
import { open } from "./chromium.mjs";
import { fromZip } from "./contestants.mjs";
import { frames, watchFrames, watchMemory } from "./observe.mjs";

/** `cold`, and `ahead` whose keys are made before its time begins. */
export async function ours(browser, url) {
  const page = await open(browser, `${url}/`);
  const timed = (what, argument) =>
    page.evaluate(
      async ([what, argument]) => {
        const start = performance.now();
        await window.peer[what](argument);
        return performance.now() - start;
      },
      [what, argument],
    );
  const prepare = (argument) => page.evaluate((argument) => window.peer.prepare(argument), argument);
  const zip = (what, argument) =>
    page.evaluate(
      async ([what, argument]) => Array.from((await window.peer[what](argument)) ?? (await window.peer.zip())),
      [what, argument],
    );
  const look = async (what, argument) => fromZip(Uint8Array.from(await zip(what, argument)));
  const cold = {
    set: ({ look: looking, ...argument }) => (looking ? look("set", argument) : timed("set", argument)),
    scale: ({ look: looking, ...argument }) => (looking ? look("scale", argument) : timed("scale", argument)),
  };
  const ahead = {
    set: async ({ alg, look: looking }) => {
      if (looking) return look("set", { alg });
      await prepare({ alg });
      const time = await timed("set", { alg });
      // The worker would go on making keys; the next contestant shall not notice.
      await prepare({ alg, count: 0 });
      await sleep(300);
      return time;
    },
  };
  return { cold, ahead };
}

/** What making so many nodes' certificates does to the page: times, frames, memory; and how soon it can be stopped. */
export async function scaleHealth(browser, url, nodes) {
  const page = await open(browser, `${url}/`);
  try {
    await page.evaluate(() => window.peer.scale({ n: 100 }));
    const memory = await watchMemory(browser);
    await watchFrames(page);
    await page.evaluate((n) => window.peer.scale({ n }).then(() => undefined), nodes);
    const { longest, over100 } = await frames(page);
    const { peak } = (await memory()) ?? {};
    const cancelled = await page.evaluate(async (n) => {
      const scaling = window.peer.scale({ n }).catch(() => undefined);
      await new Promise((done) => setTimeout(done, 300));
      const start = performance.now();
      await window.peer.cancel();
      await scaling;
      return performance.now() - start;
    }, nodes);
    return { longest, over100, peak, cancelled };
  } finally {
    await page.context().close();
  }
}
