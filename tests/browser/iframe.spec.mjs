// `embed.html` in iframes: from nginx and from a folder, without an origin of its own, and with a page around that speaks
// to it.
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { inScratch } from "./support/command.mjs";
import { elementFolder, firefoxPath } from "./support/environment.mjs";
import { withNginx } from "./support/nginx.mjs";
import { STRICT, besideFrame, page as written, withSite } from "./support/site.mjs";
import { watch } from "./support/watch.mjs";
import { expect, test } from "@playwright/test";

/** A page around an iframe, as documentation has it. */
const guide = (fragment) => `<!doctype html><title>Guide</title><link rel="icon" href="data:,">
<iframe sandbox="allow-scripts allow-downloads" width="900" height="700" src="embed.html#${fragment}"></iframe>`;

/** Writes that page and what it shows into a folder; calls `use` with the folder. */
const inFolder = (fragment, use) =>
  inScratch(async (folder) => {
    await copyFile(join(elementFolder, "embed.html"), join(folder, "embed.html"));
    await writeFile(join(folder, "guide.html"), guide(fragment));
    await use(folder);
  });

/** The ways to serve it; each calls `use` with the page's address. */
const SERVED = {
  nginx: (fragment, use) => inFolder(fragment, (folder) => withNginx({ root: folder }, (site) => use(`${site}guide.html`))),
  "a folder": (fragment, use) => inFolder(fragment, (folder) => use(pathToFileURL(join(folder, "guide.html")).href)),
};

/** Connects the page to its iframe without the SDK: `frameSays` has what was said, `tellFrame(payload)` sets. */
const connected = (page) =>
  page.evaluate(() => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    window.frameSays = [];
    window.tellFrame = (payload) => port1.postMessage({ v: 1, id: 2, type: "set", payload });
    port1.onmessage = ({ data }) => {
      window.frameSays.push(data);
      if (data.id === 1) done(data);
    };
    document.querySelector("iframe").contentWindow.postMessage({ v: 1, id: 1, type: "connect" }, "*", [port2]);
  }));
const said = (page, type) => page.evaluate((type) => window.frameSays.filter((one) => one.type === type).map((one) => one.payload), type);
const tell = (page, payload) => page.evaluate((payload) => window.tellFrame(payload), payload);

const DESIGN = `apiVersion: kubepki.dev/v1alpha1
kind: ClusterDesign
clusterName: from-the-page-around
nodes:
  - name: cp-1
    addresses: [10.0.0.1]
    roles: [control-plane]
`;
const BROKEN = "preset=ha-stacked&view=handshake&connection=kube-apiserver-%3Eetcd&fault=expired:etcd-server";

test("no text becomes a script or markup in the frame", async ({ page }) => {
  await SERVED.nginx("view=hierarchy", async (address) => {
    await page.goto(address);
    await expect(page.frameLocator("iframe").locator(".frame[data-state=ready]")).toBeVisible();
    const refused = await page.frames()[1].evaluate(() => {
      const attempts = [
        () => (document.createElement("p").innerHTML = "<b>"),
        () => new Worker("data:text/javascript,"),
        () => trustedTypes.createPolicy("another", {}),
      ];
      return attempts.map((attempt) => {
        try {
          attempt();
          return "done";
        } catch (error) {
          return error.name;
        }
      });
    });
    expect(refused).toEqual(["TypeError", "TypeError", "TypeError"]);
  });
});

for (const [where, served] of Object.entries(SERVED)) {
  test(`a frame without an origin, from ${where}, carries handshakes, faults and design files`, async ({ page }) => {
    await page.context().grantPermissions(["clipboard-read"]);
    await served(BROKEN, async (address) => {
      const seen = await watch(page);
      await page.goto(address);
      const inside = page.frameLocator("iframe");
      await expect(inside.locator(".verdict").first()).toContainText("Fails");
      expect(await connected(page)).toMatchObject({ v: 1, id: 1, type: "done", payload: { version: 1, height: expect.any(Number) } });
      await tell(page, { fault: null });
      await expect(inside.locator(".verdict.pass").first()).toBeVisible();
      expect((await said(page, "verify")).at(-1)).toMatchObject({ connection: "kube-apiserver->etcd", fault: "", holds: true });
      await tell(page, { view: "files", connection: null, design: DESIGN });
      await expect(inside.locator(".title-line")).toContainText("from-the-page-around: Files");
      await tell(page, { design: DESIGN.replace("from-the-page-around", "[odd") });
      await expect(inside.locator(".message")).toContainText("line ");
      expect((await said(page, "error")).at(-1)).toMatchObject({ code: "design" });
      await expect(inside.locator(".title-line"), "what was drawn stays").toContainText("from-the-page-around: Files");
      await tell(page, { design: null, view: "commands" });
      const saved = page.waitForEvent("download");
      await inside.getByRole("button", { name: "Save the openssl script" }).click();
      expect((await saved).suggestedFilename()).toBe("prod-eu-openssl.sh");
      await inside.locator("summary").first().click();
      await inside.getByRole("button", { name: "Copy" }).first().click();
      await expect(inside.getByText("Copied", { exact: true })).toBeVisible();
      expect(seen.complaints).toEqual([]);
      expect(seen.requests.filter((one) => !one.startsWith(new URL(".", address).href) && !one.startsWith("blob:"))).toEqual([]);
    });
  });
}

