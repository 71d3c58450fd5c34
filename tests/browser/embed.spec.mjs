// The custom element, in pages as a documentation site would have them, under a strict policy.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { kubepki } from "./support/command.mjs";
import { elementFolder } from "./support/environment.mjs";
import { STRICT, page as written, withSite } from "./support/site.mjs";
import { violations } from "./support/accessible.mjs";
import { watch } from "./support/watch.mjs";
import { expect, test } from "@playwright/test";

const ready = (page, nth = 0) => page.locator("kube-pki").nth(nth).locator(".frame[data-state=ready]");

/** Opens a page of a site, watched; at the end nothing was complained of and nothing asked for elsewhere. */
async function opened(page, { body, path = "/guide.html", policy, head, script, pages = {} }, use) {
  const seen = await watch(page);
  await page.addInitScript(() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const one of list.getEntries()) {
        const others = one.sources.filter((it) => !window.last || it.node !== window.last);
        if (others.length < one.sources.length) window.lastMoved();
        if (!others.length && one.sources.length) continue;
        window.shift += one.value;
        window.moved = others.map((it) => [it.node?.nodeName, it.node?.className, JSON.stringify(it.previousRect), JSON.stringify(it.currentRect)].join(" "));
      }
    }).observe({ type: "layout-shift", buffered: true });
    window.heard = [];
    for (const name of ["ready", "select", "verify", "error"]) {
      document.addEventListener(name, (event) => event.detail && window.heard.push([name, event.detail]), true);
    }
  });
  await withSite({ folder: elementFolder, policy, pages: { [path]: written(body, { head, script }), ...pages } }, async (address, asked) => {
    await page.goto(address + path);
    await use({ seen, asked, address });
    expect(seen.complaints, "the console stays silent").toEqual([]);
    expect(await page.evaluate(() => window.policyViolations), "nothing breaks the policy").toEqual([]);
    expect(seen.requests.filter((one) => !one.startsWith(address)), "nothing is asked for elsewhere").toEqual([]);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ""]);
  });
}

const heard = (page, name) => page.evaluate((name) => window.heard.filter(([one]) => one === name).map(([, detail]) => detail), name);

/**
 * How far things moved until now. The browser reports that in its order, and late: once it has reported a move of our own, which
 * is painted behind all others, nothing of them is missing.
 */
const shifted = (page) =>
  page.evaluate(async () => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const last = document.createElement("p");
    last.textContent = "the last to move";
    Object.assign(last.style, { position: "fixed", top: "0", left: "0", width: "200px", height: "200px" });
    window.last = document.body.appendChild(last);
    await painted();
    const moved = new Promise((done) => (window.lastMoved = done));
    last.style.top = "200px";
    await moved;
    last.remove();
    return [window.shift, window.moved];
  });

/** A design as people write it. */
const YAML = `apiVersion: kubepki.dev/v1alpha1
kind: ClusterDesign
clusterName: in-yaml
nodes:
  - name: cp-1
    addresses: [10.0.0.1]
    roles: [control-plane]
`;

/** The poster as the command line writes it. */
async function poster(view = "hierarchy") {
  return kubepki(["show", view, "--preset", "ha-stacked", "--format", "svg"]);
}

test("pictures appear on scroll, share one WebAssembly, and move nothing", async ({ page }) => {
  const svg = await poster();
  const height = /height="(\d+)"/.exec(svg)[1];
  const tag = (view) => `<kube-pki preset="ha-stacked" view="${view}"><img slot="poster" src="/poster.svg" width="940" height="${height}" alt="Who signs whom"></kube-pki>`;
  const far = '<p class="far">Much text.</p>';
  const style = "body{margin:0 auto;max-width:940px}.far{height:2400px}kube-pki{display:block}";
  const pages = { "/poster.svg": svg, "/style.css": style };
  await opened(page, { body: tag("hierarchy") + far + tag("files"), head: '<link rel="stylesheet" href="/style.css">', pages }, async ({ asked }) => {
    await expect(ready(page, 0)).toBeVisible();
    await expect(page.locator("kube-pki").first().getByTestId("cert-apiserver@cp-1")).toBeVisible();
    await expect(ready(page, 1)).toHaveCount(0);
    expect(asked.filter((path) => path.endsWith("pictures.js"))).toHaveLength(1);
    await page.mouse.wheel(0, 2400);
    await expect(ready(page, 1)).toBeVisible();
    await expect(page.locator("kube-pki").nth(1).getByTestId("file-cp-1:/etc/kubernetes/pki/ca.crt")).toHaveCount(1);
    expect(asked.filter((path) => path.endsWith("pictures.js"))).toHaveLength(1);
    const [shift, moved] = await shifted(page);
    expect(shift, JSON.stringify(moved)).toBe(0);
    expect((await heard(page, "ready")).map((one) => one.view)).toEqual(["hierarchy", "files"]);
  });
});

