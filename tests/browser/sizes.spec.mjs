// What has room where: tabs, the line about the PKI, the status, what is pressed, and what is read in a guide.
import { expect, test } from "./support/test.mjs";

/** How many lines of text an element takes. */
const lines = (locator) =>
  locator.evaluate((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return new Set([...range.getClientRects()].map((rect) => Math.round(rect.bottom))).size;
  });

for (const width of [1024, 1240, 1440]) {
  test(`at ${width} px every tab can be read and pressed where it is`, async ({ bench }) => {
    await bench.page.setViewportSize({ width, height: 768 });
    await bench.open();
    const hidden = await bench.page.getByRole("tab").evaluateAll((all) =>
      all.filter((tab) => {
        const { left, right, top, height } = tab.getBoundingClientRect();
        return [left + 1, right - 1].some((x) => document.elementFromPoint(x, top + height / 2) !== tab);
      }).map((tab) => tab.textContent),
    );
    expect(hidden).toEqual([]);
  });
}

test("at 390 px the chosen tab is in sight, and a row that goes on fades", async ({ bench }) => {
  await bench.page.setViewportSize({ width: 390, height: 844 });
  await bench.open();
  const row = bench.page.getByRole("tablist", { name: "Views" });
  for (const name of ["CIS", "Timeline", "Hierarchy"]) {
    await bench.page.getByRole("tab", { name, exact: true }).click();
    const { inside, masked } = await row.evaluate((one) => {
      const [around, tab] = [one, one.querySelector("[aria-selected=true]")].map((it) => it.getBoundingClientRect());
      const fade = parseFloat(getComputedStyle(one).getPropertyValue("--fade"));
      return { inside: tab.left >= around.left + fade - 1 && tab.right <= around.right - fade + 1, masked: getComputedStyle(one).maskImage };
    });
    expect([name, inside]).toEqual([name, true]);
    expect(masked).toContain("linear-gradient");
  }
});

for (const [width, height] of [[1440, 900], [1024, 768]]) {
  test(`at ${width} px what was issued is said in a line, and so is how it stands`, async ({ bench }) => {
    await bench.page.setViewportSize({ width, height });
    await bench.issued("ha-stacked");
    const strip = bench.page.getByRole("region", { name: "The PKI" });
    const state = bench.part("state");
    const small = async () => {
      expect((await strip.boundingBox()).height).toBeLessThanOrEqual(40);
      expect(await lines(state)).toBe(1);
    };
    await expect(strip).toContainText(/Issued \d\d:\d\d UTC · 35 read back and verified/);
    await small();
    await expect(bench.part("keys-ready"), "they are in use").toHaveCount(0);
    await expect(bench.part("generate")).toHaveClass("text");
    await bench.download("export-zip");
    await bench.set("clusterName", "a-name-that-takes-some-room-of-its-own");
    await bench.reaches("stale");
    await expect(strip).toContainText("Issued from an earlier design · 1 difference");
    await small();
    await strip.locator("summary").click();
    await expect(strip).toContainText("Name: prod-eu → a-name-that-takes-some-room-of-its-own");
    await bench.press("back-to-issued");
    await bench.reaches("issued");
  });
}

test("what is pressed is as tall as a finger tip needs, and steps back with what it belongs to", async ({ bench }) => {
  await bench.open();
  const heights = (locator) => locator.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  for (const height of await heights(bench.page.locator(".badge"))) expect(height).toBeGreaterThanOrEqual(24);
  for (const height of await heights(bench.page.locator('input[role="switch"]'))) expect(height).toBeGreaterThanOrEqual(24);
  const colour = () => bench.part("unfold-apiserver").evaluate((one) => getComputedStyle(one).color);
  const before = await colour();
  await bench.inspect("cert-etcd-ca@cluster");
  expect(await colour()).not.toBe(before);
});

test("a wrong field of a node has a red edge, and a private file is no failed check", async ({ bench }) => {
  await bench.open();
  await bench.set("nodes.0.addresses.0", "10.0.0.999");
  await bench.reaches("invalid");
  const danger = await bench.page.evaluate(() => {
    const one = document.body.appendChild(document.createElement("i"));
    one.style.color = "var(--danger)";
    return getComputedStyle(one).color;
  });
  const field = bench.field("nodes.0.addresses.0");
  for (const act of [() => field.blur(), () => field.hover(), () => field.focus()]) {
    await act();
    expect(await field.evaluate((one) => getComputedStyle(one).borderColor)).toBe(danger);
  }
  await bench.press("undo");
  await bench.show("files");
  const mode = bench.part("file-cp-1:/etc/kubernetes/pki/ca.key").locator(".mode");
  expect(await mode.evaluate((one) => getComputedStyle(one).color)).not.toBe(danger);
  await expect(mode.locator("svg")).toHaveCount(1);
});

test("a guide's lists have marks, its headings room, its links a place in their sentence, its answers one edge", async ({ bench }) => {
  await bench.open("#&g=lesson:csr/2");
  const guide = bench.page.getByRole("region", { name: "Guide" });
  await expect(guide.locator("ul:not([class]) li").first()).toBeVisible();
  const found = await guide.evaluate((one) => {
    const style = (selector, name) => [...one.querySelectorAll(selector)].map((it) => getComputedStyle(it)[name]);
    return { marks: style("ul:not([class])", "listStyleType"), room: style(".caps", "marginTop"), padding: style(":is(p, li) > .text", "paddingLeft") };
  });
  expect(new Set(found.marks)).toEqual(new Set(["disc"]));
  for (const room of found.room) expect(parseFloat(room)).toBeGreaterThanOrEqual(20);
  expect(new Set(found.padding)).toEqual(new Set(["0px"]));
  await bench.page.goto("about:blank");
  await bench.open("#&g=lesson:etcd/3");
  const edges = () => guide.locator(".answer").evaluateAll((all) => all.map((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return Math.round(range.getBoundingClientRect().left);
  }));
  await expect.poll(async () => (await edges()).length).toBeGreaterThan(1);
  expect(new Set(await edges()).size).toBe(1);
});

test("faults are put in one after the other without their switches moving away", async ({ bench }) => {
  await bench.open("#&v=connections&s=connection:kube-apiserver->etcd");
  const chip = bench.part("fault-expired:etcd-server");
  await chip.waitFor({ state: "attached" });
  await bench.reveal(chip);
  await chip.scrollIntoViewIfNeeded();
  const top = async () => (await chip.boundingBox()).y;
  const before = await top();
  await chip.click();
  await expect(chip).toHaveAttribute("aria-pressed", "true");
  expect(Math.abs((await top()) - before)).toBeLessThan(40);
});

test("the audit page is offered once there is one", async ({ bench }) => {
  await bench.issued("single");
  for (const view of ["cis", "timeline"]) {
    await bench.show(view);
    await expect(bench.page.locator('[data-choose="audit"]')).toHaveText("Audit page (HTML)…");
  }
});
