// Who calls whom: the picture, the marks on each edge, what is told of the chosen one, and that all follows the design.
import { expect, test } from "./support/test.mjs";

const edge = (bench, id) => bench.part(`connection-${id}`);

test("every connection is a button that says what is proven", async ({ bench }) => {
  await bench.open();
  await bench.part("tab-connections").click();
  await expect(edge(bench, "kube-apiserver->etcd")).toHaveAccessibleName(
    "kube-apiserver → etcd: server proven, caller proven by certificate, encrypted",
  );
  await expect(edge(bench, "kube-apiserver->kubelet")).toHaveAccessibleName(/server not proven, caller proven by certificate/);
  await expect(edge(bench, "pod->kube-apiserver")).toHaveAccessibleName(/caller proven by token/);
  expect(await bench.page.locator(".wire").count()).toBeGreaterThan(20);
});

test("the chosen connection is told, its certificates lead to their view, and a link brings it back", async ({ bench }) => {
  await bench.open();
  await bench.part("tab-connections").click();
  await edge(bench, "kube-apiserver->etcd").click();
  const told = bench.part("inspector");
  await expect(told).toContainText("kube-apiserver --etcd-cafile");
  await expect(edge(bench, "kube-apiserver->etcd")).toHaveAttribute("aria-pressed", "true");
  const fragment = await bench.page.evaluate(() => location.hash);
  await bench.page.goto("about:blank");
  await bench.open(fragment);
  await expect(told).toContainText("kube-apiserver --etcd-cafile");
  await told.getByRole("button", { name: "kube-apiserver-etcd-client" }).click();
  await expect(bench.part("tab-hierarchy")).toHaveAttribute("aria-selected", "true");
  await expect(bench.part("cert-apiserver-etcd-client@cp-1")).toHaveAttribute("aria-pressed", "true");
});

test("a design that lets the API server check kubelets closes that edge", async ({ bench }) => {
  await bench.open();
  await bench.part("tab-connections").click();
  await expect(edge(bench, "kube-apiserver->kubelet")).toHaveAccessibleName(/server not proven/);
  await bench.set("start", "manual");
  await bench.set("kubelet.serving", "clusterCA");
  await expect(edge(bench, "kube-apiserver->kubelet")).toHaveAccessibleName(/server proven/);
  await bench.press("preset-single");
  await expect(bench.page.locator(".view")).toContainText("cp-1");
});

test("arrow keys walk the connections, Enter chooses, Escape clears", async ({ bench }) => {
  const { page } = bench;
  await bench.open();
  await bench.part("tab-connections").click();
  await edge(bench, "etcd->etcd").focus();
  await page.keyboard.press("ArrowDown");
  await expect(edge(bench, "etcd-gateway->etcd")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(bench.part("inspector")).toContainText("etcd gateway → etcd");
  await page.keyboard.press("Escape");
  await expect(bench.part("inspector")).toContainText("certificate of a Kubernetes cluster");
});

test("the table twin filters and sorts, keeps its row chosen, and a link brings it back", async ({ bench }) => {
  const { page } = bench;
  await bench.open("#&v=connections");
  await bench.part("as-table").click();
  const rows = page.locator(".connections-table tbody tr");
  const count = bench.part("table-count");
  await expect(count).toHaveText(/^\d+ connections$/);
  const all = await rows.count();
  expect(all).toBeGreaterThan(20);
  await bench.part("table-filter").selectOption({ label: "server not proven" });
  await expect(count).toHaveText(new RegExp(`^\\d+ of ${all} connections$`));
  for (const row of await rows.all()) await expect(row.locator("td").nth(2)).toHaveText("Not proven");
  await bench.part("table-filter").selectOption({ label: "etcd, either side" });
  await bench.part("table-sort").selectOption({ label: "by port" });
  await expect(rows.first().locator("td").nth(1)).toHaveText("2379");
  const ports = (await rows.locator("td:nth-child(2)").allInnerTexts()).map(Number).filter(Boolean);
  expect(ports).toEqual([...ports].sort((one, other) => one - other));
  await bench.part("row-kube-apiserver->etcd").click();
  await expect(bench.part("row-kube-apiserver->etcd")).toHaveAttribute("aria-pressed", "true");
  await expect(bench.part("inspector")).toContainText("kube-apiserver --etcd-cafile");
  const fragment = await page.evaluate(() => location.hash);
  await page.goto("about:blank");
  await bench.open(fragment);
  await expect(rows.first().locator("td").nth(1)).toHaveText("2379");
  await bench.part("as-picture").click();
  await expect(edge(bench, "kube-apiserver->etcd")).toHaveAttribute("aria-pressed", "true");
});

test("a switch shows the design hardened, names what closes each open edge, and sets it with one click", async ({ bench }) => {
  await bench.open("#&v=connections");
  await expect(bench.part("as-designed")).toHaveText("kubeadm default");
  await bench.part("as-hardened").click();
  await expect(edge(bench, "kube-apiserver->kubelet")).toHaveAccessibleName(/server proven/);
  await expect(bench.part("hardened-sum")).toContainText("your design, which is not changed");
  const told = bench.part("inspector");
  await expect(told).toContainText("--kubelet-certificate-authority");
  await expect(told).toContainText("Each request is approved");
  await bench.part("as-designed").click();
  await expect(edge(bench, "kube-apiserver->kubelet")).toHaveAccessibleName(/server not proven/);
  await bench.part("as-hardened").click();
  await told.getByRole("button", { name: "Started by → by hand" }).first().click();
  await expect(bench.field("start")).toHaveValue("manual");
  await bench.part("as-designed").click();
  await expect(edge(bench, "kube-apiserver->kubelet")).toHaveAccessibleName(/server proven/);
});
