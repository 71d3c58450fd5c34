// Reads the clipboard beside the page.
import { expect } from "@playwright/test";

/** What is in the clipboard, once it holds a text; read beside the page, which may not read it. */
export async function copied(context, text) {
  const beside = await context.newPage();
  await beside.route("**", (route) => route.fulfill({ contentType: "text/html", body: "<title>beside" }));
  await beside.goto("http://localhost/");
  const read = () => beside.evaluate(() => navigator.clipboard.readText());
  await expect.poll(read).toContain(text);
  const found = await read();
  await beside.close();
  return found;
}
