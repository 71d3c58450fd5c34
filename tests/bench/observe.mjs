// Watching a page from beside it: frames that come late, and the memory of its renderer.
import { readFile } from "node:fs/promises";

/** Notes in the page how long each frame lets the next one wait, until `frames` reads it. */
export function watchFrames(page) {
  return page.evaluate(() => {
    const frames = { longest: 0, late: 0, last: performance.now(), going: true };
    const frame = (now) => {
      const gap = now - frames.last;
      frames.last = now;
      frames.longest = Math.max(frames.longest, gap);
      if (gap > 100) frames.late++;
      if (frames.going) requestAnimationFrame(frame);
    };
    requestAnimationFrame((now) => {
      frames.last = now;
      requestAnimationFrame(frame);
    });
    window.benchFrames = frames;
  });
}

/** Ends watching: the longest gap between two frames in milliseconds, and how many took over 100. */
export function frames(page) {
  return page.evaluate(() => {
    window.benchFrames.going = false;
    return { longest: window.benchFrames.longest, over100: window.benchFrames.late };
  });
}

/**
 * Samples the private memory of a browser's largest renderer. The function it resolves to ends that, and resolves to
 * the start and the peak in MB, or to nothing where the system has no `/proc`.
 */
export async function watchMemory(browser) {
  const devtools = await browser.newBrowserCDPSession();
  const sample = async () => {
    const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
    const renderers = processInfo.filter((process) => process.type === "renderer");
    return Math.max(...(await Promise.all(renderers.map((process) => privateBytes(process.id)))));
  };
  const start = await sample();
  let peak = start;
  let ended = false;
  const sampling = (async () => {
    while (!ended) {
      peak = Math.max(peak, await sample());
      await new Promise((done) => setTimeout(done, 100));
    }
  })();
  return async () => {
    ended = true;
    await sampling;
    await devtools.detach();
    return Number.isFinite(peak) ? { start: start / 1e6, peak: peak / 1e6 } : undefined;
  };
}

async function privateBytes(pid) {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  const lines = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)];
  return lines.length > 0 ? lines.reduce((sum, [, kilobytes]) => sum + Number(kilobytes) * 1024, 0) : -Infinity;
}
