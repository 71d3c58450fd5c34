// The main job without a pointer, and the keys that the page has of its own.
import { expect, test } from "./support/test.mjs";

/** Whether what has the focus shows that it has. */
function focusShows(page) {
  return page.evaluate(() => {
    const look = (one) => {
      const style = getComputedStyle(one);
      return [style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor].join();
    };
    const one = document.activeElement;
    const marked = one.closest("label") ?? one;
    const [own, around] = [look(one), look(marked)];
    one.blur();
    const without = [look(one), look(marked)];
    one.focus({ focusVisible: true });
    return own !== without[0] || around !== without[1];
  });
}

/** The name of the part that has the focus, or that holds what has it. */
const focused = (page) => page.evaluate(() => document.activeElement?.closest("[data-testid]")?.dataset.testid ?? "");

/** Presses Tab until a part has the focus. */
async function tabTo(page, name, key = "Tab") {
  for (let presses = 0; presses < 300; presses++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${name} is not reached by ${key}`);
}

/** Chooses among radio buttons or options with the arrow keys. */
async function choose(bench, path, value) {
  await tabTo(bench.page, `field-${path}`);
  for (let presses = 0; presses < 10 && (await bench.value(path)) !== value; presses++) await bench.page.keyboard.press("ArrowDown");
  expect(await bench.value(path)).toBe(value);
}

test("design, generate and export with the keyboard alone", async ({ bench }) => {
  const { page } = bench;
  await bench.open();
  await tabTo(page, "preset-single");
  expect(await focusShows(page)).toBe(true);
  await page.keyboard.press("Enter");
  await tabTo(page, "field-clusterName");
  expect(await focusShows(page)).toBe(true);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("by-keyboard");
  await page.keyboard.press("Enter");
  await choose(bench, "keys.leaf", "ECDSA-P256");
  await choose(bench, "keys.ca", "ECDSA-P256");
  await tabTo(page, "generate");
  expect(await focusShows(page)).toBe(true);
  await page.keyboard.press("Enter");
  await bench.reaches("issued");
  await tabTo(page, "export-zip");
  const saving = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  const confirm = bench.part("confirm");
  await expect(confirm).toBeVisible();
  await tabTo(page, "lock-open");
  await page.keyboard.press("Enter");
  await expect(confirm).toHaveText("Download");
  await tabTo(page, "confirm");
  expect(await focusShows(page)).toBe(true);
  await page.keyboard.press("Enter");
  expect((await saving).suggestedFilename()).toBe("by-keyboard-pki.zip");
});

test("the arrow keys walk the hierarchy, from CA to certificate and along", async ({ bench }) => {
  const { page } = bench;
  await bench.open();
  const start = bench.part("cert-ca@cluster");
  await start.click();
  await expect(start).toHaveAttribute("aria-pressed", "true");
  const visited = [await focused(page)];
  for (const key of ["ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowLeft"]) {
    await page.keyboard.press(key);
    visited.push(await focused(page));
    expect(await focusShows(page), key).toBe(true);
  }
  expect(visited[0]).toBe("cert-ca@cluster");
  expect(visited[1]).toMatch(/^cert-apiserver@/);
  expect(new Set(visited.slice(1, 4)).size, "three different certificates").toBe(3);
  expect(visited[4]).toBe(visited[2]);
  expect(visited[5]).toBe("cert-ca@cluster");
});

test("/ searches, Enter goes there, Esc clears, ? tells the keys", async ({ bench }) => {
  const { page } = bench;
  await bench.open();
  await page.keyboard.press("/");
  await expect(bench.part("search")).toBeFocused();
  await page.keyboard.type("etcd-server.crt");
  await page.keyboard.press("Enter");
  await expect(bench.part("cert-etcd-server@cp-1")).toHaveAttribute("aria-pressed", "true");
  await expect(bench.part("inspector")).toContainText("etcd");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(bench.page.locator('[aria-pressed="true"][data-testid^="cert-"]')).toHaveCount(0);
  await page.locator("body").press("?");
  await expect(page.locator("dialog[open]")).toContainText("Esc");
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog[open]")).toHaveCount(0);
});

test("the tabs are walked with arrow keys, and show what they name", async ({ bench }) => {
  const { page } = bench;
  await bench.open();
  await bench.part("tab-hierarchy").focus();
  for (const view of ["connections", "handshake", "files", "flags", "timeline", "commands", "cis"]) {
    await page.keyboard.press("ArrowRight");
    if ((await bench.part(`tab-${view}`).getAttribute("aria-selected")) !== "true") await page.keyboard.press("Enter");
    await expect(bench.part(`tab-${view}`)).toHaveAttribute("aria-selected", "true");
    await expect(bench.part(`tab-${view}`)).toBeFocused();
  }
});

test("keys typed into a field stay in the field", async ({ bench }) => {
  await bench.open();
  const field = await bench.reveal(bench.field("imageRepository"));
  await field.fill("");
  await field.pressSequentially("registry.example/a?");
  await expect(field).toHaveValue("registry.example/a?");
  await expect(field).toBeFocused();
  await expect(bench.page.locator("dialog[open]")).toHaveCount(0);
});
