// How long an export under a lock takes in the page, from a click until the file is handed over, and how long the single file
// takes from opening to its picture.
import { pathToFileURL } from "node:url";
import { open, part } from "./chromium.mjs";
import { singleNode } from "./page/designs.mjs";
import { readyAfter } from "./product.mjs";

/** Milliseconds of each kind of export of a single node with P-256 keys: what is chosen, and what is typed. */
const KINDS = {
  "not encrypted": ["whole", "open"],
  "under a passphrase": ["whole", "passphrase", "ozone-drastic-pitch-amateur"],
  "to a recipient": ["whole", "recipients", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"],
  "CA keys as PKCS#8": ["ca-keys", "own", "ozone-drastic-pitch-amateur"],
};

/** Exports in every way, `times` times; resolves to milliseconds by name. */
export async function locked(browser, url, times) {
  const page = await open(browser, `${url}#${singleNode("ec")}`);
  try {
    await page.locator('main[data-state="planned"]').waitFor();
    await part(page, "generate").click();
    await page.locator('main[data-state="issued"]').waitFor();
    const found = Object.fromEntries(Object.keys(KINDS).map((name) => [name, []]));
    for (let time = 0; time < times; time++) {
      for (const [name, kind] of Object.entries(KINDS)) found[name].push(await one(page, ...kind));
    }
    return found;
  } finally {
    await page.context().close();
  }
}

async function one(page, what, lock, secret) {
  await part(page, "export-zip").click();
  await part(page, `export-${what}`).click();
  await part(page, `lock-${lock}`).click();
  const confirm = page.locator(`[data-testid="confirm"][data-act="export:${what}?${lock}"]`);
  await confirm.waitFor();
  if (secret) await part(page, "secret").fill(secret);
  const downloading = page.waitForEvent("download");
  const from = performance.now();
  await confirm.click();
  await downloading;
  return performance.now() - from;
}

/** Opens the single file from its folder; resolves to the milliseconds until its first picture. */
export const opened = async (browser, path) => (await readyAfter(browser, pathToFileURL(path).href)).state;
