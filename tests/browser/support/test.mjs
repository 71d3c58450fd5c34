// `test` with a workbench: a watched page, and at the end of every test nothing that the watch saw.
import { test as base, expect } from "@playwright/test";
import { watch } from "./watch.mjs";
import { Workbench, recordStates } from "./workbench.mjs";

export const test = base.extend({
  /** Complaints that a test brings about on purpose, as patterns. */
  tolerated: [[], { option: true }],
  /** The page, not opened yet. */
  bench: async ({ page, tolerated }, use) => {
    const seen = await watch(page);
    await recordStates(page);
    await use(new Workbench(page, seen));
    expect(await seen.problems(tolerated), "console, policy and network stay silent").toEqual([]);
  },
});

export { expect };
