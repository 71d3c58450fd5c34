// Bad input is refused, with a finding that names limit or place; the page goes on and the design stays. A refusal takes
// a second at most where the machine has nothing else to do; here it may take several times as long, but never hang.
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "./support/test.mjs";

const LIMIT = 5_000;

/** Texts that no reader may follow to the end: what they are, the text, and what the finding speaks of. */
const TEXTS = [
  ["more than a mebibyte of YAML", () => `clusterName: ${"a".repeat(1 << 20)}\n`, /1 MiB/],
  ["sixty-four levels and more", () => `${"[".repeat(2_000)}${"]".repeat(2_000)}`, /level|deep|nest/i],
  ["an alias bomb", aliasBomb, /alias|anchor/i],
  ["what is no YAML", () => "clusterName: [unclosed\n  : :\n", /\d/],
  ["NUL and control characters", () => "clusterName: a\u0000b\u0007\n", /./],
  ["an absurd CIDR", () => design("networking: {serviceSubnets: [999.0.0.0/4096]}"), /999\.0\.0\.0\/4096/],
  ["an unknown key", () => design("surprise: 1"), /surprise/],
  ["an unknown kind", () => "apiVersion: v1\nkind: Pod\n", /Pod|kind/],
];

function design(line) {
  return `apiVersion: kubepki.dev/v1alpha1\nkind: ClusterDesign\n${line}\nnodes:\n- {name: a, addresses: [10.0.0.1], roles: [control-plane]}\n`;
}

function aliasBomb() {
  const rows = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (let one = 98; one < 110; one++) {
    const [name, last] = [String.fromCharCode(one), String.fromCharCode(one - 1)];
    rows.push(`${name}: &${name} [${Array(9).fill(`*${last}`).join(", ")}]`);
  }
  return `${rows.join("\n")}\n`;
}

/** Milliseconds from an action in the page until a finding stands in `import-errors`; its text beside it. */
async function refused(bench, act) {
  await bench.page.evaluate(() => {
    window.refusal = new Promise((done) => {
      window.refusalBegins = performance.now();
      const look = () => {
        const found = document.querySelector('[data-testid="import-errors"]');
        if (!found?.querySelector('[data-testid="finding"]')) return;
        observer.disconnect();
        done({ after: performance.now() - window.refusalBegins, text: found.innerText });
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  });
  await act();
  return bench.page.evaluate(() => window.refusal);
}

/** Presses a button, with the time taken from there on. */
function press(bench, name) {
  return bench.part(name).evaluate((one) => {
    window.refusalBegins = performance.now();
    one.click();
  });
}

/** The page still follows its user, and nothing was lost. */
async function goesOn(bench, name) {
  expect(await bench.value("clusterName")).toBe(name);
  await bench.set("clusterName", "goes-on");
  await bench.reaches("planned");
  expect(await bench.value("clusterName")).toBe("goes-on");
}

for (const [what, text, speaks] of TEXTS) {
  test(`${what} is refused`, async ({ bench }) => {
    await bench.open();
    const name = await bench.value("clusterName");
    const area = await bench.reveal(bench.part("import-text"));
    await bench.put(area, text());
    const { after, text: said } = await refused(bench, () => press(bench, "import-apply"));
    expect(said).toMatch(speaks);
    expect(after).toBeLessThan(LIMIT);
    await goesOn(bench, name);
  });
}

test("a paste of 100 MB is refused before the browser lays it out", async ({ bench }) => {
  await bench.open();
  const name = await bench.value("clusterName");
  const area = await bench.reveal(bench.part("import-text"));
  await bench.page.evaluate(() => navigator.clipboard.writeText(`${"a".repeat(79)}\n`.repeat(1_250_000)));
  await area.focus();
  await bench.page.keyboard.press("Control+V");
  await expect.poll(() => area.evaluate((one) => one.value.length)).toBeGreaterThan(1 << 20);
  expect(await area.evaluate((one) => one.value.length), "what the page takes in is bounded").toBeLessThan(2 << 20);
  const { after, text } = await refused(bench, () => press(bench, "import-apply"));
  expect(text).toContain("1 MiB");
  expect(after).toBeLessThan(LIMIT);
  await goesOn(bench, name);
});

test("a file of 100 MB is refused unread", async ({ bench }) => {
  await bench.open();
  const name = await bench.value("clusterName");
  const folder = await mkdtemp(join(tmpdir(), "kubepki-hostile-"));
  try {
    const path = join(folder, "huge.yaml");
    await writeFile(path, "");
    await truncate(path, 100_000_000);
    const { after, text } = await refused(bench, async () => {
      await bench.page.evaluate(() =>
        document.addEventListener("change", () => (window.refusalBegins = performance.now()), { capture: true, once: true }),
      );
      await bench.part("import").setInputFiles(path);
    });
    expect(text).toContain("huge.yaml");
    expect(after).toBeLessThan(LIMIT);
  } finally {
    await rm(folder, { recursive: true });
  }
  await goesOn(bench, name);
});

test("a broken zip, a key and bytes that are no text are named, not read", async ({ bench }) => {
  await bench.open();
  const name = await bench.value("clusterName");
  const files = [
    { name: "broken.zip", mimeType: "application/zip", buffer: Buffer.from("PK\u0003\u0004 and then nothing") },
    { name: "latin1.yaml", mimeType: "application/yaml", buffer: Buffer.from([0x63, 0x6c, 0xff, 0xfe, 0x0a]) },
  ];
  const { after } = await refused(bench, () => bench.part("import").setInputFiles(files));
  expect(after).toBeLessThan(LIMIT);
  await expect(bench.part("import-errors")).toContainText("broken.zip");
  await expect(bench.part("import-errors")).toContainText("latin1.yaml");
  await goesOn(bench, name);
});

test("a node list of 20,000 lines is refused with the limit", async ({ bench }) => {
  await bench.open();
  const name = await bench.value("clusterName");
  const list = Array.from({ length: 20_000 }, (_, one) => `n-${one} 10.${one >> 16}.${(one >> 8) & 255}.${one & 255} worker`);
  await bench.pasteNodes(`${list.join("\n")}\n`);
  await expect(bench.findings().filter({ hasText: /10,?000/ }).first()).toBeVisible();
  await goesOn(bench, name);
});

for (const fragment of ["#d1.", "#d1.!!!!", "#d1.AAAA", `#d1.${"A".repeat(9_000)}`, "#%00%ff", "#<img src=x onerror=alert(1)>"]) {
  test(`a broken link opens the default design: ${fragment.slice(0, 20)}`, async ({ bench }) => {
    await bench.open(fragment);
    await expect(bench.findings().filter({ hasText: /link/i }).first()).toBeVisible();
    await goesOn(bench, "prod-eu");
  });
}

test("text in fields is text, whatever it looks like", async ({ bench }) => {
  await bench.open();
  for (const text of ['<img src=x onerror="window.intruded=1">', "\u202Egnp.exe", "{{7*7}}", "a".repeat(100_000)]) {
    await bench.set("clusterName", text);
    await bench.reaches("invalid");
    expect(await bench.value("clusterName"), "what was typed stays").toBe(text);
  }
  expect(await bench.page.evaluate(() => window.intruded)).toBeUndefined();
  await bench.set("clusterName", "fine");
  await bench.reaches("planned");
});
