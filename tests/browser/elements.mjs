// The situations whose controls are activated one by one, and the controls that need not do anything by themselves: the
// data of elements.spec.mjs.

const small = async (bench) => {
  await bench.open();
  await bench.press("preset-single");
  await bench.set("keys.ca", "ECDSA-P256");
  await bench.set("keys.leaf", "ECDSA-P256");
};

const unfolded = async (bench) => {
  const closed = bench.page.locator("details:not([open]) > summary:visible");
  while (await closed.count()) await closed.first().click();
};

// What a situation shares with another is activated there: `within` says where its own is, and `beyond` that what the
// first visit shows under the same name and words is none of it.
export const SITUATIONS = [
  { name: "first visit", arrange: (bench) => bench.open() },
  {
    name: "one node, everything unfolded",
    beyond: true,
    arrange: async (bench) => {
      await small(bench);
      await unfolded(bench);
    },
  },
  {
    name: "files",
    within: "main",
    arrange: async (bench) => {
      await small(bench);
      await bench.show("files");
    },
  },
  {
    name: "flags",
    within: "main",
    arrange: async (bench) => {
      await small(bench);
      await bench.show("flags");
      await bench.page.locator(".component").first().waitFor();
    },
  },
  {
    name: "connections, one of them chosen",
    within: "main, aside",
    beyond: true,
    arrange: async (bench) => {
      await small(bench);
      await bench.part("tab-connections").click();
      await bench.part("connection-kube-apiserver->etcd").click();
      await bench.page.getByRole("heading", { name: "kube-apiserver → etcd" }).waitFor();
    },
  },
  {
    name: "issued, with something selected",
    beyond: true,
    within: "main, aside, header, footer",
    arrange: async (bench) => {
      await small(bench);
      await bench.generate();
      await bench.inspect("cert-apiserver@cp-1");
    },
  },
  {
    name: "after a refused import",
    within: '[data-testid="import-errors"]',
    arrange: async (bench) => {
      await bench.open();
      await bench.importText("apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nclusterName: [1]\n");
      await bench.part("import-errors").waitFor();
    },
  },
  {
    name: "issued from an earlier design",
    within: 'main section[aria-label="The PKI"]',
    arrange: async (bench) => {
      await small(bench);
      await bench.generate();
      await bench.set("clusterName", "later");
      await bench.reaches("stale");
    },
  },
  {
    name: "no nodes",
    within: "main",
    arrange: async (bench) => {
      await small(bench);
      await bench.page.getByRole("button", { name: "Remove node cp-1" }).click();
      await bench.reaches("empty");
    },
  },
  {
    name: "what a search finds",
    within: '[role="listbox"]',
    arrange: async (bench) => {
      await bench.open();
      await bench.part("search").fill("front-proxy-ca.crt");
      await bench.page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "the export's dialog",
    within: "dialog",
    arrange: async (bench) => {
      await small(bench);
      await bench.generate();
      await bench.press("export-zip");
      await bench.part("confirm").waitFor();
    },
  },
  {
    name: "what to embed",
    within: "dialog",
    arrange: async (bench) => {
      await small(bench);
      await bench.part("embed").click();
      await bench.part("embed-svg").waitFor();
    },
  },
  {
    name: "the dialog for a list of nodes",
    within: "dialog",
    arrange: async (bench) => {
      await bench.open();
      await bench.press("node-paste");
      await bench.part("confirm").waitFor();
    },
  },
];

/** Controls that need not change anything: a selector, and the reason. */
export const EXCEPTIONS = [
  { selector: 'input[type="radio"]:checked', reason: "a choice that is made already" },
  { selector: 'dialog .chip[aria-pressed="true"]', reason: "a choice that is made already" },
  { selector: '[role="tab"][aria-selected="true"]', reason: "the view that is open already" },
  { selector: 'pre[tabindex="0"]', reason: "text that scrolls, and is reached for that with the keyboard" },
];
