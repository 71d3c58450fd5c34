// Handshakes, faults, time, lessons, labs and what else the second worker draws: as somebody who learns would use it.
import { expect, test } from "./support/test.mjs";

const said = (bench) => bench.part("verdict");

test("a connection is followed step by step, broken, moved in time and mended", async ({ bench }) => {
  await bench.open("#&v=handshake&s=connection:kube-apiserver-%3Eetcd");
  await expect(said(bench)).toContainText("Both sides are content");
  await expect(bench.page.locator(".step.pass").first()).toContainText("etcd loads and shows its certificate");
  const sheet = bench.part("inspector");
  await sheet.locator("summary", { hasText: "etcd server" }).click();
  await bench.part("fault-no-addresses:etcd-server").click();
  await expect(said(bench)).toContainText("Fails: kube-apiserver checks the name");
  await expect(bench.page.locator(".log").first()).toContainText("doesn't contain any IP SANs");
  await expect(bench.page.locator(".step.none").first()).toContainText("kube-apiserver looks for the issuer not reached");
  await expect(sheet).toContainText("kube-apiserver → etcd");
  await expect(sheet.getByText("Still works")).toBeVisible();
  expect(await bench.page.evaluate(() => decodeURIComponent(location.hash))).toContain("fault=no-addresses:etcd-server");
  await sheet.getByRole("button", { name: "Take all faults out" }).click();
  await expect(said(bench)).toContainText("Both sides are content");
  await bench.part("time").fill("400");
  await expect(said(bench)).toContainText("checks the dates");
  await bench.page.getByRole("button", { name: "Back to now" }).click();
  await expect(said(bench)).toContainText("Both sides are content");
});

test("TLS 1.2 and another node are tried as well, and the list of connections leads on", async ({ bench }) => {
  await bench.open("#&v=handshake&s=connection:kube-apiserver-%3Eetcd");
  await bench.page.getByRole("button", { name: "no more than TLS 1.2" }).click();
  await expect(said(bench)).toContainText("TLS 1.2");
  await bench.page.getByLabel("Node", { exact: true }).last().selectOption({ label: "cp-2" });
  await expect(bench.page.locator(".step").first()).toContainText("CN=cp-2");
  await bench.part("pick-connection").selectOption({ label: "kubectl → kube-apiserver" });
  await expect(said(bench)).toContainText("api.prod.example:6443");
});

test("an open edge says what somebody on the path can do, and one click closes it", async ({ bench }) => {
  await bench.open("#&v=connections&s=connection:kube-apiserver-%3Ekubelet");
  const sheet = bench.part("inspector");
  await expect(sheet.getByRole("row", { name: /Answer as the server/ })).toContainText("yes");
  await sheet.getByRole("button", { name: "Started by → by hand" }).first().click();
  await expect(bench.part("connection-kube-apiserver->kubelet")).toHaveAccessibleName(/server proven/);
  await expect(sheet.getByRole("row", { name: /Answer as the server/ })).not.toContainText("yes");
  await bench.part("undo").click();
  await expect(bench.part("connection-kube-apiserver->kubelet")).toHaveAccessibleName(/server not proven/);
});

test("a lesson opens what it speaks of, asks, and says why", async ({ bench }) => {
  await bench.open();
  await bench.part("mode-learn").click();
  await bench.part("to-etcd-1").click();
  await expect(bench.part("tab-connections")).toHaveAttribute("aria-selected", "true");
  await bench.part("to-etcd-3").first().click();
  await expect(bench.part("tab-handshake")).toHaveAttribute("aria-selected", "true");
  await expect(said(bench)).toContainText("Fails");
  const guide = bench.page.getByRole("region", { name: "Guide" });
  await guide.getByRole("button", { name: "Only that of kubernetes-admin" }).click();
  await expect(guide).toContainText("No.");
  await guide.getByRole("button", { name: "Any client certificate that etcd-ca signed" }).click();
  await expect(guide).toContainText("Right.");
  await guide.getByRole("button", { name: "All lessons and labs" }).first().click();
  await expect(guide.getByRole("listitem").filter({ hasText: "etcd, and why" })).toContainText("✓");
  await bench.part("mode-learn").click();
  await expect(bench.part("preset-single")).toBeVisible();
});

