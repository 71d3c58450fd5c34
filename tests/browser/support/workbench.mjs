// The page as its user has it. Nothing is relied on but the `data-testid` names, `data-state` on <main> and native
// controls.
import { expect } from "@playwright/test";

/** The views, by the names of their tabs. */
export const VIEWS = ["hierarchy", "files", "flags"];

/** What the names of a view's lines begin with. */
const LINES = {
  hierarchy: ["cert-", "unsigned-"],
  files: ["file-"],
  flags: ["flag-"],
};

/** The view that shows what has this name. */
const viewOf = (name) => VIEWS.find((view) => LINES[view].some((prefix) => name.startsWith(prefix))) ?? "hierarchy";

/** Whether some of an element is inside the window with nothing before it. Runs in the browser. */
function isSeen(one) {
  const around = one.closest("label") ?? one;
  const { left, right, top, bottom } = around.getBoundingClientRect();
  const [x, y] = [(Math.max(left, 0) + Math.min(right, innerWidth)) / 2, (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2];
  const inside = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  const hit = inside ? document.elementFromPoint(x, y) : null;
  return hit !== null && (around.contains(hit) || hit.contains(around));
}

/** Keeps every value of the page's `data-state` with its time, from before the page is opened. */
export async function recordStates(page) {
  await page.addInitScript(() => {
    window.pageStates = [];
    const look = () => {
      const state = document.querySelector("main")?.dataset.state;
      if (state && state !== window.pageStates.at(-1)?.state) window.pageStates.push({ state, at: performance.now() });
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ["data-state"] });
    // When a control was last pressed, by the same clock.
    document.addEventListener("click", () => (window.lastPress = performance.now()), true);
  });
}

/** The page in one tab. */
export class Workbench {
  constructor(page, seen) {
    this.page = page;
    this.seen = seen;
    this.main = page.locator("main");
  }

  /** Opens the page, with a fragment if one is given, and waits until it is locked. */
  async open(fragment = "", address = "/") {
    await this.page.goto(`${address}${fragment}`);
    await this.reaches("planned");
    await this.locked();
  }

  /** Waits until everything is fetched and the locking policy stands. */
  async locked() {
    await expect(this.page.locator('meta[http-equiv="Content-Security-Policy" i]')).toHaveCount(2);
    this.seen?.loaded();
  }

  part(name) {
    return this.page.getByTestId(name);
  }

  /** Every part whose name begins so. */
  parts(prefix) {
    return this.page.locator(`[data-testid^="${prefix}"]`);
  }

  field(path) {
    return this.part(`field-${path}`);
  }

  async reaches(state, timeout = 10_000) {
    await expect(this.main).toHaveAttribute("data-state", state, { timeout });
  }

  state() {
    return this.main.getAttribute("data-state");
  }

  /** Unfolds what hides a control: a <details> in its way. */
  async reveal(control) {
    const summaries = control.locator("xpath=ancestor::details[not(@open)]/summary");
    for (let left = await summaries.count(); left > 0; left--) await summaries.first().click();
    return control;
  }

  async press(name) {
    await (await this.reveal(this.part(name))).click();
  }

  /** Changes a field of the form, as its control wants it, and leaves it. */
  async set(path, value) {
    const control = await this.reveal(this.field(path));
    const kind = await control.evaluate((one) => (one.tagName === "INPUT" ? one.type : one.tagName.toLowerCase()));
    if (kind === "select") await control.selectOption(value);
    else if (kind === "checkbox") await control.setChecked(value);
    else if (kind === "text" || kind === "number" || kind === "textarea") {
      await control.fill(value);
      await control.blur();
    } else await control.locator("label", { has: this.page.locator(`input[value="${value}"]`) }).click();
  }

  /** What a field's control holds. */
  async value(path) {
    return this.field(path).evaluate((one) => {
      if (one.type === "checkbox") return one.checked;
      if ("value" in one && one.tagName !== "FIELDSET") return one.value;
      return one.querySelector("input:checked")?.value ?? null;
    });
  }

  /** Puts a text into a control: short ones as typed, long ones as pasted, for Chromium types line after line. */
  async put(control, text) {
    if (text.length < 4_000) return control.fill(text);
    await this.page.evaluate((text) => navigator.clipboard.writeText(text), text);
    await control.focus();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.press("Control+V");
  }

  async importText(text) {
    await this.put(await this.reveal(this.part("import-text")), text);
    await this.part("import-apply").click();
  }

  /** Imports a text that is taken, and waits until the form shows it. */
  async imported(text, path, value) {
    await this.importText(text);
    await expect.poll(() => this.value(path).catch(() => null)).toBe(value);
  }

