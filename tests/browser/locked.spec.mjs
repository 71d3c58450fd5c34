// What leaves the page under a lock: encryption is offered first, other programs open what it made, and nothing of what was
// typed stays behind.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unpack } from "./support/archive.mjs";
import { inScratch, kubepki, openssl, ran, run } from "./support/command.mjs";
import { agePath, kubepkiPath, pk12utilPath } from "./support/environment.mjs";
import { judged } from "./support/judges.mjs";
import { expect, test } from "./support/test.mjs";

const PASSPHRASE = "ozone-drastic-pitch-amateur";

/** Opens the export's dialog at a part and a lock. */
async function opened(bench, part, lock) {
  await bench.part("export-zip").click();
  if (part) await bench.part(`export-${part}`).click();
  if (lock) await bench.part(`lock-${lock}`).click();
  await expect(bench.part("confirm")).toHaveAttribute("data-act", new RegExp(`^export:${part ?? "whole"}\\?${lock ?? ""}`));
}

/** Types what locks, and presses the button; resolves to what was saved. */
async function locked(bench, secret) {
  await bench.part("secret").fill(secret);
  const saving = bench.page.waitForEvent("download");
  await bench.part("confirm").click();
  const saved = await saving;
  return { path: await saved.path(), name: saved.suggestedFilename() };
}

test("the whole archive under a passphrase of words: age opens it, and it is the archive", async ({ bench }) => {
  const { page } = bench;
  await bench.issued("single");
  await opened(bench);
  await bench.part("draw").click();
  await expect(page.locator("dialog")).toContainText("Strong: seven words");
  const words = await bench.part("secret").inputValue();
  expect(words.split("-")).toHaveLength(7);
  await bench.part("secret").fill("hunter2");
  await expect(page.locator("dialog")).toContainText(/Weak: \d+ bits at the very best/);
  const saved = await locked(bench, words);
  expect(saved.name).toBe("kubernetes-pki.zip.age");
  await expect(page.locator("dialog")).toBeHidden();
  await inScratch(async (folder) => {
    const [typed, zip] = [join(folder, "typed"), join(folder, "a.zip")];
    await ran("script", ["-qec", `${agePath} -d -o ${zip} ${saved.path}`, "/dev/null"], { input: `${words}\n` });
    await judged(await unpack(zip, join(folder, "zip")));
    await kubepki(["verify", zip]);
    await writeFile(typed, "another\n");
    const wrong = await run(kubepkiPath, ["decrypt", saved.path, "--passphrase-file", typed, "--out", join(folder, "no")]);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("wrong passphrase")]);
  });
  const left = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.documentElement.outerHTML]));
  expect(left).not.toContain(words);
});

test("to recipients: a wrong one is named and nothing typed is lost; each right one opens it", async ({ bench }) => {
  await bench.issued("ha-stacked");
  await inScratch(async (folder) => {
    const [one, two] = await Promise.all(["one", "two"].map((name) => identity(folder, name)));
    await bench.press("export-node-cp-2");
    await expect(bench.part("lock-recipients"), "a node's bundle goes to that node").toHaveAttribute("aria-pressed", "true");
    await bench.part("secret").fill(`${one.recipient} age1qqqq`);
    await bench.part("confirm").click();
    await expect(bench.page.locator("dialog")).toContainText(/"age1qqqq" is no recipient/);
    expect(await bench.part("secret").inputValue()).toBe(`${one.recipient} age1qqqq`);
    const saved = await locked(bench, `${one.recipient}, ${two.recipient}`);
    expect(saved.name).toBe("prod-eu-pki-cp-2.zip.age");
    for (const { path, name } of [one, two]) {
      const zip = join(folder, `${name}.zip`);
      await ran(agePath, ["-d", "-i", path, "-o", zip, saved.path]);
      const tree = await unpack(zip, join(folder, `by-${name}`));
      expect(await tree.has("nodes/cp-2/etc/kubernetes/pki/apiserver.crt")).toBe(true);
    }
  });
});

test("the keys of CAs apart, each encrypted: openssl asks for the passphrase", async ({ bench }) => {
  await bench.issued("single");
  await opened(bench, "ca-keys", "own");
  const saved = await locked(bench, PASSPHRASE);
  expect(saved.name).toBe("kubernetes-ca-keys.zip");
  await inScratch(async (folder) => {
    const tree = await unpack(saved.path, folder);
    await ran("sha256sum", ["--quiet", "-c", "SHA256SUMS"], { cwd: tree.root });
    for (const name of ["ca", "front-proxy-ca", "etcd/ca"]) {
      const [key, certificate] = [`offline-ca/${name}.key`, `offline-ca/${name}.crt`].map((path) => join(tree.root, path));
      expect(await readFile(key, "utf8")).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
      const own = await openssl(["pkey", "-in", key, "-passin", `pass:${PASSPHRASE}`, "-pubout"]);
      expect(own).toBe(await openssl(["x509", "-in", certificate, "-noout", "-pubkey"]));
    }
  });
});

test("the administrator as PKCS#12: openssl reads it, and so does what browsers import with", async ({ bench }) => {
  await bench.issued("single");
  await opened(bench, "admin");
  await expect(bench.part("lock-open"), "never without a lock").toHaveCount(0);
  await bench.part("confirm").click();
  await expect(bench.page.locator("dialog")).toContainText("The passphrase is empty");
  const saved = await locked(bench, PASSPHRASE);
  expect(saved.name).toBe("kubernetes-admin.p12");
  const { code, stdout, stderr } = await run("openssl", ["pkcs12", "-in", saved.path, "-passin", `pass:${PASSPHRASE}`, "-nodes", "-info"]);
  expect([code, stdout]).toEqual([0, expect.stringContaining("CN = kubernetes-admin")]);
  expect(stderr).toContain("PBES2, PBKDF2, AES-256-CBC");
  expect(stderr).not.toMatch(/RC2|DES/);
  await inScratch(async (folder) => {
    const database = ["-d", `sql:${folder}`];
    await ran(pk12utilPath, ["-i", saved.path, ...database, "-W", PASSPHRASE, "-K", ""]);
    expect(await ran(pk12utilPath.replace(/pk12util$/, "certutil"), ["-L", ...database])).toMatch(/kubernetes-admin@kubernetes\s+u,u,u/);
  });
});

/** An identity of age in a file, and its recipient. */
async function identity(folder, name) {
  const path = join(folder, `${name}.txt`);
  await ran(agePath.replace(/age$/, "age-keygen"), ["-o", path]);
  return { name, path, recipient: /age1\w+/.exec(await readFile(path, "utf8"))[0] };
}