test("a lab is solved by the repair that mends it, and by no other", async ({ bench }) => {
  await bench.open("#&v=connections&g=lab:new-load-balancer.0");
  const guide = bench.page.getByRole("region", { name: "Guide" });
  await expect(guide.locator(".log").first()).toContainText("x509");
  await bench.part("lab-hint").click();
  await expect(guide.getByRole("listitem").filter({ hasText: "Each caller says which name or address it dialled" })).toBeVisible();
  await bench.part("repair-renew:apiserver").evaluate((button) => button.click());
  await expect(bench.part("lab-done")).toContainText("nothing changed");
  await bench.part("repair-again:apiserver").evaluate((button) => button.click());
  await expect(bench.part("lab-solved")).toContainText("connections hold again. Names are put in when a certificate is made.");
  await expect(guide.getByRole("listitem").filter({ hasText: /^apiserver/ })).toBeVisible();
  const kept = await bench.page.evaluate(() => ({ ...localStorage }));
  expect(kept).toEqual({ "kubepki-learned": "lab:new-load-balancer" });
});

test("lifetimes, commands and benchmark checks follow the selected certificate and the design", async ({ bench }) => {
  await bench.open("#&v=timeline");
  await expect(bench.part("expires-first")).toContainText("Expires first");
  await bench.part("time").fill("360");
  await expect(bench.part("life-apiserver")).toHaveAccessibleName(/7 days or less/);
  await bench.part("life-apiserver").click();
  await bench.part("tab-commands").click();
  await expect(bench.page.locator(".view")).toContainText("kubeadm certs renew apiserver");
  await bench.part("tab-cis").click();
  await expect(bench.part("cis-sum")).toContainText("fail");
  await bench.part("cis-1.2.5").click();
  await expect(bench.part("inspector")).toContainText("In v1.5.0 this was 1.2.6");
});

test("a pasted error is explained and changes nothing", async ({ bench }) => {
  await bench.open();
  const line = 'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority';
  await bench.part("import-text").fill(line);
  await bench.part("import-apply").click();
  await expect(bench.part("import-notes")).toContainText("an error message");
  await expect(bench.part("import-notes")).toContainText("Cause 1");
  await expect(bench.part("undo")).toBeDisabled();
});

test("a lesson is read by keyboard alone", async ({ bench }) => {
  const { page } = bench;
  await bench.open("#&g=lesson:keys/1");
  const next = page.getByRole("button", { name: /^Next: / });
  await next.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Guide" })).toContainText("What a handshake proves");
  await expect(said(bench)).toContainText("content");
});

test("what was generated is what handshakes are tried on; faults go into samples alone", async ({ bench }) => {
  await bench.open();
  await bench.press("preset-single");
  await bench.generate();
  await bench.part("tab-handshake").click();
  await bench.part("pick-connection").selectOption({ label: "kube-apiserver → etcd" });
  await expect(bench.part("tried-on")).toContainText("that you generated");
  await expect(said(bench)).toContainText("Both sides are content");
  await expect(bench.page.locator(".step").filter({ hasText: "checks the signature" }).first()).toContainText("RSA");
  await bench.part("inspector").locator("summary", { hasText: "etcd server" }).click();
  await bench.part("fault-expired:etcd-server").click();
  await expect(bench.part("tried-on")).toContainText("a sample");
  await expect(said(bench)).toContainText("Fails");
});

test("lives are those of what was generated, from its own issue time", async ({ bench }) => {
  await bench.open("#&v=timeline");
  await bench.press("preset-single");
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
  const year = new Date().getUTCFullYear() - 1;
  await bench.part("issue-time").fill(`${year}-02-03 04:05`);
  await bench.generate();
  await expect(bench.part("expires-first")).toContainText(`${year + 1}-02-03`);
});
