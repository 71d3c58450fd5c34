// Bad input is refused, with a finding that names limit or place; the page goes on and the design stays. A refusal takes
// a second at most where the machine has nothing else to do; here it may take several times as long, but never hang.
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changedWorker } from "./support/builds.mjs";
import { inScratch } from "./support/command.mjs";
import { url } from "./support/environment.mjs";
import { ours, withHost } from "./support/host.mjs";
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
  await expect(bench.part("node-paste-good"), "half a list is no good one").toHaveCount(0);
  await bench.part("close").click();
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

test("more than 64 files, or more than 8 MiB of them, are refused together with both limits", async ({ bench }) => {
  await bench.open();
  const name = await bench.value("clusterName");
  const files = (count, bytes) =>
    Array.from({ length: count }, (_, one) => ({ name: `f${one}.yaml`, mimeType: "application/yaml", buffer: Buffer.alloc(bytes, "a") }));
  for (const [chosen, says] of [[files(65, 10), /65 files, and at most 64/], [files(3, 3 << 20), /8 MiB/]]) {
    const { after } = await refused(bench, () => bench.part("import").setInputFiles(chosen));
    await expect(bench.part("import-errors")).toContainText(says);
    expect(after).toBeLessThan(LIMIT);
  }
  await goesOn(bench, name);
});

/** PEM that readers have been slow at: what it is, and the text. */
const PEMS = [
  ["a hundred thousand blocks that only begin", () => "-----BEGIN CERTIFICATE-----\n".repeat(37_000)],
  ["a begun block and many of another name", () => `-----BEGIN CERTIFICATE-----\n${"-----BEGIN A-----\n".repeat(58_000)}`],
  ["a certificate of ten thousand extensions", () => pem(manyExtensions(10_000))],
];

for (const [what, text] of PEMS) {
  test(`${what} is answered, and so is what comes after it`, async ({ bench }) => {
    await bench.open();
    const area = await bench.reveal(bench.part("import-text"));
    await bench.put(area, text());
    // Either way is right: told what it is, or stopped.
    await press(bench, "import-apply");
    const outcome = bench.page.locator('[data-testid="import-notes"], [data-testid="import-errors"]');
    await expect(outcome).toContainText(/certificate|PEM|longer than five seconds/, { timeout: 20_000 });
    await expect(bench.part("import-apply")).toHaveText("Apply");
    await bench.imported(design("clusterName: after-it"), "clusterName", "after-it");
  });
}

/** One value of DER. */
function der(tag, ...parts) {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x83, body.length >> 16, (body.length >> 8) & 255, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

/** A certificate with as many extensions, each of another name; nobody signed it. */
function manyExtensions(count) {
  const oid = (...bytes) => der(0x06, Buffer.from(bytes));
  const algorithm = der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const name = der(0x30, der(0x31, der(0x30, oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from("x")))));
  const time = (text) => der(0x17, Buffer.from(text));
  const point = Buffer.concat([Buffer.from([0, 4]), Buffer.alloc(64, 1)]);
  const curve = der(0x30, oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01), oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07));
  const one = (number) => der(0x30, oid(0x2a, 0x03, 0x80 | (number >> 7) , number & 127), der(0x04, Buffer.from([5, 0])));
  const extensions = der(0xa3, der(0x30, ...Array.from({ length: count }, (_, number) => one(number + 128))));
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const body = [version, der(0x02, Buffer.from([1])), algorithm, name, der(0x30, time("260101000000Z"), time("360101000000Z")), name];
  return der(0x30, der(0x30, ...body, der(0x30, curve, der(0x03, point)), extensions), algorithm, der(0x03, Buffer.from([0, 0x30, 0])));
}

const pem = (bytes) => `-----BEGIN CERTIFICATE-----\n${bytes.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;

/**
 * Put in front of the script of the worker that reads and draws, in a copy of the site: a call that holds this word never
 * ends. What is shipped has nothing of the kind.
 */
const NEVER = "never-ends";
const STUCK = `{
  const own = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
  const text = (one) => typeof one === "string" ? one : one instanceof Uint8Array ? new TextDecoder().decode(one) : Array.isArray(one) ? one.map(text).join(" ") : "";
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    ...own,
    set(hear) {
      own.set.call(this, (event) => {
        while (text(event.data).includes(${JSON.stringify(NEVER)}));
        hear(event);
      });
    },
  });
}`;

test.describe("a call that never ends", () => {
  /** The page, on a host of its own, with a worker that can be stuck. */
  const stuck = (bench, request, use) =>
    inScratch(async (folder) => {
      await changedWorker(folder, "study", STUCK);
      await withHost(folder, ours((await request.get(url)).headers()), async (host) => {
        await bench.open("", host.address);
        await use();
      });
    });

  test("is stopped when it reads a text, and what waits behind it is done", async ({ bench, request }) => {
    await stuck(bench, request, async () => {
      const before = await bench.value("clusterName");
      await bench.show("connections");
      await expect(bench.page.locator(".wire").first()).toBeVisible();
      const { after, text } = await refused(bench, () => bench.importText(`clusterName: ${NEVER}\n`).then(() => bench.show("timeline")));
      expect(text).toContain("longer than five seconds and was stopped. Nothing else was changed.");
      expect(after).toBeGreaterThan(4_500);
      await expect(bench.page.locator("#view"), "asked for meanwhile").toContainText("kube-apiserver");
      expect(await bench.value("clusterName")).toBe(before);
      expect(await bench.part("import-text").inputValue(), "what was pasted is still there").toContain(NEVER);
      await goesOn(bench, before);
    });
  });

  test("is stopped when it draws a view, a sheet or a dialog, and the next is drawn", async ({ bench, request }) => {
    test.slow();
    await stuck(bench, request, async () => {
      await bench.press("preset-single");
      await bench.set("keys.ca", "ECDSA-P256");
      await bench.set("keys.leaf", "ECDSA-P256");
      await bench.generate();
      // A link is all the worker needs to be told what to draw.
      await bench.page.evaluate((word) => (location.hash = `&v=connections&s=connection:${word}`), NEVER);
      const notice = bench.findings().filter({ hasText: "Drawing this took longer than five seconds" });
      await expect(notice).toBeVisible({ timeout: 20_000 });
      await bench.page.evaluate(() => (location.hash = "&v=connections&s=connection:kube-apiserver->etcd"));
      await expect(bench.part("inspector")).toContainText("etcd");
      await expect(bench.page.locator(".wire").first()).toBeVisible();
      // The new worker has what the first had of the PKI: its public halves.
      await expect(bench.part("tried-on")).toContainText("the certificates that you generated");
      await bench.page.evaluate((word) => (location.hash = `&v=hierarchy&s=connection:${word}`), NEVER);
      await bench.part("embed").click();
      await expect(bench.findings().filter({ hasText: "Drawing this dialog took longer" })).toBeVisible({ timeout: 30_000 });
      await expect(bench.page.locator("dialog")).toHaveCount(0);
      await bench.reaches("issued");
      expect((await bench.exportZip()).name).toBe("kubernetes-pki.zip");
    });
  });
});
