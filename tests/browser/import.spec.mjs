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