  /** Hands a list of nodes to the dialog for it. */
  async pasteNodes(text) {
    await this.press("node-paste");
    await this.put(this.page.locator("dialog[open] textarea"), text);
    await this.part("confirm").click();
  }

  /** The names of the nodes in the form. */
  nodes() {
    return this.page
      .locator('[data-testid^="field-nodes."][data-testid$=".name"]')
      .evaluateAll((all) => all.map((one) => one.value));
  }

  /** Brings a part into view where only a part of the page has room; whether it can then be seen. */
  async bringIntoView(name) {
    const part = this.part(name).first();
    const front = this.page.getByRole("button", { name: "Design", exact: true });
    const turn = async () => void ((await front.isVisible()) && (await front.click()));
    const ways = [
      async () => {},
      turn,
      async () => {
        if (!(await this.part("tab-hierarchy").isVisible())) await turn();
        await this.show(viewOf(name));
      },
    ];
    for (const way of ways) {
      await way();
      if (!(await part.count())) continue;
      await this.reveal(part);
      if (!(await part.isVisible())) continue;
      await part.scrollIntoViewIfNeeded();
      if (await part.evaluate(isSeen)) return true;
    }
    return false;
  }

  async show(view) {
    const tab = this.part(`tab-${view}`);
    await tab.click();
    await expect(tab).toHaveAttribute("aria-selected", "true");
  }

  /** What the visible view shows: the text of each of its lines, by name. */
  async lines(view) {
    await this.show(view);
    const selector = LINES[view].map((prefix) => `[data-testid^="${prefix}"]`).join(", ");
    await expect(this.page.locator(selector).first()).toBeVisible();
    const found = await this.page.locator(selector).evaluateAll((all) =>
      all.map((one) => {
        const row = one.closest("li, tr") ?? one;
        return [one.dataset.testid, `${row.innerText} ${one.getAttribute("aria-label") ?? ""}`.replace(/\s+/g, " ").trim()];
      }),
    );
    return Object.fromEntries(found);
  }

  /** Unfolds every stack of the hierarchy. */
  async unfoldAll() {
    await this.show("hierarchy");
    for (const name of await this.parts("unfold-").evaluateAll((all) => all.map((one) => one.dataset.testid))) {
      const button = this.part(name);
      if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
    }
  }

  /** Selects something by the name of its button; resolves to what the inspector says of it. */
  async inspect(name) {
    const view = viewOf(name);
    await this.show(view);
    const button = this.part(name);
    if (view === "hierarchy" && !(await button.isVisible())) await this.unfoldAll();
    if ((await button.getAttribute("aria-pressed")) !== "true") await button.click();
    await expect(button).toHaveAttribute("aria-pressed", "true");
    return (await this.part("inspector").innerText()).replace(/\s+/g, " ");
  }

  /** Confirms the dialog, if one opens before `done` comes about. */
  async confirming(done) {
    const confirm = this.part("confirm");
    const asked = confirm.waitFor().then(() => "asked", () => "gone");
    const first = await Promise.race([asked, done.then(() => "done")]);
    if (first === "asked") await confirm.click();
    return done;
  }

  /** Generates, confirming if asked, and waits until it is done. */
  async generate(timeout = 30_000) {
    const before = (await this.states()).length;
    await this.press("generate");
    const done = expect.poll(async () => (await this.states()).slice(before).map((one) => one.state), { timeout });
    await this.confirming(done.toContain("issued"));
  }

  /** Opens the page and generates a preset with ECDSA keys, which are made in a blink. */
  async issued(preset) {
    await this.open();
    await this.press(`preset-${preset}`);
    await this.set("keys.ca", "ECDSA-P256");
    await this.set("keys.leaf", "ECDSA-P256");
    await this.generate();
  }

  /** Every state the page was in so far, and since when, by its own clock in milliseconds. */
  states() {
    return this.page.evaluate(() => window.pageStates);
  }

  /** Presses what exports and chooses a lock, if asked; resolves to the path of what was saved and its name. */
  async download(name, lock = "open", secret = "") {
    const saving = this.page.waitForEvent("download");
    await this.press(name);
    const chosen = this.part(`lock-${lock}`).click().then(() => expect(this.part("confirm")).toHaveAttribute("data-act", new RegExp(`\\?${lock}$`)));
    const typed = secret ? chosen.then(() => this.part("secret").fill(secret)) : chosen;
    await Promise.race([typed, saving]);
    const saved = await this.confirming(saving);
    return { path: await saved.path(), name: saved.suggestedFilename() };
  }

  exportZip() {
    return this.download("export-zip");
  }

  findings() {
    return this.part("finding");
  }
}
