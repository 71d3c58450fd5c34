// "Everything works", first part: each field of a design is changed in the page, and the difference that it makes is
// seen in every view and in the zip.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Tree, unpack } from "./support/archive.mjs";
import { inScratch, kubepki } from "./support/command.mjs";
import { expect, test } from "./support/test.mjs";
import { DESIGNS, FIELDS, gone, same } from "./fields.mjs";

const VIEWS = ["hierarchy", "files", "flags"];

test("every field of the schema has a row", async () => {
  const schema = JSON.parse(await kubepki(["schema"]));
  const paths = leaves(schema).filter((path) => !["apiVersion", "kind"].includes(path));
  expect(FIELDS.map((row) => row.path).sort()).toEqual(paths.sort());
});

/** The paths of a schema's fields; list indexes are left out. */
function leaves(schema, path = []) {
  if (schema.properties) return Object.entries(schema.properties).flatMap(([name, one]) => leaves(one, [...path, name]));
  if (schema.items?.properties) return leaves(schema.items, path);
  return [path.join(".")];
}

for (const row of FIELDS) {
  test(`${row.path} changes what it decides`, async ({ bench }) => {
    const design = DESIGNS[row.in ?? "manual"];
    await bench.open();
    await bench.imported(design, "clusterName", "base");
    const before = await seen(bench, row);
    await bench.set(row.at ?? row.path, row.to);
    await bench.reaches("planned");
    const after = await seen(bench, row);
    for (const view of VIEWS) compare(view, before[view], after[view], row[view]);
    if (row.inspector !== same) compare("inspector", before.inspector, after.inspector, row.inspector);

    await bench.generate();
    const saved = await bench.exportZip();
    await inScratch(async (folder) => {
      await writeFile(join(folder, "before.yaml"), design);
      await kubepki(["generate", "--design", "before.yaml", "--out", "before"], { cwd: folder });
      const old = new Tree(join(folder, "before"), "before");
      const now = await unpack(saved.path, join(folder, "after"));
      await compareTrees(old, now, row.zip);
      expect(await now.text("design.yaml")).not.toBe(await old.text("design.yaml"));
    });
  });
}

/** What the views show, and the inspector of each selection that the row asks about. */
async function seen(bench, row) {
  const all = { inspector: {} };
  await bench.unfoldAll();
  for (const view of VIEWS) all[view] = await bench.lines(view);
  const wanted = row.inspector === same ? [] : Object.keys(row.inspector);
  for (const name of wanted.filter((name) => VIEWS.some((view) => name in all[view]))) {
    all.inspector[name] = await bench.inspect(name);
  }
  return all;
}

/** Holds lines before and after against the differences that a row names. */
function compare(view, before, after, differences) {
  if (differences === same) {
    expect(after, `${view}: nothing differs`).toEqual(before);
    return;
  }
  for (const [name, text] of Object.entries(differences)) {
    if (text === gone) {
      expect(Object.keys(before), `${view}, before`).toContain(name);
      expect(Object.keys(after), `${view}, after`).not.toContain(name);
      continue;
    }
    expect(Object.keys(after), `${view}, after`).toContain(name);
    expect(after[name], `${view}: ${name}, after`).toContain(text);
    if (text === "") expect(Object.keys(before), `${view}, before`).not.toContain(name);
    else expect(before[name] ?? "", `${view}: ${name}, before`).not.toContain(text);
  }
}

async function compareTrees(before, after, differences) {
  for (const [name, text] of Object.entries(differences)) {
    const [old, now] = [await content(before, name), await content(after, name)];
    if (text === gone) {
      expect([old === null, now === null], `${name} is gone`).toEqual([false, true]);
      continue;
    }
    expect(now, `${name} is in the zip`).not.toBeNull();
    const holds = typeof text === "function" ? text : (content) => content.includes(text);
    expect(holds(now), `${name} says ${text}:\n${now}`).toBe(true);
    expect(old === null || (text !== "" && !holds(old)) || false, `${name} did not say ${text} before`).toBe(true);
  }
}

/** What a file of a tree says, certificates as openssl reads them; several files of a pattern together. */
async function content(tree, name) {
  const paths = name.startsWith("~") ? await tree.matching(new RegExp(name.slice(1))) : [name];
  const found = [];
  for (const path of paths) {
    if (!(await tree.has(path))) continue;
    const text = await tree.text(path);
    if (text.startsWith("-----BEGIN CERTIFICATE")) found.push(await tree.certificate(path));
    else if (/\.(conf|kubeconfig)$/.test(path)) found.push(text, await tree.kubeconfigCertificate(path));
    else found.push(text);
  }
  return found.length ? found.join("\n") : null;
}
