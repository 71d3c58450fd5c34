// Chromium, driven by playwright-core.
import { chromium } from "playwright-core";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser; each launch has a fresh profile. */
export function launch() {
  const executablePath = process.env.KUBEPKI_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: FLAGS, headless: true, chromiumSandbox: false });
}

/** A page in a context of its own: no cache, no storage, and a renderer of its own. What it reports goes to `problems`. */
export async function open(browser, url, problems = []) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(300_000);
  page.on("pageerror", (error) => problems.push(`${error}`));
  page.on("crash", () => problems.push("the page crashed"));
  await page.goto(url);
  return page;
}

/** An element of a page by its test id. */
export const part = (page, id) => page.locator(`[data-testid="${id}"]`);
