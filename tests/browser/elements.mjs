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

export const SITUATIONS = [
  { name: "first visit", arrange: (bench) => bench.open() },
  {
    name: "one node, everything unfolded",
    arrange: async (bench) => {
      await small(bench);
      await unfolded(bench);
    },
  },
  {
    name: "files",
    arrange: async (bench) => {
      await small(bench);
      await bench.show("files");
    },
  },
  {
    name: "flags",
    arrange: async (bench) => {
      await small(bench);
      await bench.show("flags");
    },
  },
  {
    name: "issued, with something selected",
    arrange: async (bench) => {
      await small(bench);
      await bench.generate();
      await bench.inspect("cert-apiserver@cp-1");
    },
  },
  {
    name: "after a refused import",
    arrange: async (bench) => {
      await bench.open();
      await bench.importText("apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nclusterName: [1]\n");
      await bench.part("import-errors").waitFor();
    },
  },
];

/** Controls that need not change anything: a selector, and the reason. */
export const EXCEPTIONS = [
  { selector: 'input[type="radio"]:checked', reason: "a choice that is made already" },
  { selector: '[role="tab"][aria-selected="true"]', reason: "the view that is open already" },
];
