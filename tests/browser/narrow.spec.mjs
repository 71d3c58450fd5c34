// From 360 px upwards nothing is left out.
import { expect, test } from "./support/test.mjs";

const small = async (bench) => {
  await bench.open();
  await bench.press("preset-single");
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
};

/** The names of all parts that are on the page, visible or folded away. */
const names = (page) =>
  page.locator("[data-testid]").evaluateAll((all) => [...new Set(all.map((one) => one.dataset.testid))].sort());

for (const width of [360, 390, 600, 768]) {
  test(`at ${width} px every part can be brought into view, and the page never scrolls sideways`, async ({ bench }) => {
    const { page } = bench;
    await small(bench);
    await bench.generate();
    await bench.inspect("cert-apiserver@cp-1");
    const wide = await names(page);
    await page.setViewportSize({ width, height: 844 });
    expect(await names(page)).toEqual(expect.arrayContaining(wide));
    const missing = [];
    for (const name of wide) {
      if (!(await bench.bringIntoView(name))) missing.push(name);
      expect(await sideways(page), `with ${name} in view`).toBe(false);
    }
    expect(missing, "parts that cannot be brought into view").toEqual([]);
  });
}

/** Whether the page as a whole can be scrolled sideways. */
function sideways(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth;
  });
}

test("at 360 px the main job is done with a finger", async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  const { Workbench, recordStates } = await import("./support/workbench.mjs");
  await recordStates(page);
  const bench = new Workbench(page);
  await bench.open();
  for (const [name, act] of [
    ["preset-single", (one) => one.tap()],
    ["field-clusterName", (one) => one.fill("pocket")],
    ["field-keys.ca", () => bench.set("keys.ca", "ECDSA-P256")],
    ["field-keys.leaf", () => bench.set("keys.leaf", "ECDSA-P256")],
  ]) {
    await bench.bringIntoView(name);
    await act(bench.part(name));
  }
  await bench.bringIntoView("cert-apiserver@cp-1");
  await bench.part("cert-apiserver@cp-1").tap();
  await expect(bench.part("inspector")).toBeInViewport();
  await expect(bench.part("inspector")).toContainText("kube-apiserver");
  await page.keyboard.press("Escape");
  await bench.bringIntoView("generate");
  await bench.part("generate").tap();
  await bench.reaches("issued");
  await bench.bringIntoView("export-zip");
  const saving = page.waitForEvent("download");
  await bench.part("export-zip").tap();
  await bench.part("lock-open").tap();
  await expect(bench.part("confirm")).toHaveText("Download");
  await bench.part("confirm").tap();
  expect((await saving).suggestedFilename()).toBe("pocket-pki.zip");
  await context.close();
});

test("at 390 px a link to a lesson shows the lesson, and its view is one touch away", async ({ bench }) => {
  const { page } = bench;
  await page.setViewportSize({ width: 390, height: 844 });
  await bench.open("#&g=lesson:keys/1&v=commands");
  const guide = page.getByRole("region", { name: "Guide" });
  await expect(guide).toContainText("What a handshake proves");
  await expect(guide).toBeInViewport();
  await page.getByRole("button", { name: "Guide", exact: true }).click();
  await expect(page.locator(".view")).toBeInViewport();
  await expect(bench.part("tab-commands")).toBeInViewport({ ratio: 0.9 });
});
