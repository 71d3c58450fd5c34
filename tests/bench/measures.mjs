// What is measured, against whom, and what must come out: the data of run.mjs.

/**
 * Contests. Each: who takes part, what `run` asks of a contestant, beside whom all are set (`baseline`), and the share of
 * the rounds that slow ones have.
 */
export const CONTESTS = [
  {
    id: "rsa-set",
    title: "RSA-2048: a single node's 15 certificates and 16 keys",
    baseline: "webcrypto calls",
    contestants: ["kubepki, keys ahead", "kubepki", "webcrypto calls", "webcrypto", "pkijs", "@peculiar/x509", "node-forge", "openssl", "go"],
    run: (contestant) => contestant.set({ alg: "rsa" }),
    warm: (contestant) => contestant.set({ alg: "ec" }),
    minutes: 4,
    few: { openssl: 3 },
  },
  {
    id: "ec-set",
    title: "P-256: the same set, warm",
    baseline: "pkijs",
    contestants: ["kubepki, keys ahead", "kubepki", "webcrypto calls", "webcrypto", "pkijs", "@peculiar/x509", "openssl", "go"],
    run: (contestant) => contestant.set({ alg: "ec" }),
    warm: async (contestant) => {
      for (let time = 0; time < 5; time++) await contestant.set({ alg: "ec" });
    },
    minutes: 1,
    few: { openssl: 3 },
  },
  {
    id: "scale",
    title: "P-256: a client and a serving certificate for each of n nodes, one CA, PEM in a stored zip",
    baseline: "webcrypto",
    contestants: ["kubepki", "webcrypto calls", "webcrypto", "pkijs", "@peculiar/x509", "go"],
    run: (contestant, { nodes }) => contestant.scale({ n: nodes }),
    warm: (contestant) => contestant.scale({ n: 100 }),
    minutes: 4,
    few: { pkijs: 3, "@peculiar/x509": 3 },
  },
];

/** What `--quick` does with less of. */
export const SIZES = {
  full: { rounds: 11, nodes: 5_000, strokes: 41, minutes: 1 },
  quick: { rounds: 3, nodes: 1_000, strokes: 11, minutes: 0.25 },
};

/** Rows that a contest notes about a contestant. */
export const NOTES = {
  "webcrypto calls": "no certificate, no PEM, no zip",
  webcrypto: "no library",
  go: "standard library, every core",
  openssl: "a process a key and a certificate",
  "node-forge": "its keys are WebCrypto's",
};

/**
 * Targets. `of` takes the figures by measure and a summary's word, and gives what must be at most `most`; figures that
 * depend on how many nodes there are count for the full number alone.
 */
export const TARGETS = [
  { title: "RSA-2048 set, keys made ahead (ms)", most: 150, of: time("rsa-set", "kubepki, keys ahead") },
  { title: "RSA-2048 set, cold ÷ sixteen bare WebCrypto keys", most: 1.1, of: beside("rsa-set", "kubepki") },
  { title: "P-256 set, warm (ms)", most: 15, of: time("ec-set", "kubepki") },
  { title: "P-256 set ÷ pkijs", most: 1, of: beside("ec-set", "kubepki") },
  { title: "5,000 nodes ÷ bare WebCrypto (an aim)", most: 1, full: true, of: beside("scale", "kubepki") },
  { title: "5,000 nodes: renderer's private memory (MB)", most: 320, full: true, of: time("scale-health", "peak memory") },
  { title: "5,000 nodes: longest frame (ms)", most: 100, full: true, of: time("scale-health", "longest frame") },
  { title: "5,000 nodes: cancelled after (ms)", most: 1_000, full: true, of: time("scale-health", "cancelled after") },
  { title: "5,000 nodes in the page: renderer's private memory (MB)", most: 320, full: true, of: time("page-health", "peak memory") },
  { title: "5,000 nodes in the page: longest frame (ms)", most: 100, full: true, of: time("page-health", "longest frame") },
  { title: "5,000 nodes in the page: cancelled after (ms)", most: 1_000, full: true, of: time("page-health", "cancelled after") },
  { title: "first picture, cold, over a blank page (ms)", most: 120, of: time("ready", "over a blank page") },
  { title: "keystroke to repaint, 10 nodes (ms)", most: 16, of: time("keystroke", "10 nodes") },
  { title: "handshake, P-256, verified in the page (ms)", most: 5, of: time("handshake", "P-256, verified alone") },
  { title: "handshake, RSA-2048, tried and drawn in the page (ms)", most: 15, of: time("handshake", "RSA-2048") },
  { title: "connections of 5 + 50 nodes, painted (ms)", most: 50, of: time("connections", "5 + 50 nodes") },
  { title: "export under a passphrase, in the page (ms)", most: 2_000, of: time("locked", "under a passphrase") },
  { title: "plan of 10 nodes, natively (ms)", most: 1, of: time("plan", "10 nodes") },
  { title: "plan of 5,000 nodes, natively (ms)", most: 100, of: time("plan", "5000 nodes") },
];

function row(id, name) {
  return (figures) => figures[id]?.rows.find((row) => row.name === name);
}

function time(id, name) {
  return (figures, word) => row(id, name)(figures)?.[word];
}

function beside(id, name) {
  return (figures, word) => row(id, name)(figures)?.ratio?.[word];
}
