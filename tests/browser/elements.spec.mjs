// "Everything works", second part: whatever looks as if it did something does something. Every control that is visible
// in a situation is activated, and must change what the page is or shows, open, copy or download. Afterwards the
// situation is restored: by Escape or undo where that is enough, else on a fresh page.
import { expect, test } from "./support/test.mjs";
import { EXCEPTIONS, SITUATIONS } from "./elements.mjs";

const CONTROLS = 'button, a[href], input, select, textarea, summary, [role="tab"], [role="button"], [role="option"], [tabindex="0"]';

/** Controls that only select: they are activated one after the other on one page. */
const SELECTING = /^(cert|unsigned|file|flag|connection)-/;

for (const { name, arrange, within = "*", beyond = false } of SITUATIONS) {
  test(`nothing is dead: ${name}`, async ({ bench, context }) => {
    test.setTimeout(300_000);
    await bench.page.addInitScript(defineSignature);
    const known = beyond ? await firstVisit(bench) : [];
    await arrange(bench);
    await settled(bench.page);
    const found = (await controls(bench.page, within)).filter((one) => !known.includes(one.called));
    expect(found.length).toBeGreaterThan(0);
    const selecting = found.filter((one) => SELECTING.test(one.name));
    const dead = await bench.page.evaluate(pressAll, [CONTROLS, selecting]);
    if (selecting.length) await fresh(bench, arrange);
    const arranged = await settled(bench.page);
    const view = await bench.page.locator('[role="tab"][aria-selected="true"]').getAttribute("data-testid");
    let last = null;
    for (const control of found.filter((one) => !SELECTING.test(one.name))) {
      if (!(await restored(bench, arranged, view, last))) {
        await fresh(bench, arrange);
        await expect.poll(() => settled(bench.page), "a situation is arranged alike each time").toBe(arranged);
      }
      if (!(await activate(bench.page, control))) dead.push(control.name);
      last = control;
    }
    expect(dead, "controls that did nothing").toEqual([]);
  });
}

/** What everything is called that can be activated on a first visit. */
async function firstVisit(bench) {
  await SITUATIONS[0].arrange(bench);
  return (await controls(bench.page, "*")).map((one) => one.called);
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
async function arrangement(page) {
  await page.locator('[role="tabpanel"][aria-busy="true"], dialog[aria-busy="true"]').first().waitFor({ state: "detached" });
  return page.evaluate((selector) => {
    const told = ["aria-expanded", "aria-pressed", "aria-selected", "disabled", "data-testid"];
    const controls = [...document.querySelectorAll(selector)].filter((one) => !/^(un|re)do$/.test(one.dataset.testid));
    const value = (one) => (one.dataset.testid === "issue-time" ? "" : one.value);
    const lines = controls.map((one) => [value(one), one.checked, one.closest("details")?.open, ...told.map((name) => one.getAttribute(name))].join());
    return [document.documentElement.dataset.theme, !!document.querySelector("dialog[open]"), document.querySelector("main").dataset.state, ...lines].join("\n");
  }, CONTROLS);
}

/** The arrangement, once it stays: what a worker draws comes later than what asked for it, and moves what is behind it. */
async function settled(page) {
  let now;
  await expect(async () => {
    const last = now;
    now = await arrangement(page);
    expect(now).toBe(last);
  }, "a situation comes to rest").toPass({ intervals: [150] });
  return now;
}

/**
 * Takes back what the last control did, by what its user would do; whether the situation is the arranged one again. A
 * page that is loaded anew costs more than all of these together.
 */
async function restored(bench, arranged, view, last) {
  const { page } = bench;
  const inDialog = () => page.locator("dialog[open]").count();
  const ways = [
    async () => {},
    async () => void ((await inDialog()) && (await page.keyboard.press("Escape"))),
    // What was unfolded is folded again by the same button.
    async () => {
      const again = last && page.locator(CONTROLS).nth(last.index);
      if (!again || (await inDialog()) || !(await again.count())) return;
      if ((await again.getAttribute("aria-expanded")) !== null || last.tag === "summary") await again.click();
    },
    // What showed something else: back to the view, and nothing selected.
    async () => {
      if (await inDialog()) return;
      const tab = bench.part(view);
      if ((await tab.getAttribute("aria-selected")) !== "true") await tab.click();
      await page.evaluate(() => document.activeElement?.blur());
      await page.keyboard.press("Escape");
    },
    async () => {
      const undo = bench.part("undo");
      if (!(await inDialog()) && (await undo.isEnabled())) await undo.click();
    },
  ];
  for (const way of ways) {
    await way();
    if ((await arrangement(bench.page)) === arranged && (await settled(bench.page)) === arranged) return true;
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
      .map(({ one, index }) => {
        const tag = one.tagName.toLowerCase();
        const words = `${tag} "${(one.getAttribute("aria-label") ?? one.innerText ?? "").trim().slice(0, 60)}"`;
        const name = one.dataset.testid ?? words;
        return { index, tag, type: one.type ?? "", name, called: `${name}: ${words}` };
      });
  }, [excepted, within]);
}

/**
 * Defines in the page what it is and shows, but for one control and for what passes with time. It stays there: the text
 * is as long as the page.
 */
function defineSignature() {
  window.signature = (self) => {
    const values = [...document.querySelectorAll("input, select, textarea")]
      .filter((one) => one !== self)
      .map((one) => `${one.value}|${one.checked}`);
    const copy = document.documentElement.outerHTML.replace(/keys ready: \d+ of \d+| aria-busy="true"/g, "");
    const scrolled = [...document.querySelectorAll("*")].map((one) => one.scrollTop + one.scrollLeft).join();
    const focus = document.activeElement === self ? "" : (document.activeElement?.outerHTML ?? "").slice(0, 300);
    return [copy, values.join("\n"), location.href, scrolled, window.copied ?? 0, focus].join("\n");
  };
}

/**
 * Presses controls that only select, one after the other as fast as the page draws, each where a pointer would meet it;
 * resolves to the names of those that nothing came of. Runs in the browser: there are hundreds.
 */
async function pressAll([selector, controls]) {
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const dead = [];
  for (const { index, name } of controls) {
    const control = document.querySelectorAll(selector)[index];
    control.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    await drawn();
    const { left, top, width, height } = control.getBoundingClientRect();
    const met = document.elementFromPoint(left + width / 2, top + height / 2);
    const before = window.signature(control);
    if (control.contains(met)) {
      control.focus();
      control.click();
    }
    const began = performance.now();
    do await drawn();
    while (window.signature(control) === before && performance.now() - began < 1_500);
    if (window.signature(control) === before) dead.push(name);
  }
  return dead;
}

/** Activates a control as its user would; whether anything came of it. */
async function activate(page, { index, tag, type }) {
  const control = page.locator(CONTROLS).nth(index);
  await control.scrollIntoViewIfNeeded({ timeout: 10_000 });
  let left = false;
  const leaves = () => (left = true);
  for (const event of ["filechooser", "download", "popup"]) page.on(event, leaves);
  await control.evaluate((one) => void (window.before = window.signature((window.activated = one))));
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
  const changed = () => page.evaluate(() => window.signature(window.activated) !== window.before);
  const began = Date.now();
  while (!left && !(await changed()) && Date.now() - began < 1_500) await page.waitForTimeout(20);
  const came = left || (await changed());
  for (const event of ["filechooser", "download", "popup"]) page.off(event, leaves);
  return came;
}
