// The end of every worker's script: it stands behind the glue that wasm-bindgen writes (`no-modules`), which defines
// `wasm_bindgen`. The script comes from a blob: URL, so the worker inherits the page's policy and has no network; what
// it runs comes by message.
//
// The first message is {wasm, study?, rsa?, port?}: the WebAssembly (bytes or a compiled module), the parts of the
// worker that reads, writes and draws and of the one that does RSA where the browser does not, and, for a worker that a
// worker started, the port to its owner. Messages that come while the WebAssembly starts are kept and handed on in
// their order.
'use strict';
(() => {
  const scope = self;
  const kept = [];
  let first = null;

  // Only the page hears this; a worker's owner hears of it through its `message` event.
  const fail = (what, error) => {
    const name = error && error.name ? ` (${error.name})` : '';
    // `Response::Failed` of no PKI, as `wire` writes it.
    scope.postMessage([8, [0, 0], [[`${what}${name}. What it held is gone.`]]]);
  };

  const policy = scope.trustedTypes
    ? scope.trustedTypes.createPolicy('kubepki', { createScriptURL: (url) => url })
    : { createScriptURL: (url) => url };

  // One address for each script, kept for as long as this worker lives.
  const addresses = new Map([[undefined, scope.location.href]]);
  const address = (script) => {
    if (!addresses.has(script)) addresses.set(script, URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    return policy.createScriptURL(addresses.get(script));
  };

  scope.kubepki = {
    first: () => first,
    // A worker of this worker: from another script's text, or from this very script.
    nested: (script) => new Worker(address(script)),
  };

  const start = (event) => {
    if (first) {
      kept.push(event);
      return;
    }
    first = event.data;
    const { wasm } = first;
    delete first.wasm;
    wasm_bindgen({ module_or_path: wasm }).then(
      () => {
        scope.removeEventListener('message', start);
        for (const { data, ports } of kept.splice(0)) scope.dispatchEvent(new MessageEvent('message', { data, ports }));
      },
      (error) => fail('The worker could not start its WebAssembly', error),
    );
  };
  scope.addEventListener('message', start);
  // A trap ends here: memory ran out, or our code met a case that it was not made for. A panic is no more than that in what
  // is shipped: it stops at once, without words and without a hook.
  scope.addEventListener('error', (event) => {
    event.preventDefault();
    fail('The worker stopped, perhaps for want of memory', event.error);
  });
})();
