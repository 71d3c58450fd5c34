// "Embed this": what the workbench gives for what is on screen shows the same in another page.
import { readFile } from "node:fs/promises";
import { elementFolder } from "./support/environment.mjs";
import { besideFrame, page as written, withSite } from "./support/site.mjs";
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
  const { tag, address } = await given(bench);
  const saving = bench.page.waitForEvent("download");
  await bench.part("embed-svg").click();
  const svg = await readFile(await (await saving).path(), "utf8");
  expect(svg).toMatch(/^<svg[^]*shown-elsewhere/);

  await elsewhere(browser, { tag, address }, async (element) => {
    await expect(element.getByText(/shown-elsewhere/).first()).toBeVisible();
    await expect(element.locator('[aria-pressed="true"]').filter({ hasText: "apiserver.crt" }).first()).toBeVisible();
  });
});

for (const [what, arrange, shown, says] of [
  ["the table of connections", (bench) => bench.part("as-table").click(), ".connections-table tbody tr", /^etcd → etcd peer.*2380/],
  ["the hardened connections", (bench) => bench.part("as-hardened").click(), '[data-testid="hardened-sum"]', /^As it would be with all options beside: \d+ of \d+ connections lack a check, \d+ in your design/],
]) {
  test(`${what}: embedded as such`, async ({ bench, browser }) => {
    await bench.open();
    await bench.part("tab-connections").click();
    await arrange(bench);
    const own = bench.page.locator(`main ${shown}`);
    await expect(own.first()).toHaveText(says);
    const texts = await own.allTextContents();
    await bench.part("embed").click();
    await elsewhere(browser, await given(bench), (element) => expect(element.locator(shown), "word for word").toHaveText(texts));
  });
}

test("the page's own panels are in neither tag, link nor address, and Forget asks in a dialog", async ({ bench }) => {
  const { page } = bench;
  await bench.open();
  await bench.inspect("cert-ca@cluster");
  const address = page.url();
  await bench.part("trust").click();
  await expect(bench.part("leak-test")).toBeVisible();
  expect(page.url()).not.toMatch(/trust/);
  await bench.part("forget").click();
  const dialog = page.getByRole("dialog", { name: "Forget everything?" });
  await expect(dialog.getByTestId("confirm")).toHaveClass(/danger/);
  expect(page.url()).not.toMatch(/trust|forget/);
  await dialog.getByTestId("close").click();
  await bench.part("embed").click();
  const { tag, address: frame } = await given(bench);
  expect(`${tag} ${frame}`).not.toMatch(/trust|focus/);
  await bench.part("close").click();
  // Nor does somebody else's link open one.
  await page.goto("about:blank");
  await page.goto(`${address.split("#")[0]}#&s=trust:forget`);
  await bench.locked();
  await expect(page.getByText("Forget everything")).toHaveCount(0);
});

/** The tag and the iframe's address in the dialog. */
async function given(bench) {
  const tag = /<kube-pki .*<\/kube-pki>/.exec(await way(bench, "Any page").textContent())[0];
  const [, address] = /src="\/kubepki(\/embed\.html#[^"]*)"/.exec(await way(bench, "iframe").textContent());
  return { tag, address };
}

/** Shows both in another browser's pages; `look` is called with the element of each. */
async function elsewhere(browser, { tag, address }, look) {
  const page = await (await browser.newContext()).newPage();
  await withSite({ folder: elementFolder, policy: besideFrame, pages: { "/guide.html": written(tag) } }, async (site) => {
    for (const path of ["/guide.html", `/kubepki${address.replaceAll("&amp;", "&")}`]) {
      await page.goto("about:blank");
      await page.goto(site + path);
      await look(page.locator("kube-pki"));
    }
  });
  await page.context().close();
}
