// Lets the site be installed, keeps it for use without a network, and tells when a newer version is ready. Called once,
// before the page locks its network: from then on the page only hears what its service worker has come to. A single file
// has none of this.
{
  // Browsers read the manifest and its icons when they like, and the lock leaves them nothing to read from: so the manifest
  // is a `blob:`, and the icons stand in it. Addresses in it are whole, for a blob has none to begin from.
  const describe = async () => {
    const manifest = await (await fetch('./manifest.webmanifest')).json();
    for (const name of ['id', 'start_url', 'scope']) manifest[name] = new URL(manifest[name], document.baseURI).href;
    const link = (values) => document.head.append(Object.assign(document.createElement('link'), values));
    link({ rel: 'manifest', href: URL.createObjectURL(new Blob([JSON.stringify(manifest)], { type: 'application/manifest+json' })) });
    link({ rel: 'icon', type: 'image/svg+xml', href: manifest.icons[0].src });
  };

  const STYLE = `
body:has(> .news) { display: grid; grid-template-rows: minmax(0, 1fr) auto; }
body:has(> .news) .frame { height: 100%; }
.news { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; padding: 6px 16px; border-top: 1px solid var(--line); background: var(--accent-soft); font-size: 13px; }
.news p { flex: 1 1 30ch; }`;

  // Below everything, where it covers nothing.
  const tell = (site) => {
    if (document.querySelector('.news')) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    const make = (name, values, ...inside) => {
      const one = Object.assign(document.createElement(name), values);
      one.append(...inside);
      return one;
    };
    const line = make('p', { role: 'status' });
    const reload = make('button', { type: 'button', textContent: 'Reload now' });
    const later = make('button', { type: 'button', textContent: 'Later' });
    const bar = make('aside', { className: 'news', ariaLabel: 'New version' }, line, reload, later);
    reload.dataset.testid = 'news-reload';
    later.dataset.testid = 'news-later';
    later.onclick = () => bar.remove();
    reload.onclick = () => {
      const next = site.waiting;
      // Another tab may have let it in already.
      if (!next) return location.reload();
      next.addEventListener('statechange', () => next.state === 'activated' && location.reload());
      next.postMessage('take over');
    };
    document.body.append(bar);
    // A screen reader speaks of what changes in a line that is there already.
    setTimeout(() => {
      line.textContent = 'A new version is ready. This tab keeps the one it has until you reload it; keys that you have not exported would be lost by that.';
    }, 100);
  };

  const keep = async (policy) => {
    const site = await navigator.serviceWorker.register(policy.createScriptURL('./sw.js'), { updateViaCache: 'none' });
    const look = () => site.waiting && tell(site);
    const follow = () => {
      const next = site.installing;
      // Where none was active this is the first, which is no news.
      if (site.active) next?.addEventListener('statechange', () => next.state === 'installed' && tell(site));
    };
    site.addEventListener('updatefound', follow);
    follow();
    look();
  };

  // `loaded` is when the page has all that it fetches itself: what is kept comes after it.
  window.kubepkiKeep = (policy, loaded) => {
    // Neither is needed for what the page is for: browsers have no service workers in private windows or without a secure
    // context.
    const without = () => {};
    loaded.then(() => navigator.serviceWorker && keep(policy)).catch(without);
    return describe().catch(without);
  };
}
