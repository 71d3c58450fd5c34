// Draws the README's pictures: the page at 1440×900, light and dark, with a PKI generated and a certificate selected.
// `npm run screenshots` with KUBEPKI_URL (where the page is served) and KUBEPKI_CHROMIUM set.
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { arguments_, executablePath, url } from "./support/environment.mjs";
import { Workbench, recordStates } from "./support/workbench.mjs";

const browser = await chromium.launch({ executablePath, args: arguments_, chromiumSandbox: false });
try {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme, locale: "en-GB", timezoneId: "UTC" });
    const page = await context.newPage();
    await recordStates(page);
    const bench = new Workbench(page);
    await bench.open("", url);
    await bench.set("keys.ca", "ECDSA-P256");
    await bench.set("keys.leaf", "ECDSA-P256");
    await bench.generate();
    await bench.inspect("cert-apiserver@cp-1");
    // The form from its beginning, and no focus ring where nobody is.
    await page.evaluate(() => {
      document.activeElement?.blur();
      for (const one of document.querySelectorAll("*")) one.scrollTop = 0;
    });
    const path = fileURLToPath(new URL(`../../docs/screenshot-${colorScheme}.png`, import.meta.url));
    await page.screenshot({ path, animations: "disabled" });
    console.log(path);
    await context.close();
  }
} finally {
  await browser.close();
}
