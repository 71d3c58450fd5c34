// "Everything works", third part: every state that the page is designed for is brought about, drawn and judged, in both
// themes and three widths.
import { STATES } from "./states.mjs";
import { COLOURS, violations } from "./support/accessible.mjs";
import { expect, test } from "./support/test.mjs";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];
const THEMES = ["light", "dark"];

for (const one of STATES) {
  test.describe(one.name, () => {
    test.use({ ...one.options, tolerated: one.tolerated ?? [] });

    test(`${one.name} is drawn and accessible everywhere`, async ({ bench }, info) => {
      // Six judgements by axe; in the second theme of what colours decide.
      test.slow();
      const { page } = bench;
      await one.before?.(page);
      if (one.unopened) {
        await page.goto("/");
        bench.seen.loaded();
      } else await bench.open(one.fragment, one.address);
      await one.act?.(bench);
      if (one.state) await bench.reaches(one.state);
      if (one.shows) await expect(page.locator("body")).toContainText(one.shows);
      for (const size of SIZES) {
        await page.setViewportSize(size);
        for (const colorScheme of THEMES) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          const name = `${one.name.replaceAll(" ", "-")}-${size.width}-${colorScheme}`;
          await page.screenshot({ path: info.outputPath(`${name}.png`), animations: "disabled" });
          expect(await violations(page, colorScheme === "dark" ? COLOURS : undefined), name).toEqual([]);
        }
        await fits(page);
      }
      if (one.state) expect(await bench.state(), "the state lasted").toBe(one.state);
    });
  });
}

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("the page says what it is and why it cannot go on", async ({ page }) => {
    await page.goto("/");
    const why = page.locator("noscript p");
    await expect(why).toBeVisible();
    for (const part of ["Scripts are switched off for this page", "in the browser", "Allow scripts for this address and reload", "the command line kubepki"]) {
      await expect(why).toContainText(part);
    }
    await expect(page.locator("main"), "what it is").toContainText("Designs, generates, shows and exports the whole PKI of a Kubernetes cluster");
  });
});

/** The page itself never scrolls sideways; views do, inside their own edge. */
async function fits(page) {
  const { wide, broad } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    broad: document.documentElement.clientWidth,
  }));
  expect(wide, "no sideways scrolling of the page").toBeLessThanOrEqual(broad);
}
