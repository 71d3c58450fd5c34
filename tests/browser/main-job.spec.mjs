// The main job: design a cluster, generate its PKI, export it, and have it judged by other programs.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unpack } from "./support/archive.mjs";
import { copied } from "./support/copied.mjs";
import { inScratch, kubepki, openssl } from "./support/command.mjs";
import { judged } from "./support/judges.mjs";
import { expect, test } from "./support/test.mjs";

const JOBS = [
  { name: "one node, RSA-2048", preset: "single", algorithm: "RSA-2048", clusterName: "solo" },
  { name: "three control planes, ECDSA-P256", preset: "ha-stacked", algorithm: "ECDSA-P256", clusterName: "prod-ap" },
  { name: "etcd hosts apart, ECDSA-P384", preset: "ha-external", algorithm: "ECDSA-P384", clusterName: "prod-us" },
  { name: "course names, ECDSA-P256", preset: "course", algorithm: "ECDSA-P256", clusterName: "lab" },
];

for (const job of JOBS) {
  test(`${job.name}: generated, exported, judged and reproduced`, async ({ bench }) => {
    await bench.open();
    await bench.press(`preset-${job.preset}`);
    await bench.set("clusterName", job.clusterName);
    await bench.set("keys.ca", job.algorithm);
    await bench.set("keys.leaf", job.algorithm);
    await expect(bench.part("export-zip")).toBeDisabled();
    await bench.generate();
    const saved = await bench.exportZip();
    expect(saved.name).toBe(`${job.clusterName}-pki.zip`);
    await inScratch(async (folder) => {
      const tree = await unpack(saved.path, join(folder, "zip"));
      expect(tree.name).toBe(`${job.clusterName}-pki`);
      await judged(tree);
      await kubepki(["generate", "--reproduce", saved.path, "--out", join(folder, "again.zip")]);
      const [ours, again] = [await readFile(saved.path), await readFile(join(folder, "again.zip"))];
      expect(ours.equals(again), "the command line makes the same bytes").toBe(true);
    });
  });
}

