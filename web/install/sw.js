// The service worker: keeps the files of one build, so that the page works without a network. A newer build waits until no
// tab uses this one, or until somebody asks for it; a tab of an older build goes on with its own files.
// Build and list are filled in when the site is built: addresses beside this file, each with its hash.
const BUILD = '';
const FILES = {};

// Another workbench of the same host, in another folder, has caches of its own: their names end in its folder.
const FOLDER = new URL(registration.scope).pathname;
const CACHE = `kubepki-${BUILD}${FOLDER}`;
const ours = async () => (await caches.keys()).filter((name) => /^kubepki-[0-9a-f]{16}/.test(name) && name.slice(24) === FOLDER);

// A file that is not of this build fails the whole: a cache never mixes two builds.
const keep = async () => {
  const cache = await caches.open(CACHE);
  const one = async ([path, integrity]) => {
    const answer = await fetch(path, { cache: 'no-cache', integrity });
    // A redirected answer opens no page.
    if (!answer.ok || answer.redirected) throw new Error(`${path} did not come`);
    await cache.put(path, answer);
  };
  await Promise.all(Object.entries(FILES).map(one));
};

// Removes the caches of older builds once no tab can be of one: there is none, or but the one that asked for a file of
// this build.
const tidy = async (asking) => {
  const old = (await ours()).filter((name) => name !== CACHE);
  if (old.length === 0) return;
  const tabs = (await clients.matchAll({ type: 'window', includeUncontrolled: true })).filter(({ url }) => url.startsWith(registration.scope));
  if (tabs.every(({ id }) => id === asking)) await Promise.all(old.map((name) => caches.delete(name)));
};

// Any page of this origin may write into a cache, so that a file of this build is what its hash says, or is not kept.
const is = async (answer, integrity) => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-384', await answer.clone().arrayBuffer()));
  return integrity === `sha384-${btoa(String.fromCharCode(...hash))}`;
};

// The page always comes from this build; any other file from the build that has it: a name or a query holds its hash.
const find = async (path) => {
  for (const name of [CACHE, ...(path === './' ? [] : await ours())]) {
    const found = await (await caches.open(name)).match(path, { ignoreVary: true });
    if (found && (!Object.hasOwn(FILES, path) || (await is(found, FILES[path])))) return found;
  }
};

// A file's address with its hash: in its name, or behind a question mark.
const HASHED = /^\.\/([\w-]+-[0-9a-z]{16}\w*\.\w+|\w+\.\w+\?\S{16})$/;

addEventListener('install', (event) => event.waitUntil(keep()));
addEventListener('activate', (event) => event.waitUntil(tidy()));
addEventListener('message', (event) => event.data === 'take over' && event.waitUntil(skipWaiting()));
addEventListener('fetch', (event) => {
  const { request, clientId } = event;
  const { href, origin, pathname, search } = new URL(request.url);
  if (request.method !== 'GET' || !href.startsWith(registration.scope)) return;
  const name = pathname.slice(FOLDER.length);
  const path = request.mode === 'navigate' && (name === '' || name === 'index.html') ? './' : `./${name}${search}`;
  const known = Object.hasOwn(FILES, path);
  // What no build can have goes to the network as if there were no service worker.
  if (!known && !HASHED.test(path)) return;
  event.respondWith(find(path).then((found) => found ?? fetch(request)));
  if (known && clientId) event.waitUntil(tidy(clientId));
});
