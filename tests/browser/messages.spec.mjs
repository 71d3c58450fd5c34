// Lines of logs, and words of them, put into the search.
import { violations } from "./support/accessible.mjs";
import { expect, test } from "./support/test.mjs";

/** Lines as components print them, what is explained, and the connection that it leads to. */
const LINES = [
  {
    line: 'E1126 12:00:00.000000    4242 leaderelection.go:448] "Error retrieving lease lock" err="Get \\"https://10.0.0.11:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager?timeout=5s\\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-26T12:00:00Z is after 2026-11-25T12:00:00Z" lock="kube-system/kube-controller-manager"',
    means: /has expired/,
    to: "kube-controller-manager → kube-apiserver",
  },
  { line: "Error: unhealthy cluster", means: /etcdctl/, to: "etcdctl, kubeadm → etcd" },
];

test("a line of a log that is put into the search leads to what it means, and to the connection", async ({ bench }) => {
  const { page } = bench;
  await bench.open();
  const sheet = bench.part("inspector");
  for (const { line, means, to } of LINES) {
    await bench.part("search").fill(line);
    await bench.part("search").press("Enter");
    await expect(sheet.getByRole("heading", { name: "What this message means" })).toBeVisible();
    await expect(sheet).toContainText(means);
    await expect(sheet.getByTestId("recorded").first()).toBeVisible();
    await expect(bench.part("search")).toHaveValue("");
    expect(page.url(), "a log is nobody else's").not.toMatch(/message/);
    expect(await violations(page)).toEqual([]);
    await sheet.getByRole("button", { name: to, exact: true }).first().click();
    await expect(bench.part("tab-connections")).toHaveAttribute("aria-selected", "true");
    await expect(page).toHaveURL(/s=connection:/);
    await expect(sheet.getByRole("heading", { name: "Handshake" })).toBeVisible();
  }
});

test("words of a log are found, beside names of the design, and lead to the fault", async ({ bench }) => {
  const { page } = bench;
  await bench.open();
  const sheet = bench.part("inspector");
  await bench.part("search").fill("rejected connection");
  const found = page.getByRole("listbox", { name: "Found" }).getByRole("option");
  await expect(found).toHaveCount(1);
  await found.click();
  await expect(sheet.getByTestId("recorded").first()).toContainText(/etcd 3\./);
  await sheet.getByTestId("recorded").first().locator("li button").first().click();
  await expect(page).toHaveURL(/s=connection:[^&]*etcd\?fault%3D/);
  await bench.part("search").fill("apiserver");
  await expect(bench.part("hit").first()).toBeVisible();
  await expect(found.last()).toHaveText(/Explain it as a message/);
  await bench.part("search").fill("a line of nobody");
  await bench.part("search").press("Enter");
  await expect(sheet).toContainText("No message about certificates is recognised");
});
