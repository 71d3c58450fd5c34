// What to do with an export stands on the page before there is one, and is what the export then says.
import { join } from "node:path";
import { violations } from "./support/accessible.mjs";
import { unpack } from "./support/archive.mjs";
import { inScratch } from "./support/command.mjs";
import { copied } from "./support/copied.mjs";
import { expect, test } from "./support/test.mjs";

/** A line of Markdown as it is read: without the marks of names and stressed words. */
const plain = (line) => line.replaceAll("`", "").replaceAll("**", "");

/** The steps of a README.md: of each its heading, and paragraphs and blocks in their order. */
function stepsOf(readme) {
  const section = readme.split("\n## Step by step\n")[1].split("\n## ")[0];
  return section.split(/^### /m).slice(1).map((step) => {
    const [heading, ...lines] = step.split("\n");
    const parts = [];
    let block = null;
    for (const line of lines) {
      if (line === "```sh") block = [];
      else if (line === "```") {
        parts.push(`$ ${block.join("\n")}`);
        block = null;
      } else if (block) block.push(line);
      else if (line) parts.push(plain(line));
    }
    return { heading: plain(heading), parts };
  });
}

/** The same as a part of the page shows them. */
const shown = (list) =>
  list.locator(":scope > li").evaluateAll((all) =>
    all.map((step) => ({
      heading: step.querySelector("h3").textContent,
      parts: [...step.querySelectorAll("p, pre")].map((one) => (one.tagName === "PRE" ? "$ " : "") + one.textContent),
    })),
  );

for (const [preset, node] of [["ha-stacked", "cp-1"], ["course", "controlplane"]]) {
  test(`${preset}: the steps are on the page before anything is made, and README.md has the same`, async ({ bench }) => {
    const { page } = bench;
    await bench.open();
    await bench.press(`preset-${preset}`);
    await bench.set("keys.ca", "ECDSA-P256");
    await bench.set("keys.leaf", "ECDSA-P256");
    await page.keyboard.press("Escape");
    await bench.part("begin-runbook").click();
    await expect(bench.part("tab-commands")).toHaveAttribute("aria-selected", "true");
    const list = bench.part("runbook-steps");
    await expect(list).toBeVisible();
    expect(await bench.state(), "nothing is made yet").toBe("planned");
    await expect(bench.part("export-zip")).toBeDisabled();
    const before = await shown(list);
    expect(before.length).toBeGreaterThan(8);
    await bench.part("runbook-of").selectOption({ label: `${node} alone` });
    await expect(page.getByText(`These are ${node}'s steps`)).toBeVisible();
    const ofNode = await shown(list);
    expect(ofNode.length).toBeLessThan(before.length);

    await bench.generate();
    await bench.press("export-zip");
    const inDialog = await bench.reveal(bench.part("runbook-of-export").getByTestId("runbook-steps"));
    await expect(inDialog, "and before it is downloaded").toBeVisible();
    expect(await shown(inDialog)).toEqual(before);
    await bench.part("close").click();
    for (const [button, steps] of [["export-zip", before], [`export-node-${node}`, ofNode]]) {
      const saved = await bench.download(button);
      await inScratch(async (folder) => {
        const tree = await unpack(saved.path, join(folder, "zip"));
        expect(steps).toEqual(stepsOf(await tree.text("README.md")));
      });
    }
  });
}

test("the steps follow the design, can be copied, linked and read by everybody", async ({ bench, context }) => {
  const { page } = bench;
  await bench.open("#&v=commands&s=runbook:whole");
  const steps = bench.part("runbook-steps").locator(":scope > li");
  await expect(steps.filter({ hasText: "join as a control plane" })).toHaveCount(1);
  const first = steps.first();
  await first.getByRole("button", { name: "Copy the commands" }).first().click();
  const lines = await first.locator("pre").first().textContent();
  expect(await copied(context, lines)).toBe(lines);
  expect(await violations(page)).toEqual([]);
  await bench.press("preset-single");
  await expect(steps.filter({ hasText: "join as a control plane" })).toHaveCount(0);
  await expect(page).toHaveURL(/s=runbook:whole/);
  await bench.page.getByRole("button", { name: "The same certificates by hand" }).click();
  await expect(bench.part("runbook-steps")).toHaveCount(0);
  await expect(page.getByText("For the whole set")).toBeVisible();
});