test("attributes and properties agree, and changes apply live", async ({ page }) => {
  await opened(page, { body: '<kube-pki loading="eager"></kube-pki>' }, async () => {
    await expect(ready(page)).toBeVisible();
    const element = page.locator("kube-pki");
    await expect(element.locator(".title-line")).toContainText("prod-eu: Hierarchy, Kubernetes v1.37");
    await element.evaluate((it) => ((it.view = "files"), (it.preset = "single"), (it.kubernetesVersion = "1.35")));
    await expect(element.locator(".title-line")).toContainText("Files, Kubernetes v1.35");
    await expect(element).toHaveAttribute("view", "files");
    await element.evaluate((it) => it.setAttribute("view", "connections"));
    await element.evaluate((it) => it.setAttribute("connection", "kube-apiserver->etcd"));
    await expect(element.locator(".sheet")).toContainText("The caller presents");
    expect(await element.evaluate((it) => [it.view, it.connection, it.theme, it.controls])).toEqual(["connections", "kube-apiserver->etcd", "auto", "minimal"]);
    for (const [view, says] of [["flags", "--tls-cert-file"], ["timeline", "Expires first"], ["commands", "openssl, as one script"], ["cis", "The API server checks the kubelets' certificates"]]) {
      await element.evaluate((it, view) => (it.view = view), view);
      await expect(element.locator(`.view[data-view=${view}]`)).toContainText(says);
    }
  });
});

test("what is wrong is said at the element and by its event, and what was drawn stays", async ({ page }) => {
  await opened(page, { body: '<kube-pki loading="eager"></kube-pki>' }, async () => {
    await expect(ready(page)).toBeVisible();
    const element = page.locator("kube-pki");
    await element.evaluate((it) => (it.kubernetesVersion = "0.1"));
    await expect(element.locator(".message")).toContainText("kubernetesVersion");
    await expect(element.getByTestId("cert-apiserver@cp-1")).toBeVisible();
    expect((await heard(page, "error"))[0].code).toBe("design");
    await element.evaluate((it) => (it.kubernetesVersion = "1.36"));
    await expect(element.locator(".message")).toBeEmpty();
    await element.evaluate((it) => (it.preset = "huge"));
    await expect(element.locator(".message")).toContainText("there are single, ha-stacked");
  });
});

test("an attribute of many blanks, and one of several lines, are read at once", async ({ page }) => {
  await opened(page, { body: '<kube-pki loading="eager" focus="\n  apiserver@cp-1\r\n "></kube-pki>' }, async () => {
    await expect(ready(page)).toBeVisible();
    const element = page.locator("kube-pki");
    await expect(element.locator(".sheet h2")).toHaveText("kube-apiserver");
    // A reader that goes back at each blank looks at fifty thousand million of them, for minutes.
    await element.evaluate((it) => it.setAttribute("focus", `${" ".repeat(300_000)}x`));
    await expect(element.locator(".message, .frame[data-state=ready]").first()).toBeVisible();
    await element.evaluate((it) => it.setAttribute("view", "files"));
    await expect(element.locator(".title-line")).toContainText("Files");
  });
});

