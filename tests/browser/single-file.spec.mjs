// The single file for the air gap, opened from a folder: it does what the site does, in Chromium and in Firefox, and its
// policy lets nothing out.
import { mkdtemp, readFile, readdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { unpack } from "./support/archive.mjs";
import { inScratch, kubepki } from "./support/command.mjs";
import { firefoxPath, singleFile } from "./support/environment.mjs";
import { judged } from "./support/judges.mjs";
import { expect, test } from "./support/test.mjs";

const address = pathToFileURL(singleFile).href;
const WAYS = 11;

/** What came out of a saved zip is what other programs and the command line say that it should be. */
async function accepted(path) {
  await inScratch(async (folder) => {
    await judged(await unpack(path, join(folder, "zip")));
    await kubepki(["generate", "--reproduce", path, "--out", join(folder, "again.zip")]);
    expect((await readFile(path)).equals(await readFile(join(folder, "again.zip")))).toBe(true);
  });
}

/** A configuration of kubeadm. */
const KUBEADM = new URL("designs/kubeadm-v1beta4.yaml", import.meta.url);
/** What locks an archive here. */
const PASSPHRASE = "ozone-drastic-pitch-amateur";

/** The passphrase opens a saved archive, and what is in it is accepted. */
async function opens(path) {
  await inScratch(async (folder) => {
    const [typed, zip] = [join(folder, "typed"), join(folder, "opened.zip")];
    await writeFile(typed, `${PASSPHRASE}\n`);
    await kubepki(["decrypt", path, "--passphrase-file", typed, "--out", zip]);
    await accepted(zip);
  });
}

for (const algorithm of ["RSA-2048", "ECDSA-P256"]) {
  test(`from a folder in Chromium: kubeadm YAML, ${algorithm}, handshake, export, encrypted export`, async ({ bench }) => {
    await bench.open("", address);
    await bench.imported(await readFile(KUBEADM, "utf8"), "clusterName", "imported");
    await bench.set("keys.ca", algorithm);
    await bench.set("keys.leaf", algorithm);
    await bench.generate();
    await bench.part("tab-handshake").click();
    await expect(bench.page.locator(".verdict").first()).toContainText("Both sides are content");
    await accepted((await bench.exportZip()).path);
    const sealed = await bench.download("export-zip", "passphrase", PASSPHRASE);
    expect(sealed.name).toBe("imported-pki.zip.age");
    await opens(sealed.path);
    expect(bench.seen.asked()).toEqual([]);
  });
}

test("the file's policy holds no address and allows nothing inline but by hash", async () => {
  const text = await readFile(singleFile, "utf8");
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(text)[1];
  expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval' blob:; style-src 'sha256-[^']+';/);
  for (const part of ["connect-src 'none'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"]) expect(policy).toContain(part);
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|'self'|https?:/);
});

test("everything is forgotten: keys, PKI and earlier designs, and the worker's memory holds no key", async ({ bench }) => {
  await bench.open("", address);
  await bench.press("preset-single");
  await bench.set("clusterName", "secret-place");
  await bench.generate();
  await bench.exportZip();
  await bench.part("trust").click();
  await bench.part("forget").click();
  const dialog = bench.page.getByRole("dialog", { name: "Forget everything?" });
  await dialog.getByTestId("close").click();
  await expect(dialog).toBeHidden();
  await expect(bench.part("leak-test")).toBeVisible();
  await bench.part("forget").click();
  await dialog.getByTestId("confirm").click();
  const told = bench.page.getByText(/private keys were overwritten/);
  await expect(told).toContainText("none was found");
  expect(Number(/(\d+) private keys/.exec(await told.innerText())[1])).toBeGreaterThanOrEqual(16);
  await bench.reaches("planned");
  for (const name of ["undo", "redo", "export-zip"]) await expect(bench.part(name)).toBeDisabled();
  expect(await bench.value("clusterName")).not.toBe("secret-place");
  await bench.press("preset-single");
  await bench.generate();
});

test("an export of 1,400 nodes leaves no key behind in the worker's memory", async ({ bench }) => {
  test.setTimeout(300_000);
  await bench.open("", address);
  await bench.press("preset-course");
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
  const workers = Array.from({ length: 1_400 }, (_, one) => `w-${one} 10.1.${one >> 8}.${one & 255} worker`);
  await bench.pasteNodes(`cp-1 10.0.0.11 control-plane\n${workers.join("\n")}\n`);
  await expect(bench.part("field-nodes.0.name")).toHaveValue("cp-1");
  await bench.reaches("planned");
  await bench.generate(120_000);
  await bench.exportZip();
  await bench.part("trust").click();
  await bench.part("forget").click();
  await bench.part("confirm").click();
  const told = bench.page.getByText(/private keys were overwritten/);
  await expect(told).toContainText("none was found", { timeout: 60_000 });
  expect(Number(/(\d+) private keys/.exec(await told.innerText())[1])).toBeGreaterThanOrEqual(2_800);
});

