// What accepted exports stands on the page, with the versions that README has.
import { readFile } from "node:fs/promises";
import { violations } from "./support/accessible.mjs";
import { expect, test } from "./support/test.mjs";

/** A line of Markdown as it is read: without the marks of names and stressed words. */
const plain = (line) => line.replaceAll("`", "").replaceAll("**", "");

test("the page names what accepted such exports, as README does", async ({ bench }) => {
  await bench.open();
  await bench.part("trust").click();
  await bench.part("judges-link").click();
  const rows = await bench.part("judges").locator("li").allTextContents();
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const section = readme.split("\n## What accepted the export\n")[1].split("\n## ")[0];
  const lines = section.split("\n").filter((line) => line.startsWith("| ")).slice(1);
  const told = (line) => plain(line.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")).split("|").slice(1, 3).map((cell) => cell.trim()).join(": ");
  expect(rows).toEqual(lines.map(told));
  expect(await violations(bench.page)).toEqual([]);
});