test("the keyboard walks it, selects, clears; what is selected is told", async ({ page }) => {
  await opened(page, { body: '<kube-pki loading="eager" height="620"></kube-pki><a href="#x">behind</a>' }, async () => {
    await expect(ready(page)).toBeVisible();
    const element = page.locator("kube-pki");
    const focused = () => element.evaluate((it) => it.shadowRoot.activeElement?.dataset.testid);
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("cert-ca@cluster");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toBe("cert-apiserver-kubelet-client@cp-1");
    await page.keyboard.press("Enter");
    await expect(element.locator(".sheet h2")).toHaveText("kube-apiserver-kubelet-client");
    expect(await focused(), "the focus stays where it was").toBe("cert-apiserver-kubelet-client@cp-1");
    await expect(element).toHaveAttribute("focus", "apiserver-kubelet-client@cp-1");
    expect(await heard(page, "select")).toEqual([{ view: "", focus: "apiserver-kubelet-client@cp-1", connection: "", fault: "" }]);
    await expect(element.locator(".card[data-related]")).not.toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(element).not.toHaveAttribute("focus");
    await expect(element.locator(".sheet")).toBeHidden();
    await element.getByTestId("unfold-etcd-peer").press("Enter");
    await expect(element.getByTestId("cert-etcd-peer@cp-3")).toBeVisible();
    expect(await focused()).toBe("unfold-etcd-peer");
  });
});

for (const theme of ["light", "dark"]) {
  test(`axe has nothing to say, ${theme}`, async ({ page }) => {
    const body = ["hierarchy", "files", "connections"].map((view) => `<kube-pki loading="eager" controls="full" theme="${theme}" view="${view}" focus="ca@cluster"></kube-pki>`).join("");
    await opened(page, { body }, async () => {
      for (const nth of [0, 1, 2]) await expect(ready(page, nth)).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  });
}

test("it follows the page's theme, and forced colours keep its kinds", async ({ page }) => {
  const style = ".dark{color-scheme:dark} .odd{background:#101010;color:#eee}";
  await opened(page, { body: '<kube-pki loading="eager"></kube-pki>', head: '<link rel="stylesheet" href="/style.css">', pages: { "/style.css": style } }, async () => {
    await expect(ready(page)).toBeVisible();
    const ground = () => page.locator("kube-pki .live").evaluate((it) => getComputedStyle(it).backgroundColor);
    const root = page.locator("html");
    expect(await ground()).toBe("rgb(246, 245, 241)");
    // By color-scheme, as MkDocs, VitePress, Docusaurus and mdBook say it.
    await root.evaluate((it) => (it.className = "dark"));
    await expect.poll(ground).toBe("rgb(20, 23, 29)");
    // By its text alone, where a page says nothing.
    await root.evaluate((it) => (it.className = "odd"));
    await expect.poll(ground).toBe("rgb(20, 23, 29)");
    await page.locator("kube-pki").evaluate((it) => (it.theme = "light"));
    await expect.poll(ground).toBe("rgb(246, 245, 241)");
    await page.locator("kube-pki").evaluate((it) => it.style.setProperty("--kube-pki-ground", "rgb(1, 2, 3)"));
    expect(await ground()).toBe("rgb(1, 2, 3)");
    await page.emulateMedia({ forcedColors: "active" });
    const dots = await page.locator("kube-pki .legend .dot").evaluateAll((all) => new Set(all.map((one) => getComputedStyle(one).backgroundColor)).size);
    expect(dots).toBe(5);
  });
});

test("in a narrow column it is one column, with nothing beside the edge", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const body = ["hierarchy", "files", "flags"].map((view) => `<kube-pki loading="eager" view="${view}"></kube-pki>`).join("");
  await opened(page, { body }, async () => {
    for (const nth of [0, 1, 2]) {
      await expect(ready(page, nth)).toBeVisible();
      expect(await page.locator("kube-pki .view").nth(nth).evaluate((it) => it.scrollWidth - it.clientWidth)).toBe(0);
    }
    const held = page.locator("kube-pki").first().locator(".row").filter({ has: page.getByTestId("cert-apiserver@cp-1") }).locator(".held");
    await expect(held).toHaveText(/kube-apiserver.*cp-1/);
    await expect(held).toBeInViewport();
  });
});

test("nothing is loaded before somebody asks, where the page wants it so", async ({ page }) => {
  await opened(page, { body: '<kube-pki loading="eager" reveal="interaction"></kube-pki>' }, async ({ asked }) => {
    const button = page.getByRole("button", { name: "Show the live picture" });
    await expect(button).toBeVisible();
    expect(asked.filter((path) => path.endsWith("pictures.js"))).toEqual([]);
    await button.press("Enter");
    await expect(ready(page)).toBeVisible();
    await expect(page.getByTestId("cert-apiserver@cp-1")).toContainText("apiserver.crt");
  });
});

/** Poster and text inside an element, as the command line writes them. */
async function inside() {
  const [svg, html] = await Promise.all([poster(), kubepki(["show", "hierarchy", "--preset", "ha-stacked", "--format", "html"])]);
  for (const text of [svg, html]) expect(text).toMatch(/Kubernetes v1\.37.*Apache-2\.0 OR MIT/);
  return { svg, text: `<img slot="poster" src="/poster.svg" width="940" height="${/height="(\d+)"/.exec(svg)[1]}" alt="Who signs whom">${html}` };
}
/** A line of the text. */
const LINE = "kube-apiserver-kubelet-client";

test("without script poster and text stay", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const { svg, text } = await inside();
  await withSite({ folder: elementFolder, pages: { "/guide.html": written(`<kube-pki>${text}</kube-pki>`), "/poster.svg": svg } }, async (address) => {
    await page.goto(`${address}/guide.html`);
    await expect(page.getByAltText("Who signs whom")).toBeVisible();
    await page.locator("summary").click();
    await expect(page.locator("td", { hasText: LINE })).toBeVisible();
  });
  await context.close();
});