test("the same in Firefox, from a folder", async () => {
  await inFolder(BROKEN, async (folder) => {
    const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefoxPath, headless: true });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(30_000);
      const errors = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(pathToFileURL(join(folder, "guide.html")).href);
      const frame = await (await page.waitForSelector("iframe")).contentFrame();
      const verdict = await frame.waitForSelector("kube-pki >>> .verdict");
      expect(await verdict.evaluate((one) => one.textContent)).toContain("Fails");
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

test("the picture is there before the core has arrived, and a copy that is cut off says so", async ({ page }) => {
  const whole = await readFile(join(elementFolder, "embed.html"), "utf8");
  const first = whole.slice(0, whole.indexOf('<script type="application/octet-stream"'));
  await withSite({ folder: elementFolder, policy: besideFrame, pages: { "/embed.html": first } }, async (address) => {
    await page.goto(`${address}/embed.html#view=hierarchy`);
    await expect(page.getByTestId("cert-apiserver@cp-1")).toBeVisible();
    await page.goto("about:blank");
    await page.goto(`${address}/embed.html#${BROKEN}`);
    await expect(page.locator(".message")).toContainText("This copy of embed.html is cut off");
  });
});

const HOST = `import { connect } from "/kubepki/sdk.js";
window.connect = connect;
window.got = [];
const frame = document.querySelector("iframe");
window.frame = await connect(frame);
for (const type of ["ready", "select", "height", "error"]) window.frame.on(type, (payload) => window.got.push([type, payload]));
document.documentElement.dataset.connected = "yes";
`;

test("by the SDK it reports its height, and follows the page around", async ({ page }) => {
  await withNginx({ root: elementFolder }, async (nginx) => {
    const policy = `${STRICT}; frame-src ${new URL(nginx).origin}`;
    const frame = `<iframe sandbox="allow-scripts allow-downloads" title="Kubernetes PKI" width="900" height="300" src="${nginx}embed.html#view=files&preset=single"></iframe>`;
    const seen = await watch(page);
    const pages = { "/guide.html": written(frame, { script: "../host.js" }), "/host.js": HOST };
    await withSite({ folder: elementFolder, policy, pages }, async (address) => {
      await page.goto(`${address}/guide.html`);
      const inside = page.frameLocator("iframe");
      await expect(inside.locator(".title-line")).toContainText("kubernetes: Files");
      await expect(page.locator("html")).toHaveAttribute("data-connected", "yes");
      await expect.poll(() => page.locator("iframe").evaluate((it) => it.style.height)).toMatch(/^\d{3,}px$/);
      await page.evaluate(() => window.frame.set({ view: "hierarchy", preset: "ha-stacked", theme: "dark" }));
      await expect(inside.getByTestId("cert-apiserver@cp-1")).toBeVisible();
      await inside.getByTestId("cert-apiserver@cp-1").click();
      await expect.poll(() => page.evaluate(() => window.got.filter(([type]) => type === "select").map(([, it]) => it.focus))).toEqual(["apiserver@cp-1"]);
      const refused = await page.evaluate(() => window.frame.set({ src: "x" }).then(() => "", (error) => error.message));
      expect(refused).toContain("not known here: src");
      // What it was not asked in its own words it does not hear.
      await page.evaluate(() => document.querySelector("iframe").contentWindow.postMessage({ v: 2, type: "connect" }, "*"));
      expect(seen.complaints).toEqual([]);
      const elsewhere = seen.requests.filter((one) => !one.startsWith(address) && one.split("#")[0] !== `${nginx}embed.html`);
      expect(elsewhere).toEqual([]);
    });
  });
});

test("a frame speaks to the page that its address names, and a page to the frame that it names", async ({ page }) => {
  await withNginx({ root: elementFolder }, async (nginx) => {
    const { origin } = new URL(nginx);
    const policy = `${STRICT}; frame-src ${origin}`;
    const frame = '<iframe title="Kubernetes PKI" width="900" height="300"></iframe>';
    const pages = { "/guide.html": written(frame, { script: "../host.js" }), "/host.js": 'import { connect } from "/kubepki/sdk.js"; window.connect = connect;' };
    await withSite({ folder: elementFolder, policy, pages }, async (address) => {
      await page.goto(`${address}/guide.html`);
      await page.waitForFunction(() => window.connect);
      const answered = async (pinned, named) => {
        const shown = page.waitForEvent("framenavigated");
        await page.evaluate((src) => (document.querySelector("iframe").src = src), `${nginx}embed.html?${pinned}#origin=${encodeURIComponent(pinned)}`);
        await shown;
        await expect(page.frameLocator("iframe").locator(".title-line")).toContainText("Hierarchy");
        return page.evaluate((origin) => window.connect(document.querySelector("iframe"), { origin, timeout: 1_000 }).then(() => true, () => false), named);
      };
      expect(await answered(address, origin)).toBe(true);
      await page.frameLocator("iframe").getByTestId("cert-apiserver@cp-1").click();
      await expect.poll(() => page.frames()[1].url(), "what is looked at stands in the address, and to whom it speaks").toMatch(/origin=http.*focus=apiserver/);
      expect(await answered("https://elsewhere.example", origin), "another page is not answered").toBe(false);
      expect(await answered(address, "https://elsewhere.example"), "another frame hears nothing").toBe(false);
    });
  });
});
