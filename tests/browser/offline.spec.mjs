// Installed and offline: after the first visit the site works without a network, under the same policy; a new version is told
// and never put in anybody's place.
import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { violations } from "./support/accessible.mjs";
import { cacheOf, keptFiles, secondBuild } from "./support/builds.mjs";
import { inScratch } from "./support/command.mjs";
import { dist, singleFile, url } from "./support/environment.mjs";
import { ours, withHost } from "./support/host.mjs";
import { expect, test } from "./support/test.mjs";
import { watch } from "./support/watch.mjs";
import { Workbench, recordStates } from "./support/workbench.mjs";

const SECOND = "The second version";

/** The site on a host of its own, with the headers of a release. */
async function hosted(request, use, folder = dist) {
  await withHost(folder, ours((await request.get(url)).headers()), use);
}

/** Waits until everything is kept for use without a network. */
async function kept(page) {
  await expect.poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state), { timeout: 20_000 }).toBe("activated");
}

/** Another tab of the same browser. */
async function anotherTab(context) {
  const page = await context.newPage();
  const seen = await watch(page);
  await recordStates(page);
  return new Workbench(page, seen);
}

async function makePki(bench, name = "kept") {
  await bench.press("preset-single");
  await bench.set("clusterName", name);
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
  await bench.generate();
}

test("after the first visit the page comes and does its work without its host", async ({ bench, request }) => {
  await hosted(request, async (host) => {
    await bench.open("", host.address);
    await kept(bench.page);
    host.stop();
    const answer = await bench.page.goto(`${host.address}?again`);
    expect(answer.fromServiceWorker()).toBe(true);
    expect(ours(answer.headers()), "the policy and all other headers").toEqual(ours((await request.get(url)).headers()));
    await bench.reaches("planned");
    await bench.locked();
    await makePki(bench);
    await bench.part("tab-handshake").click();
    await expect(bench.page.locator(".verdict").first()).toContainText("Both sides are content");
    await bench.exportZip();
    expect(bench.seen.asked()).toEqual([]);
  });
});

test("what another page of the same origin put in the place of a kept file is not shown", async ({ bench, request }) => {
  await hosted(request, async (host) => {
    await bench.open("", host.address);
    await kept(bench.page);
    await bench.page.evaluate(async () => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const asked of await cache.keys()) await cache.put(asked, new Response("<title>forged", { headers: { "content-type": "text/html" } }));
      }
    });
    const before = host.asked.length;
    await bench.open("", host.address);
    expect(await bench.page.title()).not.toContain("forged");
    expect(host.asked.slice(before)).toContain("/");
    await makePki(bench);
  });
});

test.describe("what is kept", () => {
  test.use({ tolerated: [/frame-ancestors|Framing/] });

  test("is framed by nobody", async ({ bench, request }) => {
    await hosted(request, async (host) => {
      await bench.open("", host.address);
      await kept(bench.page);
      const before = host.asked.length;
      await inScratch(async (folder) => {
        await writeFile(join(folder, "index.html"), `<!doctype html><title>x</title><link rel=icon href=data:,><iframe src="${host.address}"></iframe>`);
        await withHost(folder, {}, async (other) => {
          await bench.page.goto(other.address);
          await expect.poll(() => bench.seen.complaints.filter((one) => one.includes("frame-ancestors")).length).toBeGreaterThan(0);
          expect(await bench.page.frameLocator("iframe").locator("#app").count()).toBe(0);
        });
      });
      // It was the kept page that refused: the host was asked for nothing but whether there is a new version.
      expect(host.asked.slice(before).filter((path) => path !== "/sw.js")).toEqual([]);
      bench.seen.loaded();
    });
  });
});

