// "Everything works", second part: whatever looks as if it did something does something. Every control that is visible
// in a situation is activated, and must change what the page is or shows, open, copy or download. Afterwards the
// situation is restored: by Escape or undo where that is enough, else on a fresh page.
import { expect, test } from "./support/test.mjs";
import { EXCEPTIONS, SITUATIONS } from "./elements.mjs";

const CONTROLS = 'button, a[href], input, select, textarea, summary, [role="tab"], [role="button"], [role="option"], [tabindex="0"]';

/** Controls that only select: they are activated one after the other on one page. */
const SELECTING = /^(cert|unsigned|file|flag)-/;

for (const { name, arrange, within = "*" } of SITUATIONS) {
  test(`nothing is dead: ${name}`, async ({ bench, context }) => {
    test.setTimeout(300_000);
    await arrange(bench);
    const found = await controls(bench.page, within);
    expect(found.length).toBeGreaterThan(0);
    const dead = [];
    for (const control of found.filter((one) => SELECTING.test(one.name))) {
      if (!(await activate(bench.page, control))) dead.push(control.name);
    }
    await fresh(bench, arrange);
    const arranged = await arrangement(bench.page);
    for (const control of found.filter((one) => !SELECTING.test(one.name))) {
      if (!(await restored(bench, arranged))) {
        await fresh(bench, arrange);
        await expect.poll(() => arrangement(bench.page), "a situation is arranged alike each time").toBe(arranged);
      }
      if (!(await activate(bench.page, control))) dead.push(control.name);
    }
    expect(dead, "controls that did nothing").toEqual([]);
  });
}

/** Starts over, in the same tab, past a question whether to leave. */
async function fresh(bench, arrange) {
  const accept = (dialog) => dialog.accept();
  bench.page.on("dialog", accept);
  await bench.page.goto("about:blank");
  bench.page.off("dialog", accept);
  await arrange(bench);
}

/**
 * What there is to activate, and what is chosen and typed in it; but for undo and redo, which depend on the past, and
 * the clock, which goes on: an issue time that was typed shows in the button beside it.
 */
function arrangement(page) {
  return page.evaluate((selector) => {
    const told = ["aria-expanded", "aria-pressed", "aria-selected", "disabled", "data-testid"];
    const controls = [...document.querySelectorAll(selector)].filter((one) => !/^(un|re)do$/.test(one.dataset.testid));
    const value = (one) => (one.dataset.testid === "issue-time" ? "" : one.value);
    const lines = controls.map((one) => [value(one), one.checked, one.open, ...told.map((name) => one.getAttribute(name))].join());
    return [document.documentElement.dataset.theme, document.querySelector("main").dataset.state, ...lines].join("\n");
  }, CONTROLS);
}

/** Takes back what the last control did, where Escape and undo can; whether the situation is the arranged one again. */
async function restored(bench, arranged) {
  const ways = [
    async () => {},
    async () => void ((await bench.page.locator("dialog[open]").count()) && (await bench.page.keyboard.press("Escape"))),
    async () => {
      await bench.page.evaluate(() => document.activeElement?.blur());
      const undo = bench.part("undo");
      if (!(await bench.page.locator("dialog[open]").count()) && (await undo.isEnabled())) await undo.click();
    },
  ];
  for (const way of ways) {
    await way();
    if ((await arrangement(bench.page)) === arranged) return true;
  }
  return false;
}

/** The enabled, visible controls within some parts, each by what finds it again. */
async function controls(page, within) {
  const excepted = EXCEPTIONS.map((one) => one.selector).join(", ");
  return page.locator(CONTROLS).evaluateAll((all, [excepted, within]) => {
    const usable = (one) =>
      one.checkVisibility({ visibilityProperty: true }) &&
      one.closest(within) &&
      !one.matches(`:disabled, [aria-disabled="true"], ${excepted}`);
    return all
      .map((one, index) => ({ one, index }))
      .filter(({ one }) => usable(one))
      .map(({ one, index }) => ({
        index,
        tag: one.tagName.toLowerCase(),
        type: one.type ?? "",
        name: one.dataset.testid ?? `${one.tagName.toLowerCase()} "${(one.getAttribute("aria-label") ?? one.innerText ?? "").trim().slice(0, 60)}"`,
      }));
  }, [excepted, within]);
}

/** What a page is and shows, but for the control itself and for what passes with time. */
function signature(page, index) {
  return page.evaluate(
    ([selector, index]) => {
      const self = document.querySelectorAll(selector)[index];
      const values = [...document.querySelectorAll("input, select, textarea")]
        .filter((one) => one !== self)
        .map((one) => `${one.value}|${one.checked}`);
      const copy = document.documentElement.outerHTML.replace(/keys ready: \d+ of \d+/g, "");
      const scrolled = [...document.querySelectorAll("*")].map((one) => one.scrollTop + one.scrollLeft).join();
      const focus = document.activeElement === self ? "" : (document.activeElement?.outerHTML ?? "").slice(0, 300);
      return [copy, values.join("\n"), location.href, scrolled, window.copied ?? 0, focus].join("\n");
    },
    [CONTROLS, index],
  );
}

/** Activates a control as its user would; whether anything came of it. */
async function activate(page, { index, tag, type }) {
  const control = page.locator(CONTROLS).nth(index);
  await control.scrollIntoViewIfNeeded();
  let left = false;
  const leaves = () => (left = true);
  for (const event of ["filechooser", "download", "popup"]) page.on(event, leaves);
  const before = await signature(page, index);
  if (tag === "select") {
    const other = await control.evaluate((one) => [...one.options].find((option) => !option.selected && !option.disabled)?.value);
    await control.selectOption(other);
  } else if (tag === "textarea" || (tag === "input" && ["text", "number", "search", ""].includes(type))) {
    await control.press("End");
    await control.pressSequentially("7");
  } else if (tag === "input" && ["radio", "checkbox"].includes(type)) {
    await control.evaluate((one) => one.click());
  } else {
    await control.click();
  }
  let changed = false;
  await expect
    .poll(async () => (changed = left || (await signature(page, index)) !== before), { timeout: 1_500 })
    .toBe(true)
    .catch(() => {});
  for (const event of ["filechooser", "download", "popup"]) page.off(event, leaves);
  return changed;
}
