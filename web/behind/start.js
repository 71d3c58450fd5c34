// Starts the worker. The first time, its parts are fetched, each by its hash, and then the network is locked: for this page,
// and for every worker, which inherits what is forbidden here. `kubepkiStart` resolves to the worker, which has had its
// first message; where it rejects with a text, that is a sentence for people.
{
  // Each part's hash by the part's name, filled in when the site is built.
  const HASHES = {};
  // The second policy, added beside the page's own: both hold. Not even the page's own origin is in reach any more, nor is a
  // script made of text, which the page's own allows for the worker.
  const LOCK = "default-src 'none'; script-src 'wasm-unsafe-eval'; img-src data: blob:; worker-src blob:; manifest-src blob:; style-src 'none'; connect-src 'none'";

  // The page's one Trusted Types policy gives these addresses and no other. A single file has no service worker.
  const own = window.kubepkiKeep ? ['./sw.js'] : [];
  const rules = {
    createScriptURL: (to) => {
      if (own.includes(to)) return to;
      throw new TypeError('no script of this page');
    },
  };
  const policy = window.trustedTypes?.createPolicy('kubepki', rules) ?? rules;

  const file = async (name, read) => {
    const integrity = HASHES[name];
    // Workers have no hash in their names; one behind a question mark keeps a cache from handing out another build's.
    const address = `./${name}${integrity ? `?${integrity.slice(7, 23)}` : ''}`;
    try {
      // The single file has its parts inside, and a function that gives them out.
      const answer = await (window.kubepkiPart?.(name) ?? fetch(address, { integrity }));
      if (answer.ok) return await answer[read]();
    } catch {
      // Said below.
    }
    throw `The worker could not be loaded: ${name} did not come.`;
  };

  const binary = async (name) => {
    const [glue, wasm] = await Promise.all([file(`${name}.js`, 'text'), file(`${name}_bg.wasm`, 'arrayBuffer')]);
    return { glue, wasm };
  };

  const load = async () => {
    const parts = Promise.all([
      file('bootstrap.js', 'text'),
      binary('worker'),
      binary('study'),
      binary('sealing'),
      // RSA, where the browser's own cryptography is out of reach.
      crypto.subtle ? null : binary('rsa'),
    ]);
    // A site is kept for use without a network; a single file keeps itself.
    await window.kubepkiKeep?.(policy, parts);
    const [bootstrap, worker, study, sealing, rsa] = await parts;
    document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'Content-Security-Policy', content: LOCK }));
    // Not revoked: the worker starts helpers from it.
    const address = URL.createObjectURL(new Blob([worker.glue, '\n', bootstrap], { type: 'text/javascript' }));
    own.push(address);
    return { address, first: { wasm: worker.wasm, study, sealing, rsa } };
  };

  let loaded;
  window.kubepkiStart = async () => {
    loaded ??= await load();
    const worker = new Worker(policy.createScriptURL(loaded.address));
    worker.postMessage(loaded.first);
    return worker;
  };
}
