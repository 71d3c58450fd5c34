// A design comes in as text: kubeadm's YAML or a design file, pasted, chosen or dropped, and node lists.
import { readFile } from "node:fs/promises";
import { expect, test } from "./support/test.mjs";

const text = (name) => readFile(new URL(`designs/${name}`, import.meta.url), "utf8");
const file = async (name) => ({ name, mimeType: "application/yaml", buffer: Buffer.from(await text(name)) });

/** Drops files onto a part of the page. */
async function drop(bench, part, files) {
  const transfer = await bench.page.evaluateHandle(
    (files) => {
      const transfer = new DataTransfer();
      for (const { name, text } of files) transfer.items.add(new File([text], name, { type: "application/yaml" }));
      return transfer;
    },
    files,
  );
  const target = await bench.reveal(bench.part(part));
  for (const type of ["dragenter", "dragover", "drop"]) await target.dispatchEvent(type, { dataTransfer: transfer });
}

test("a pasted kubeadm YAML becomes the design at once, and undo takes it back", async ({ bench }) => {
  await bench.open();
  const before = await bench.value("clusterName");
  await bench.imported(await text("kubeadm-v1beta4.yaml"), "clusterName", "imported");
  await bench.reaches("planned");
  expect(await bench.value("controlPlaneEndpoint")).toBe("api.imported.example:6443");
  expect(await bench.value("networking.serviceSubnets.0")).toBe("10.97.0.0/16");
  expect(await bench.value("apiServer.certSANs.1")).toBe("203.0.113.9");
  expect(await bench.value("keys.ca")).toBe("ECDSA-P256");
  expect(await bench.value("nodes.0.name")).toBe("first");
  expect(await bench.inspect("cert-apiserver@first")).toContain("kubernetes.default.svc.imported.local");
  await bench.press("undo");
  expect(await bench.value("clusterName")).toBe(before);
});

test("several chosen files describe one cluster together", async ({ bench }) => {
  await bench.open();
  await bench.part("import").setInputFiles([await file("kubeadm-v1beta4.yaml"), await file("kubeadm-join.yaml")]);
  await expect(bench.field("nodes.1.name")).toHaveValue("second");
  await expect(bench.part("cert-apiserver@first")).toHaveCount(1);
  await bench.unfoldAll();
  await expect(bench.part("cert-apiserver@second")).toBeVisible();
});

test("dropped files are taken like chosen ones", async ({ bench }) => {
  await bench.open();
  await drop(bench, "import", [{ name: "kubeadm.yaml", text: await text("kubeadm-v1beta4.yaml") }]);
  await expect(bench.field("clusterName")).toHaveValue("imported");
});

test("a refused YAML keeps the design and lists every error with its place", async ({ bench }) => {
  await bench.open();
  const before = await bench.value("clusterName");
  await bench.importText(await text("kubeadm-refused.yaml"));
  const errors = bench.part("import-errors").getByTestId("finding");
  for (const [place, field] of [
    ["6:18", "networking.serviceSubnet"],
    ["7:14", "networking.dnsDomain"],
    ["10:7", "apiServer.certSANs.0"],
  ]) {
    await expect(errors.filter({ hasText: place }), place).toContainText(field);
  }
  expect(await bench.value("clusterName")).toBe(before);
  await bench.reaches("planned");
  expect(await bench.part("import-text").inputValue(), "what was typed stays").toContain("Not_A_Domain");
});

test("a design file exported is a design file imported", async ({ bench }) => {
  const design = await text("../../designs/hardened.yaml");
  await bench.open();
  await bench.importText(design);
  const name = /clusterName: (\S+)/.exec(design)?.[1] ?? "kubernetes";
  await expect(bench.field("clusterName")).toHaveValue(name);
  await bench.reaches("planned");
});

test("a pasted node list becomes the nodes, and undo takes it back", async ({ bench }) => {
  await bench.open();
  const before = await bench.nodes();
  await bench.pasteNodes("cp-a 10.1.0.1 control-plane\nw-a 10.1.0.2 worker\n");
  await expect.poll(() => bench.nodes()).toEqual(expect.arrayContaining(["cp-a", "w-a"]));
  await bench.reaches("planned");
  await bench.press("undo");
  await expect.poll(() => bench.nodes()).toEqual(before);
});

test("a node is added and its fields are its own", async ({ bench }) => {
  await bench.open();
  const count = (await bench.nodes()).length;
  await bench.press("node-add");
  await bench.set(`nodes.${count}.name`, "w-added");
  await bench.set(`nodes.${count}.addresses.0`, "10.0.0.77");
  await bench.reaches("planned");
  await bench.unfoldAll();
  await expect(bench.page.locator('[data-testid$="@w-added"]').first()).toBeVisible();
});

test("a wrong line of a node list is said and marked where it stands, and the good ones can be taken", async ({ bench }) => {
  await bench.open();
  const before = await bench.nodes();
  await bench.pasteNodes("cp-1 10.0.0.11 control-plane\nw-1 10.0.0.999\nw-2 10.0.0.22\nw-3\nw-4 10.0.0.24\n");
  const dialog = bench.page.getByRole("dialog");
  const errors = bench.part("node-paste-errors");
  await expect(errors).toBeInViewport();
  await expect(errors).toContainText(/line 2.*10\.0\.0\.999.*line 4.*a name and an address/s);
  await expect(dialog.getByRole("textbox")).toHaveAttribute("aria-invalid", "true");
  // Each mark stands behind its line.
  const [line, marks] = await dialog.evaluate((one) => {
    const { top } = one.querySelector("textarea").getBoundingClientRect();
    const { lineHeight, paddingTop } = getComputedStyle(one.querySelector("textarea"));
    const at = (mark) => (mark.getBoundingClientRect().top - top - parseFloat(paddingTop)) / parseFloat(lineHeight);
    return [parseFloat(lineHeight), [...one.querySelectorAll(".flaw")].map((mark) => Math.round(at(mark) * 10) / 10)];
  });
  expect([line, marks]).toEqual([18, [1, 3]]);
  expect(await bench.nodes(), "nothing is changed").toEqual(before);
  await bench.part("node-paste-good").click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => bench.nodes()).toEqual(["cp-1", "w-2", "w-4"]);
  await bench.press("node-paste");
  await expect(dialog.getByRole("textbox"), "the others are left to be mended").toHaveValue("w-1 10.0.0.999\nw-3\n");
});

test("what was noticed in a text goes with the next edit, and names no place to mend", async ({ bench }) => {
  await bench.open();
  await bench.importText("apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nkubernetesVersion: \"1.37\"\nnodes:\n- {name: a, addresses: [10.0.0.1], roles: [control-plane]}\n");
  const notes = bench.part("import-notes");
  await expect(notes).toContainText("1.37");
  await expect(notes.locator(".place")).toHaveCount(0);
  await bench.press("preset-single");
  await expect(notes).toHaveCount(0);
});