test("where the policy forbids WebAssembly poster and text stay, and the console stays silent", async ({ page }) => {
  const { svg, text } = await inside();
  const policy = STRICT.replace(" 'wasm-unsafe-eval'", "");
  const seen = await watch(page);
  await withSite({ folder: elementFolder, policy, pages: { "/guide.html": written(`<kube-pki loading="eager">${text}</kube-pki>`), "/poster.svg": svg } }, async (address) => {
    await page.goto(`${address}/guide.html`);
    await expect(page.locator("kube-pki .frame[data-state=failed]")).toBeVisible();
    await expect(page.getByAltText("Who signs whom")).toBeVisible();
    await page.locator("summary").click();
    await expect(page.locator("td", { hasText: LINE })).toBeVisible();
    expect(seen.complaints).toEqual([]);
  });
});

test("in print poster and text stand in its place", async ({ page }) => {
  const { svg, text } = await inside();
  await opened(page, { body: `<kube-pki loading="eager">${text}</kube-pki>`, pages: { "/poster.svg": svg } }, async () => {
    await expect(ready(page)).toBeVisible();
    await expect(page.getByAltText("Who signs whom")).toBeHidden();
    await page.emulateMedia({ media: "print" });
    await expect(page.getByAltText("Who signs whom")).toBeVisible();
    await page.locator("summary").click();
    await expect(page.locator("td", { hasText: LINE })).toBeVisible();
    await expect(page.locator("kube-pki .live")).toBeHidden();
  });
});

test("handshakes, faults and designs in YAML need no exception from the policy either", async ({ page }) => {
  const tags = `<kube-pki loading="eager" connection="kube-apiserver->etcd" view="handshake" fault="expired:etcd-server"></kube-pki>
<kube-pki loading="eager"><script type="application/yaml">${YAML}</script></kube-pki>`;
  await opened(page, { body: tags }, async ({ asked }) => {
    for (const nth of [0, 1]) await expect(ready(page, nth)).toBeVisible();
    const [first, second] = [page.locator("kube-pki").first(), page.locator("kube-pki").nth(1)];
    await expect(first.locator(".verdict").first()).toContainText("Fails");
    const [verdict] = await heard(page, "verify");
    expect(verdict).toMatchObject({ connection: "kube-apiserver->etcd", fault: "expired:etcd-server", holds: false });
    await first.evaluate((it) => (it.fault = ""));
    await expect(first.locator(".verdict.pass").first()).toBeVisible();
    await expect(second.locator(".title-line")).toContainText("in-yaml");
    await second.evaluate((it) => (it.design = "apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\nclusterName: [odd\n"));
    await expect(second.locator(".message")).toContainText("line ");
    expect(asked.filter((path) => path.endsWith("deeper.js"))).toHaveLength(1);
  });
});

