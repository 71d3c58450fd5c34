// The leak test of the Trust panel: tries every way out that a content security policy governs, each to a name of its
// own that cannot exist. A way counts as blocked only where the browser itself reports that a policy stopped it; an error
// alone would prove nothing. Resolves to lines, `way=directive`, without a directive where nothing stopped it.
window.kubepkiLeaks = async () => {
  const put = (name, values) => {
    const one = document.body.appendChild(Object.assign(document.createElement(name), values));
    setTimeout(() => one.remove(), 800);
    return one;
  };
  const ways = {
    fetch: (to) => fetch(to),
    XMLHttpRequest: (to) => {
      const one = new XMLHttpRequest();
      one.open('GET', to);
      one.send();
    },
    WebSocket: (to) => new WebSocket(to),
    EventSource: (to) => new EventSource(to),
    sendBeacon: (to) => navigator.sendBeacon(to),
    image: (to) => put('img', { src: to }),
    'style sheet': (to) => put('link', { rel: 'stylesheet', href: to }),
    font: (to) => new FontFace('x', `url(${to})`).load(),
    form: (to) => put('form', { action: to, target: '_blank' }).submit(),
    worker: (to) => new Worker(to),
    'import()': (to) => import(to),
  };
  const lines = [];
  for (const name in ways) {
    const host = `leak-${lines.length}.invalid`;
    const by = await new Promise((done) => {
      // A worker's address alone is stopped by Trusted Types, whose report names none.
      addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) => {
        if ([host, 'trusted'].some((one) => blockedURI.includes(one))) done(effectiveDirective);
      });
      setTimeout(done, 800, '');
      (async () => ways[name](`https://${host}/`))().catch(() => 0);
    });
    lines.push(`${name}=${by}`);
  }
  return lines.join('\n');
};
