// Documentation sites as their generators build them, with the element in a page of each: pictures come on scroll, follow
// the site's own theme switch, move nothing, break no policy, and ask for nothing elsewhere.
import { createHash } from "node:crypto";
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { inScratch, kubepki, ran } from "./support/command.mjs";
import { elementFolder, mkdocsPath } from "./support/environment.mjs";
import { STRICT, page as written, withSite } from "./support/site.mjs";
import { watch } from "./support/watch.mjs";

/** The views, and what each alone shows. */
const SHOWN = { hierarchy: "Held by", files: "front-proxy-client.key", connections: "kube-apiserver → kubelet" };
const VIEWS = Object.keys(SHOWN);

/** Posters, and the three embeds with much text between them. */
async function guide(folder) {
  await mkdir(folder, { recursive: true });
  await cp(elementFolder, join(folder, "kubepki"), { recursive: true, filter: (name) => !name.endsWith(".md") });
  let text = "";
  for (const view of VIEWS) {
    const svg = await kubepki(["show", view, "--preset", "ha-stacked", "--format", "svg"]);
    await writeFile(join(folder, `${view}.svg`), svg);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg);
    text += `<kube-pki preset="ha-stacked" view="${view}"><img slot="poster" src="/${view}.svg" width="${width}" height="${height}" alt="${view}"></kube-pki>\n\n`;
    text += `${"The API server shows its certificate to everyone who calls it, and checks theirs. ".repeat(40)}\n\n`;
  }
  return text;
}

/** What each generator makes of it: the site's folder. */
const GENERATORS = {
  async "plain HTML"(folder) {
    const text = await guide(folder);
    const head = '<link rel="stylesheet" href="/style.css"><script src="/switch.js" defer></script>';
    await writeFile(join(folder, "index.html"), written(`<button id="switch">Theme</button>${text}`, { head }));
    await writeFile(join(folder, "style.css"), "html{color-scheme:light}html.dark{color-scheme:dark}main{max-width:960px;margin:auto}img{max-width:100%;height:auto}");
    await writeFile(join(folder, "switch.js"), 'document.querySelector("#switch").onclick = () => document.documentElement.classList.toggle("dark");');
    return folder;
  },
  async "MkDocs Material"(folder) {
    const text = await guide(join(folder, "docs"));
    await writeFile(join(folder, "docs/index.md"), `# Guide\n\n${text}`);
    const configuration = `site_name: Guide
site_url: http://127.0.0.1/
theme:
  name: material
  font: false
  palette:
    - {scheme: default, toggle: {icon: material/weather-night, name: Dark}}
    - {scheme: slate, toggle: {icon: material/weather-sunny, name: Light}}
extra_javascript:
  - {path: kubepki/define.js, type: module}
plugins: []
`;
    await writeFile(join(folder, "mkdocs.yml"), configuration);
    await ran(mkdocsPath, ["build", "--quiet", "--site-dir", join(folder, "site")], { cwd: folder });
    return join(folder, "site");
  },
  async VitePress(folder) {
    const text = await guide(join(folder, "public"));
    await writeFile(join(folder, "index.md"), `# Guide\n\n${text}`);
    await mkdir(join(folder, ".vitepress"));
    const configuration = `export default { title: "Guide",
  head: [["link", { rel: "icon", href: "/hierarchy.svg" }], ["script", { type: "module", src: "/kubepki/define.js" }]],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "kube-pki" } } } };
`;
    await writeFile(join(folder, ".vitepress/config.mjs"), configuration);
    const modules = fileURLToPath(new URL("../documentation/node_modules", import.meta.url));
    await symlink(modules, join(folder, "node_modules"));
    await ran(process.execPath, [join(modules, "vitepress/bin/vitepress.js"), "build", folder, "--outDir", join(folder, "site")], { cwd: folder });
    return join(folder, "site");
  },
};
const SWITCH = {
  "plain HTML": "#switch",
  "MkDocs Material": "label.md-header__button:visible[title=Dark]",
  VitePress: ".VPNavBarAppearance .VPSwitch",
};

/** Styles that a generator's own script writes: VitePress stops transitions while its theme changes. */
const WRITTEN = { VitePress: " 'sha256-skqujXORqzxt1aE0NNXxujEanPTX6raoqSscTV/Ww/Y='" };

/** What is inline in a generator's own page, as a policy names it. The element adds nothing to it. */
function policyOf(name, page) {
  const hashes = (tag) =>
    [...page.matchAll(new RegExp(`<${tag}(?![^>]*\\bsrc=)[^>]*>([\\s\\S]*?)</${tag}>`, "g"))].map(
      ([, text]) => ` 'sha256-${createHash("sha256").update(text).digest("base64")}'`,
    );
  const [scripts, styles] = [hashes("script").join(""), hashes("style").join("") + (WRITTEN[name] ?? "")];
  return STRICT.replace("script-src 'self'", `script-src 'self'${scripts}`).replace("style-src 'self'", `style-src 'self'${styles}; style-src-attr 'unsafe-inline'; font-src 'self'; connect-src 'self'; worker-src 'self'`).replace("img-src 'self'", "img-src 'self' data:");
}

for (const [name, build] of Object.entries(GENERATORS)) {
  test(`three embeds in a site of ${name}`, async ({ page }) => {
    test.setTimeout(120_000);
    await inScratch(async (folder) => {
      const root = await build(folder);
      const seen = await watch(page);
      await page.addInitScript(() => {
        window.shift = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.shift += one.hadRecentInput ? 0 : one.value))).observe({ type: "layout-shift", buffered: true });
      });
      await withSite({ root, policy: (served) => policyOf(name, served) }, async (address, asked) => {
        await page.goto(`${address}/`);
        const ready = (nth) => page.locator("kube-pki").nth(nth).locator(".frame[data-state=ready]");
        const shows = (nth) => expect(page.locator("kube-pki").nth(nth).locator(".view")).toContainText(SHOWN[VIEWS[nth]]);
        await expect(ready(0)).toBeVisible();
        await shows(0);
        await expect(ready(2)).toHaveCount(0);
        for (const nth of [1, 2]) {
          await page.locator("kube-pki").nth(nth).evaluate((it) => it.scrollIntoView({ block: "center", behavior: "instant" }));
          await expect(ready(nth)).toBeVisible();
          await shows(nth);
        }
        const ground = () => page.locator("kube-pki .live").nth(2).evaluate((it) => getComputedStyle(it).backgroundColor);
        expect(await ground()).toBe("rgb(246, 245, 241)");
        expect(await page.evaluate(() => window.shift), "nothing moves").toBe(0);
        await page.locator(SWITCH[name]).first().click();
        await expect.poll(ground).toBe("rgb(20, 23, 29)");
        expect(asked.filter((path) => path.endsWith("/pictures.js"))).toHaveLength(1);
        expect(seen.complaints).toEqual([]);
        expect(await page.evaluate(() => window.policyViolations)).toEqual([]);
        expect(seen.requests.filter((one) => !one.startsWith(address) && !one.startsWith("data:"))).toEqual([]);
      });
    });
  });
}