test("a design from a file of the same site", async ({ page }) => {
  const body = '<kube-pki loading="eager" src="/design.yaml"></kube-pki>';
  await opened(page, { body, policy: `${STRICT}; connect-src 'self'`, pages: { "/design.yaml": YAML } }, async () => {
    await expect(ready(page)).toBeVisible();
    await expect(page.locator("kube-pki .title-line")).toContainText("in-yaml");
  });
  await withSite({ folder: elementFolder, policy: `${STRICT}; connect-src 'self'`, pages: { "/guide.html": written(body) } }, async (address) => {
    await page.goto(`${address}/guide.html`);
    await expect(page.locator("kube-pki .message")).toContainText("/design.yaml: the server answered 404");
  });
});

test("with the hashes of integrity.json it runs, and where a file was changed poster and text stay", async ({ page }) => {
  const { svg, text } = await inside();
  const hashes = JSON.parse(await readFile(join(elementFolder, "integrity.json"), "utf8"));
  const module = (name) => `<link rel="modulepreload" href="/kubepki/${name}" integrity="${hashes[name]}">`;
  const head = `${module("element.js")}${module("pictures.js")}`;
  const guide = written(`<kube-pki loading="eager">${text}</kube-pki>`, { head }).replace('src="/kubepki/define.js"', `$& integrity="${hashes["define.js"]}"`);
  const pages = { "/guide.html": guide, "/poster.svg": svg };
  await withSite({ folder: elementFolder, pages }, async (address) => {
    await page.goto(`${address}/guide.html`);
    await expect(ready(page)).toBeVisible();
  });
  const changed = `${await readFile(join(elementFolder, "pictures.js"), "utf8")}\nwindow.changed = true;`;
  await withSite({ folder: elementFolder, pages: { ...pages, "/kubepki/pictures.js": changed } }, async (address) => {
    await page.goto(`${address}/guide.html`);
    await expect(page.locator("kube-pki .frame[data-state=failed]")).toBeVisible();
    await expect(page.getByAltText("Who signs whom")).toBeVisible();
    expect(await page.evaluate(() => window.changed)).toBeUndefined();
  });
});

test("a server may import it", async () => {
  const module = await import(pathToFileURL(join(elementFolder, "element.js")).href);
  expect(module.define()).toBeUndefined();
  await import(pathToFileURL(join(elementFolder, "define.js")).href);
});

test("the manifest says what the class has", async ({ page }) => {
  const manifest = JSON.parse(await readFile(join(elementFolder, "custom-elements.json"), "utf8"));
  const told = manifest.modules[0].declarations[0];
  await opened(page, { body: '<kube-pki loading="eager" controls="full" reveal="interaction"></kube-pki>' }, async () => {
    const has = await page.evaluate(() => {
      const element = document.querySelector("kube-pki");
      const all = (selector, name) => [...element.shadowRoot.querySelectorAll(selector)].map((one) => one.getAttribute(name));
      return { attributes: element.constructor.observedAttributes, parts: all("[part]", "part"), slots: all("slot", "name") };
    });
    expect(told.attributes.map((one) => one.name)).toEqual(has.attributes);
    for (const part of told.cssParts) expect(has.parts).toContain(part.name);
    expect(told.slots.map((one) => one.name)).toEqual(has.slots);
    const fields = await page.evaluate((names) => names.filter((name) => !(name in document.querySelector("kube-pki"))), told.members.map((one) => one.name));
    expect(fields).toEqual([]);
    expect(told.cssProperties.map((one) => one.name)).toContain("--kube-pki-ground");
  });
});