test("a new version is told, taken by who asks for it, and by nobody else", async ({ bench, context, request }) => {
  test.slow();
  await inScratch(async (folder) => {
    await secondBuild(folder, SECOND);
    await hosted(request, async (host) => {
      const caches = (tab) => tab.page.evaluate(async () => (await window.caches.keys()).sort());
      const first = bench;
      await first.open("", host.address);
      const title = await first.page.title();
      await kept(first.page);
      await makePki(first, "in-my-hands");
      const other = await anotherTab(context);
      await other.open("", host.address);

      host.folder = folder;
      await other.page.reload();
      await other.reaches("planned");
      for (const tab of [first, other]) {
        await expect(tab.page.getByRole("status").filter({ hasText: "A new version is ready" })).toBeVisible();
        expect(await tab.page.title()).toBe(title);
      }
      expect(await violations(first.page)).toEqual([]);
      await first.part("news-later").click();
      await expect(first.page.locator(".news")).toHaveCount(0);

      // One tab asks for it, by the keyboard; the other goes on with what it has.
      await other.part("news-reload").focus();
      await other.page.keyboard.press("Enter");
      await expect(other.page).toHaveTitle(SECOND);
      await other.reaches("planned");
      await expect(other.page.locator(".news")).toHaveCount(0);
      expect([await first.page.title(), await first.state(), await first.value("clusterName")]).toEqual([title, "issued", "in-my-hands"]);
      await first.exportZip();
      await first.press("undo");
      // What it is made of stays to be had for it, by its own hashes.
      const [mine, theirs] = [await cacheOf(dist), await cacheOf(folder)];
      expect(await caches(other)).toEqual([mine, theirs].sort());
      const behind = (await readdir(dist)).find((name) => name.startsWith("behind-"));
      const beside = await context.newPage();
      await beside.goto(`${host.address}manifest.webmanifest`);
      expect(await beside.evaluate(async (name) => (await fetch(name)).status, `./${behind}`)).toBe(200);
      expect(host.asked.filter((path) => path === `/${behind}`).length, "once by the page, once to be kept").toBeLessThanOrEqual(2);
      await beside.close();

      await first.page.close();
      await other.page.reload();
      await other.reaches("planned");
      await other.locked();
      await expect.poll(() => caches(other), "the older build is removed once no tab can be of it").toEqual([theirs]);
      expect(await other.seen.problems()).toEqual([]);
    });
  });
});

test("what is not of the build is not kept, and no worker is started from it", async ({ bench, request }) => {
  const copy = async (folder, name) => {
    await cp(dist, folder, { recursive: true });
    await writeFile(join(folder, name), Buffer.concat([await readFile(join(dist, name)), Buffer.from("\n")]));
  };
  await inScratch(async (folder) => {
    await copy(folder, "manifest.webmanifest");
    await hosted(request, async (host) => {
      await bench.open("", host.address);
      await expect.poll(() => host.asked.filter((path) => path === "/manifest.webmanifest").length, "by the page, and to be kept").toBe(2);
      await expect.poll(() => bench.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
    }, folder);
  });
});

test.describe("a part of a worker that is not of the build", () => {
  test.use({ tolerated: [/integrity/] });

  test("is refused, and said", async ({ bench, request }) => {
    await inScratch(async (folder) => {
      await cp(dist, folder, { recursive: true });
      await writeFile(join(folder, "study.js"), `${await readFile(join(dist, "study.js"), "utf8")}\n`);
      await hosted(request, async (host) => {
        await bench.page.goto(host.address);
        await expect(bench.main).toContainText("study.js did not come");
        expect(await bench.page.locator('meta[http-equiv="Content-Security-Policy" i]').count()).toBe(1);
        bench.seen.loaded();
      }, folder);
    });
  });
});

test("the page can be installed, locked as it is", async ({ bench, context }) => {
  const manifest = JSON.parse(await readFile(join(dist, "manifest.webmanifest"), "utf8"));
  expect(manifest.name).toBe("KubePKI Workbench");
  for (const { src, sizes } of manifest.icons.filter(({ type }) => type === "image/png")) {
    const bytes = Buffer.from(src.replace("data:image/png;base64,", ""), "base64");
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
  }
  await bench.open();
  const session = await context.newCDPSession(bench.page);
  const { errors, data } = await session.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(JSON.parse(data)).toMatchObject({ name: manifest.name, start_url: url, scope: url });
  // The tests' browser keeps nothing once it is closed: no page can be installed in it, for that reason alone.
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.map((one) => one.errorId)).toEqual(["in-incognito"]);
});

test("the single file registers nothing, even where it is served", async ({ bench }) => {
  await inScratch(async (folder) => {
    await cp(singleFile, join(folder, "index.html"));
    await withHost(folder, {}, async (host) => {
      await bench.open("", host.address);
      await makePki(bench);
      expect(
        await bench.page.evaluate(async () => ({
          workers: (await navigator.serviceWorker.getRegistrations()).length,
          caches: await caches.keys(),
          manifests: document.querySelectorAll("link[rel=manifest]").length,
        })),
      ).toEqual({ workers: 0, caches: [], manifests: 0 });
      expect(host.asked).toEqual(["/"]);
    });
  });
});
