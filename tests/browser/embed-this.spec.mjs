// "Embed this": what the workbench gives for what is on screen shows the same in another page.
import { readFile } from "node:fs/promises";
import { elementFolder } from "./support/environment.mjs";
import { STRICT, page as written, withSite } from "./support/site.mjs";
import { expect, test } from "./support/test.mjs";

/** The text of a way in the dialog. */
const way = (bench, title) => bench.page.locator("dialog details").filter({ hasText: title }).locator("pre");

test("the tag shows the same design, view and selection in another page, and so does the iframe's address", async ({ bench, browser }) => {
  await bench.open();
  await bench.press("preset-single");
  await bench.set("clusterName", "shown-elsewhere");
  await bench.inspect("file-cp-1:/etc/kubernetes/pki/apiserver.crt");
  await bench.part("embed").click();
  await expect(bench.page.locator("dialog h2")).toHaveText("Embed this");
  await expect(bench.page.locator("dialog summary")).toHaveText(["Any page", "iframe", "MkDocs", "VitePress", "Docusaurus", "Hugo", "mdBook"]);
  const text = await way(bench, "Any page").textContent();
  const tag = /<kube-pki .*<\/kube-pki>/.exec(text)[0];
  const [, address] = /src="\/kubepki(\/embed\.html#[^"]*)"/.exec(await way(bench, "iframe").textContent());
  const saving = bench.page.waitForEvent("download");
  await bench.part("embed-svg").click();
  const svg = await readFile(await (await saving).path(), "utf8");
  expect(svg).toMatch(/^<svg[^]*shown-elsewhere/);

  const other = await (await browser.newContext()).newPage();
  // embed.html has a policy of its own inside.
  const policy = (body) => (body.includes("http-equiv") ? "frame-ancestors 'self'" : STRICT);
  await withSite({ folder: elementFolder, policy, pages: { "/guide.html": written(tag) } }, async (site) => {
    for (const path of ["/guide.html", `/kubepki${address.replaceAll("&amp;", "&")}`]) {
      await other.goto("about:blank");
      await other.goto(site + path);
      const element = other.locator("kube-pki");
      await expect(element.getByText(/shown-elsewhere/).first()).toBeVisible();
      await expect(element.locator('[aria-pressed="true"]').filter({ hasText: "apiserver.crt" }).first()).toBeVisible();
    }
  });
  await other.context().close();
});
