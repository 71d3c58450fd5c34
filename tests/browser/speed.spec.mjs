// Smoke alarms, not measurements: what takes many times as long as it should. Figures are made by `cargo xtask bench`.
import { expect, test } from "./support/test.mjs";

test("the first picture, a keystroke and a small PKI take no time worth speaking of", async ({ bench }) => {
  await bench.open();
  expect((await bench.states()).find((one) => one.state === "planned").at).toBeLessThan(3_000);
  const stroke = await bench.field("clusterName").evaluate(async (one) => {
    const start = performance.now();
    one.focus();
    document.execCommand("insertText", false, "x");
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - start;
  });
  expect(stroke).toBeLessThan(500);
  await bench.press("preset-single");
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
  await bench.generate();
  const issued = (await bench.states()).findLast((one) => one.state === "issued").at;
  expect(issued - (await bench.page.evaluate(() => window.lastPress))).toBeLessThan(3_000);
});

test("a thousand nodes do not stop the page", async ({ bench }) => {
  const nodes = Array.from({ length: 1_000 }, (_, one) => `- {name: n-${one}, addresses: [10.1.${one >> 8}.${one & 255}], roles: [${one ? "worker" : "control-plane"}]}`);
  const design = `apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nclusterName: many\nstart: manual\nkeys: {ca: ECDSA-P256, leaf: ECDSA-P256}\nkubelet: {client: issued}\nnodes:\n${nodes.join("\n")}\n`;
  await bench.open();
  const start = Date.now();
  await bench.imported(design, "clusterName", "many");
  for (const view of ["files", "flags", "hierarchy"]) await bench.show(view);
  await bench.set("clusterName", "very-many");
  await bench.reaches("planned");
  expect(Date.now() - start).toBeLessThan(15_000);
});