test("one node's bundle holds that node and no other", async ({ bench }) => {
  await bench.issued("ha-stacked");
  const saved = await bench.download("export-node-cp-2");
  await inScratch(async (folder) => {
    const tree = await unpack(saved.path, folder);
    const nodes = new Set((await tree.matching(/^nodes\//)).map((path) => path.split("/")[1]));
    expect([...nodes]).toEqual(["cp-2"]);
    expect(await tree.has("nodes/cp-2/etc/kubernetes/pki/apiserver.crt")).toBe(true);
  });
});

test("what is shown of a certificate is what its bytes say", async ({ bench }) => {
  await bench.issued("single");
  const shown = (await bench.inspect("cert-apiserver@cp-1")).replace(/[\s:]/g, "").toLowerCase();
  const saved = await bench.exportZip();
  await inScratch(async (folder) => {
    const tree = await unpack(saved.path, folder);
    const path = join(tree.root, "nodes/cp-1/etc/kubernetes/pki/apiserver.crt");
    const said = await openssl(["x509", "-in", path, "-noout", "-serial", "-fingerprint", "-sha256"]);
    for (const value of said.trim().split("\n").map((line) => line.split("=")[1])) {
      expect(shown).toContain(value.replaceAll(":", "").replace(/^0+/, "").toLowerCase());
    }
  });
});

test("progress is told, and Cancel is obeyed within a second", async ({ bench }) => {
  await bench.open();
  await bench.set("keys.ca", "RSA-4096");
  await bench.set("keys.leaf", "RSA-4096");
  await bench.part("generate").click();
  await bench.reaches("working");
  const working = bench.page.getByRole("region", { name: "Generating" });
  await expect(working.getByRole("progressbar", { name: "Certificates and keys made" })).toHaveAttribute("max", /^[1-9]\d+$/);
  await expect(working).toContainText(/\d+ of \d+ certificates: \w/);
  await expect(bench.part("export-zip")).toBeDisabled();
  await bench.part("cancel").click();
  await bench.reaches("cancelled");
  const cancelled = (await bench.states()).findLast((one) => one.state === "cancelled").at;
  const pressed = await bench.page.evaluate(() => window.lastPress);
  expect(cancelled - pressed).toBeLessThan(1_000);
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
  await bench.generate();
});

test("a PKI outlives edits, is marked stale, and undo brings back what was", async ({ bench }) => {
  await bench.issued("single");
  const first = await readFile((await bench.exportZip()).path);
  await bench.set("clusterName", "later");
  await bench.reaches("stale");
  await expect(bench.part("state")).toContainText("issued from an earlier design");
  expect((await readFile((await bench.exportZip()).path)).equals(first), "the export is of what was issued").toBe(true);
  await bench.press("undo");
  await bench.reaches("issued");
  await bench.press("redo");
  await bench.reaches("stale");
  await bench.generate();
  const second = await bench.exportZip();
  expect((await readFile(second.path)).equals(first)).toBe(false);
  expect(second.name).toBe("later-pki.zip");
  await bench.press("undo");
  await bench.reaches("stale");
  await bench.press("undo");
  await bench.reaches("issued");
  expect((await readFile((await bench.exportZip()).path)).equals(first), "the first PKI is back").toBe(true);
});

test("an edit is one undo step when it is left", async ({ bench }) => {
  await bench.open();
  const before = await bench.value("clusterName");
  await expect(bench.part("undo")).toBeDisabled();
  const field = await bench.reveal(bench.field("clusterName"));
  // All in one go: where a busy machine rests half a second between two letters, two steps are right.
  await field.evaluate((one) => {
    one.select();
    for (const letter of "typed-letter-by-letter") document.execCommand("insertText", false, letter);
  });
  await field.press("Enter");
  await bench.press("undo");
  expect(await bench.value("clusterName")).toBe(before);
  await bench.press("redo");
  expect(await bench.value("clusterName")).toBe("typed-letter-by-letter");
});

test("keys that were never exported are not given up without asking", async ({ bench }) => {
  await bench.issued("single");
  await bench.press("preset-ha-stacked");
  const confirm = bench.part("confirm");
  await expect(confirm).toBeVisible();
  await expect(bench.page.getByRole("dialog")).toContainText("The PKI you made was never exported.");
  await bench.page.keyboard.press("Escape");
  await expect(confirm).toBeHidden();
  expect(await bench.field("nodes.1.name").count(), "the design is as it was").toBe(0);
  await bench.reaches("issued");
  const asked = bench.page.waitForEvent("dialog");
  await bench.page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
});

test("an export with CA keys says so by name", async ({ bench }) => {
  await bench.issued("single");
  const said = bench.page.locator("dialog[open]");
  const saving = bench.page.waitForEvent("download");
  await bench.part("export-zip").click();
  await expect(said).toContainText("ca.key");
  await expect(bench.part("lock-passphrase"), "encryption is the first choice").toHaveAttribute("aria-pressed", "true");
  await bench.part("lock-open").click();
  await expect(bench.part("confirm")).toHaveText("Download");
  await bench.part("confirm").click();
  await saving;
});

test("the link's fragment alone reopens the design and the selection", async ({ bench, context }) => {
  await bench.open();
  await bench.set("clusterName", "linked");
  await bench.set("nodes.0.name", "front-1");
  await bench.inspect("cert-etcd-peer@front-1");
  await bench.press("copy-link");
  const link = new URL(await copied(context, "#d1."));
  expect(link.hash.length).toBeLessThan(8_000);
  const other = await context.newPage();
  await other.goto(`/${link.hash}`);
  await expect(other.locator("main")).toHaveAttribute("data-state", "planned");
  await expect(other.getByTestId("field-clusterName")).toHaveValue("linked");
  await expect(other.getByTestId("cert-etcd-peer@front-1")).toHaveAttribute("aria-pressed", "true");
});

test("keys are made ahead from the first touch on, and dropped with the algorithm", async ({ bench }) => {
  await bench.open();
  await bench.press("preset-single");
  const ready = bench.part("keys-ready");
  await expect(ready).toHaveText(/keys ready: [1-9]\d* of 16/, { timeout: 20_000 });
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
  await expect(ready).toHaveText(/keys ready: 16 of 16/);
  await bench.set("keys.leaf", "RSA-4096");
  await expect(ready).toHaveText(/keys ready: [3-5] of 16/);
});

test("the issue time is what certificates begin from", async ({ bench }) => {
  await bench.open();
  await bench.press("preset-single");
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
  const time = bench.part("issue-time");
  await time.fill("2027-03-04T05:06");
  await time.blur();
  await bench.generate();
  const saved = await bench.exportZip();
  await inScratch(async (folder) => {
    const tree = await unpack(saved.path, folder);
    expect(await tree.certificate("nodes/cp-1/etc/kubernetes/pki/ca.crt")).toContain("Not Before: Mar  4 05:01:00 2027 GMT");
  });
});
