// The audit page that the page saves: the command line's to the last byte, complete, accessible, and fit to be printed.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { violations } from "./support/accessible.mjs";
import { unpack } from "./support/archive.mjs";
import { inScratch, kubepki, openssl } from "./support/command.mjs";
import { expect, test } from "./support/test.mjs";
import { watch } from "./support/watch.mjs";

/** What stands between the margins of an A4 sheet, in CSS pixels: 180 mm. */
const SHEET = { width: 680, height: 1009 };

/** What the page saves as the audit page. */
async function saved(bench) {
  await bench.page.locator('[data-choose="audit"]').click();
  const { path, name } = await bench.download("save-audit");
  return { bytes: await readFile(path), name };
}

/** What the command line writes from the page's export. */
async function written(bench, folder, name) {
  const { path } = await bench.exportZip();
  const page = join(folder, name);
  await kubepki(["audit", path, "--out", page]);
  return { zip: path, page, bytes: await readFile(page) };
}

test("what the page saves is what the command line writes, and openssl agrees", async ({ bench }) => {
  await bench.open();
  await bench.show("cis");
  await expect(bench.page.locator("#view")).not.toHaveAttribute("aria-busy");
  await expect(bench.page.locator('[data-choose="audit"]'), "there is none yet").toHaveCount(0);
  await bench.issued("single");
  await bench.show("timeline");
  const { bytes, name } = await saved(bench);
  await inScratch(async (folder) => {
    const ours = await written(bench, folder, "audit.html");
    expect(name).toMatch(/-audit\.html$/);
    expect(bytes.equals(ours.bytes), "the same bytes").toBe(true);
    const text = bytes.toString().replaceAll("<wbr>", "");
    const tree = await unpack(ours.zip, join(folder, "zip"));
    for (const path of await tree.matching(/^nodes\/.*\.crt$/)) {
      const said = await openssl(["x509", "-in", join(tree.root, path), "-noout", "-fingerprint", "-sha256"]);
      expect(text, path).toContain(`<code>${said.trim().split("=")[1]}</code>`);
    }
    for (const path of await tree.matching(/^nodes\/.*(\.key|\.conf)$/)) expect(text).toContain(`<td><code>${path}</code>`);
  });
});

test("it is of the PKI that is there, also where two came from one design", async ({ bench }) => {
  await bench.issued("single");
  await bench.show("cis");
  await inScratch(async (folder) => {
    const first = await saved(bench);
    await bench.generate();
    await bench.page.keyboard.press("Escape");
    const second = await saved(bench);
    expect(second.bytes.equals(first.bytes)).toBe(false);
    expect(second.bytes.equals((await written(bench, folder, "second.html")).bytes)).toBe(true);
    await bench.press("undo");
    await bench.page.keyboard.press("Escape");
    expect((await saved(bench)).bytes.equals(first.bytes), "undo brings the first one back").toBe(true);
  });
});

test("it opens under its own policy in silence, is accessible in both themes, and no table is cut", async ({ context }) => {
  test.slow();
  await inScratch(async (folder) => {
    const [zip, file, pdf] = ["a.zip", "audit.html", "audit.pdf"].map((name) => join(folder, name));
    await kubepki(["generate", "--preset", "ha-stacked", "--out", zip]);
    await kubepki(["audit", zip, "--out", file]);
    const page = await context.newPage();
    const seen = await watch(page);
    await page.goto(pathToFileURL(file).href);
    seen.loaded();
    expect(await page.evaluate(() => getComputedStyle(document.querySelector("table")).borderCollapse), "the style counts").toBe("collapse");
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await violations(page), colorScheme).toEqual([]);
      expect(await wide()).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize(SHEET);
    // A dark screen prints black on white as well.
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await wide(), "nothing is wider than a sheet").toBeLessThanOrEqual(0);
    const printed = await page.evaluate(() => {
      const style = (selector, name) => getComputedStyle(document.querySelector(selector))[name];
      const high = (selector) => Math.max(...[...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect().height));
      return {
        colours: [style("body", "color"), style("body", "backgroundColor")],
        whole: ["tbody tr", ".deviation", ".last"].map((selector) => style(selector, "breakInside")),
        head: style("thead", "display"),
        highest: Math.max(high("tr"), high(".deviation"), high(".last")),
        room: Math.min(...[...document.querySelectorAll(".paper")].map((one) => one.clientHeight)),
      };
    });
    expect(printed.colours).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
    expect(printed.whole).toEqual(["avoid", "avoid", "avoid"]);
    expect(printed.head, "heads are repeated").toBe("table-header-group");
    expect(printed.highest, "what stays whole fits a sheet").toBeLessThan(SHEET.height);
    expect(printed.room, "room for three lines by hand").toBeGreaterThan(70);
    await writeFile(pdf, await page.pdf({ preferCSSPageSize: true }));
    const sheets = (await readFile(pdf, "latin1")).match(/\/Type \/Page\b/g).length;
    expect(sheets).toBeGreaterThan(5);
    expect(sheets, "no sheet for each line").toBeLessThan(25);
    // Reasons can be typed before it is printed.
    await page.emulateMedia({ media: "screen" });
    const room = page.getByRole("textbox", { name: /^Reason to accept 1\.2\.5/ });
    await room.fill("Kubelets stand in one rack with the API server.");
    await expect(room).toHaveText("Kubelets stand in one rack with the API server.");
    expect(await seen.problems()).toEqual([]);
  });
});