test.describe("the leak test", () => {
  test.use({ tolerated: [/Content Security Policy|violates|policy: |Trusted|WebSocket|EventSource|Failed to load|request: |Refused|ERR_/i] });

  /** What the Trust panel's leak test says, a line each. */
  async function leaks(bench) {
    await bench.part("trust").click();
    await bench.part("leak-test").click();
    const lines = bench.part("leaks").locator("li");
    await expect(lines).toHaveCount(WAYS, { timeout: 20_000 });
    return lines.allInnerTexts();
  }

  for (const [where, at] of [["the site", "/"], ["the single file", address]]) {
    test(`${where} blocks every way`, async ({ bench }) => {
      await bench.open("", at);
      for (const line of await leaks(bench)) expect(line).toMatch(/blocked by [a-z-]+$/);
    });
  }

  test("fails where the policy was taken out of the file", async ({ bench }) => {
    await inScratch(async (folder) => {
      const open = join(folder, "open.html");
      const text = await readFile(singleFile, "utf8");
      await writeFile(open, text.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ""));
      await bench.page.goto(pathToFileURL(open).href);
      await bench.reaches("planned");
      const lines = await leaks(bench);
      expect(lines.filter((line) => line.includes("NOT BLOCKED")).length).toBeGreaterThan(0);
    });
  });
});

test("from a folder in Firefox: kubeadm YAML, RSA and ECDSA, handshake, leak test, export, encrypted export", async () => {
  test.setTimeout(120_000);
  await inScratch(async (folder) => {
    const extraPrefsFirefox = { "browser.download.folderList": 2, "browser.download.dir": folder, "browser.download.useDownloadDir": true };
    const browser = await puppeteer.launch({ browser: "firefox", executablePath: firefoxPath, headless: true, extraPrefsFirefox });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(30_000);
      await page.setViewport({ width: 1440, height: 900 });
      const errors = [];
      page.on("pageerror", (error) => errors.push(error.message));
      const press = async (name) => (await page.waitForSelector(`[data-testid="${name}"]`)).click();
      const reaches = (state) => page.waitForSelector(`main[data-state="${state}"]`);
      const said = (selector) => page.$eval(selector, (one) => one.innerText);
      await page.goto(address);
      await reaches("planned");
      const imported = async () => {
        await page.$eval('[data-testid="import-text"]', (one, text) => {
          one.value = text;
          one.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }, await readFile(KUBEADM, "utf8"));
        await press("import-apply");
        const name = () => page.$eval('[data-testid="field-clusterName"]', (one) => one.value);
        await expect.poll(name, { timeout: 20_000 }).toBe("imported");
      };
      for (const [start, algorithm] of [[() => press("preset-single"), "RSA-2048"], [imported, "ECDSA-P256"]]) {
        await start();
        for (const field of ["keys.ca", "keys.leaf"]) {
          await page.$eval(`[data-testid="field-${field}"] input[value="${algorithm}"]`, (one) => one.closest("label").click());
        }
        await reaches("planned");
        await press("generate");
        await reaches("issued");
        await press("tab-handshake");
        await page.waitForSelector(".handshake .verdict");
        expect(await said(".handshake .verdict")).toContain("Both sides are content");
        await press("export-zip");
        await press("lock-open");
        await page.waitForSelector('[data-testid="confirm"][data-act$="?open"]');
        await press("confirm");
        await accepted(await arrived(folder, ".zip"));
        await press("export-zip");
        await press("lock-passphrase");
        await (await page.waitForSelector('[data-testid="secret"]')).type(PASSPHRASE);
        await page.waitForSelector('[data-testid="confirm"][data-act$="?passphrase"]');
        await press("confirm");
        await opens(await arrived(folder, ".zip.age"));
        if (start !== imported) await page.reload().then(() => reaches("planned"));
      }
      expect(errors).toEqual([]);
      await press("trust");
      await press("leak-test");
      await page.waitForSelector('[data-testid="leaks"]');
      const lines = await page.$$eval('[data-testid="leaks"] li', (all) => all.map((one) => one.innerText));
      expect(lines).toHaveLength(WAYS);
      for (const line of lines) expect(line).toMatch(/blocked by [a-z-]+$/);
    } finally {
      await browser.close();
    }
  });
});

/** A file that has arrived whole in a folder, moved to another, so that the next is not taken for it. */
async function arrived(folder, ending) {
  let last = 0;
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((done) => setTimeout(done, 100))) {
    const names = await readdir(folder);
    const name = names.find((one) => one.endsWith(ending));
    if (!name || names.some((one) => one.endsWith(".part"))) continue;
    const { size } = await stat(join(folder, name));
    if (size === 0 || size !== last) {
      last = size;
      continue;
    }
    const taken = join(await mkdtemp(join(folder, "taken-")), name);
    await rename(join(folder, name), taken);
    return taken;
  }
  throw new Error(`no ${ending} arrived`);
}
