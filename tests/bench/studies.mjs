// Measures of what the drawing worker does: a handshake tried and drawn, the connections of a large cluster drawn again.
import { open, part } from "./chromium.mjs";
import { manyNodes, singleNode } from "./page/designs.mjs";

/**
 * Tries a handshake again and again on what the page generated with these keys; resolves to the milliseconds of each,
 * from the click that changes the TLS version until its steps are in the page.
 */
export async function handshakes(browser, url, alg, count) {
  const page = await open(browser, `${url}#${singleNode(alg)}&v=handshake`);
  try {
    await page.locator('main[data-state="planned"]').waitFor();
    await part(page, "generate").click();
    await page.locator('main[data-state="issued"]').waitFor();
    await chosen(page);
    await part(page, "tried-on").filter({ hasText: "that you generated" }).waitFor();
    return await page.evaluate(again, [".controls .chip", "aria-pressed", count, false]);
  } finally {
    await page.context().close();
  }
}

/**
 * How long the verification of one handshake takes, P-256, without drawing and messages: tomorrow all connections of the
 * design are tried with the chosen one, today it alone. Resolves to differences over how many more those are.
 */
export async function verifications(browser, url, count) {
  const page = await open(browser, `${url}#${singleNode("ec")}&v=handshake&s=connection:kubectl->kube-apiserver?days=1`);
  try {
    await page.locator('main[data-state="planned"]').waitFor();
    await chosen(page);
    const more = await page.locator('[data-testid="inspector"] .edges li').count();
    if (more < 10) throw new Error(`only ${more} connections were tried`);
    const many = await page.evaluate(again, [".controls .chip", "aria-pressed", count, false]);
    await page.locator('[data-choose="connection:kubectl->kube-apiserver?tls=1.2"]').first().click();
    await page.locator('[data-testid="inspector"] .edges').first().waitFor({ state: "detached" });
    const one = await page.evaluate(again, [".controls .chip", "aria-pressed", count, false]);
    return many.map((time, round) => (time - one[round]) / more);
  } finally {
    await page.context().close();
  }
}

/** Looks at a connection with TLS 1.2 once: from then on the same one is looked at otherwise. */
async function chosen(page) {
  await page.locator(".controls .chip").nth(1).click();
  await page.locator('.controls .chip[aria-pressed="true"]', { hasText: "1.2" }).waitFor();
}

/** Draws the connections of 5 control planes and 50 workers; resolves to a time for each, until it is painted. */
export async function connections(browser, url, count) {
  const page = await open(browser, `${url}#${manyNodes("bench", 55, 5)}&v=connections`);
  try {
    await page.locator('main[data-state="planned"]').waitFor();
    await page.locator(".wire").first().waitFor();
    return await page.evaluate(again, ['[data-testid="tab-hierarchy"], [data-testid="tab-connections"]', "aria-selected", count, true]);
  } finally {
    await page.context().close();
  }
}

/**
 * In the page: clicks two buttons in turns, and measures the second's clicks until what it shows has come: an attribute
 * of its own where a worker sets that, and nothing that is awaited.
 */
async function again([selector, attribute, count, painted]) {
  const buttons = () => [...document.querySelectorAll(selector)].slice(-2);
  const busy = () => document.querySelector('[role="tabpanel"][aria-busy]');
  const shown = (index) => buttons()[index].getAttribute(attribute) === "true" && !busy();
  const drawn = (index) =>
    new Promise((done) => {
      const observer = new MutationObserver(() => {
        if (!shown(index)) return;
        observer.disconnect();
        done();
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    });
  // A message sent at the start of a frame arrives once that frame is painted.
  const frame = () =>
    new Promise((done) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(null);
      }),
    );
  const press = async (index) => {
    const done = drawn(index);
    const start = performance.now();
    buttons()[index].click();
    await done;
    if (painted) await frame();
    return performance.now() - start;
  };
  const times = [];
  for (let time = 0; time < count; time++) {
    await press(0);
    await frame();
    times.push(await press(1));
    await frame();
  }
  return times;
}
