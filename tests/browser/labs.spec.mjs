// A lab plays on a cluster of its own: whatever is done in it and however it is left, the user's design, its undo history, the
// PKI made of it and the address are what they were.
import { readFile } from "node:fs/promises";
import { expect, test } from "./support/test.mjs";

// Every one generates a PKI and draws two clusters.
test.slow();

const guide = (bench) => bench.page.getByRole("region", { name: "Guide" });
const address = (bench) => bench.page.evaluate(() => location.hash);
const sample = (bench) => bench.page.getByText("Sample cluster of this lab");

/** A design of one's own with a step to take back and one to bring again, and the PKI made of it, looked at in its files. */
async function own(bench) {
  await bench.open();
  await bench.press("preset-ha-stacked");
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
  await bench.set("clusterName", "mine");
  await bench.set("networking.dnsDomain", "mine.example");
  await bench.press("undo");
  await expect.poll(() => bench.value("networking.dnsDomain")).not.toBe("mine.example");
  await bench.generate();
  await bench.show("files");
  await bench.parts("file-").first().click();
}

/** Everything of the user's that can be seen from outside. */
async function seen(bench) {
  return {
    address: await address(bench),
    state: await bench.state(),
    name: await bench.value("clusterName"),
    domain: await bench.value("networking.dnsDomain"),
    nodes: await bench.nodes(),
    undo: await bench.part("undo").isEnabled(),
    redo: await bench.part("redo").isEnabled(),
    view: await bench.part("tab-files").getAttribute("aria-selected"),
    sheet: await bench.part("inspector").innerText(),
    issued: await bench.part("export-zip").isEnabled(),
  };
}

/** Begins a lab as its student does. */
async function enter(bench, lab) {
  await bench.part("mode-learn").click();
  await bench.part(`lab-${lab}`).click();
  await expect(sample(bench)).toBeVisible();
  await expect(guide(bench).locator(".log").first()).toBeVisible();
}

/** Looks, asks, and repairs. */
async function play(bench) {
  await expect(bench.part("export-zip")).toBeDisabled();
  await expect(bench.field("clusterName"), "the form is not there to be changed").toHaveCount(0);
  await bench.part("lab-hint").click();
  await guide(bench).getByRole("listitem").getByRole("button", { name: "kube-apiserver → kubelet" }).click();
  await expect(bench.part("inspector")).toContainText("Tried on a sample");
  await expect(bench.page.getByRole("button", { name: /^Set this/ }), "the lab's cluster is no design to be set").toHaveCount(0);
  await bench.part("repair-renew:apiserver").evaluate((button) => button.click());
  await expect(bench.part("lab-done")).toContainText("nothing");
}

/** The ways out of a lab; those that stay in Learn come back by its own switch. */
const WAYS = [
  { name: "the button below", leave: (bench) => bench.part("leave-lab").click() },
  { name: "Design", leave: (bench) => guide(bench).getByRole("button", { name: "Design", exact: true }).click() },
  { name: "Learn's switch", leave: (bench) => bench.part("mode-learn").click() },
  {
    name: "the list of lessons and labs",
    leave: async (bench) => {
      await guide(bench).getByRole("button", { name: "All lessons and labs" }).first().click();
      await expect(sample(bench)).toHaveCount(0);
      expect(await bench.state(), "the picture is the user's again").toBe("issued");
      await bench.part("mode-learn").click();
    },
  },
  {
    name: "Esc",
    leave: async (bench) => {
      // What is selected goes first.
      for (let left = 3; left > 0 && (await sample(bench).count()); left--) await bench.page.keyboard.press("Escape");
    },
  },
  { name: "undo", leave: (bench) => bench.part("undo").click() },
  { name: "undo by the keyboard", leave: (bench) => bench.page.keyboard.press("Control+z") },
];

for (const way of WAYS) {
  test(`a lab is left by ${way.name}: design, history, PKI and address are as they were`, async ({ bench }) => {
    await own(bench);
    const before = await seen(bench);
    expect(before).toMatchObject({ state: "issued", name: "mine", undo: true, redo: true, issued: true });
    await enter(bench, "logs-forbidden");
    await play(bench);
    await way.leave(bench);
    await expect(sample(bench)).toHaveCount(0);
    await expect.poll(() => seen(bench)).toEqual(before);
    // The PKI was never exported, and that is still known.
    await bench.press("preset-single");
    await expect(bench.page.locator("dialog[open]")).toContainText("never exported");
    await bench.page.keyboard.press("Escape");
    // The steps of the design are where they were.
    await bench.press("redo");
    await expect.poll(() => bench.value("networking.dnsDomain")).toBe("mine.example");
    await bench.press("undo");
    await bench.press("undo");
    await expect.poll(() => bench.value("clusterName")).not.toBe("mine");
  });
}

test("a lab changes nothing of a PKI, nor whether it was exported", async ({ bench }) => {
  await own(bench);
  const before = await readFile((await bench.exportZip()).path);
  await enter(bench, "logs-forbidden");
  await play(bench);
  await bench.part("repair-new-ca:ca").evaluate((button) => button.click());
  await expect(bench.part("lab-done")).toContainText("not done");
  await bench.part("leave-lab").click();
  const after = await readFile((await bench.exportZip()).path);
  expect(after.equals(before), "the same keys and certificates, to the byte").toBe(true);
  await bench.press("preset-single");
  await expect.poll(() => bench.nodes(), "nothing is asked of what was exported").toEqual(["cp-1"]);
});

test("the back button leaves a lab that a link led to", async ({ bench }) => {
  await own(bench);
  const before = await seen(bench);
  await bench.page.evaluate(() => (location.hash = "#&v=connections&g=lab:logs-forbidden.1"));
  await expect(sample(bench)).toBeVisible();
  await play(bench);
  await bench.page.goBack();
  await expect(sample(bench)).toHaveCount(0);
  await expect.poll(() => seen(bench)).toEqual(before);
});

test("a page that is loaded anew in a lab still has the user's design behind it", async ({ bench }) => {
  await bench.open();
  await bench.set("clusterName", "mine");
  const [mine, nodes] = [(await address(bench)).split("&")[0], await bench.nodes()];
  await enter(bench, "logs-forbidden");
  await play(bench);
  await bench.page.reload();
  await bench.reaches("planned");
  await bench.locked();
  await expect(sample(bench)).toBeVisible();
  await expect(bench.page.getByText("your design “mine” is kept")).toBeVisible();
  await bench.part("leave-lab").click();
  await expect(sample(bench)).toHaveCount(0);
  expect([await bench.value("clusterName"), await bench.nodes()]).toEqual(["mine", nodes]);
  expect((await address(bench)).split("&")[0]).toBe(mine);
});
