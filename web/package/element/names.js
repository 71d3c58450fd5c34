// What the element is told by: one row for each attribute. The class reads its attributes and properties from here, and
// `describe.mjs` writes types, the manifest and the documentation from the same rows.

/**
 * @typedef {object} Attribute
 * @property {string} name What stands in the tag.
 * @property {string} property What scripts call it.
 * @property {string[]} [values] What it may be; anything, where nothing is listed. The first is what it is without.
 * @property {string} [without] What it is where the tag does not say.
 * @property {"picture" | "frame"} changes Whether a change draws anew, or changes what is around the picture alone.
 * @property {string} says What it does.
 */

/** @type {Attribute[]} */
export const ATTRIBUTES = [
  { name: "preset", property: "preset", without: "ha-stacked", changes: "picture", says: "The design to start from: `single`, `ha-stacked`, `ha-external` or `course`." },
  { name: "design", property: "design", changes: "picture", says: "A whole design as the workbench's links carry it (`d1.…`); stands before `preset`. The property also takes the text of a design file." },
  { name: "src", property: "src", changes: "picture", says: "Address of a design file (YAML, or kubeadm's own); stands before `preset`. Loads `./core`." },
  { name: "kubernetes-version", property: "kubernetesVersion", changes: "picture", says: "The Kubernetes version, as `1.37`; stands before what the design says." },
  { name: "view", property: "view", without: "hierarchy", changes: "picture", says: "What is shown: `hierarchy`, `connections`, `handshake`, `files`, `flags`, `timeline`, `commands` or `cis`." },
  { name: "focus", property: "focusOn", changes: "picture", says: "What is selected: a certificate (`apiserver@cp-1`) or any selection by its name in links (`file:cp-1:/etc/…`). The property has another name because every element has a method `focus`." },
  { name: "connection", property: "connection", changes: "picture", says: "The connection that is selected, as `kube-apiserver->etcd`. Without `view` it opens `connections`." },
  { name: "fault", property: "fault", changes: "picture", says: "Faults put into the connection, as `expired:etcd-server`, with commas between them. Loads `./core`." },
  { name: "theme", property: "theme", values: ["auto", "light", "dark"], changes: "frame", says: "`auto` is as the page around it is." },
  { name: "controls", property: "controls", values: ["minimal", "none", "full"], changes: "frame", says: "`none`: the picture alone. `minimal`: its title, and what is told of a selected thing. `full`: all views to switch between." },
  { name: "loading", property: "loading", values: ["lazy", "eager"], changes: "frame", says: "`lazy` waits until it is nearly in sight." },
  { name: "reveal", property: "reveal", values: ["auto", "interaction"], changes: "frame", says: "`interaction` loads nothing before somebody asks for the picture." },
  { name: "height", property: "height", changes: "frame", says: "Height in CSS pixels. Without, it is as high as what stood there before: poster and fallback." },
];

/** Events: name, whether it bubbles, what its detail holds, what it says. All are composed. */
export const EVENTS = [
  { name: "ready", bubbles: true, detail: "KubePkiReady", says: "The first picture is drawn." },
  { name: "select", bubbles: true, detail: "KubePkiSelect", says: "Somebody selected something, or opened another view." },
  { name: "verify", bubbles: true, detail: "KubePkiVerify", says: "A handshake was tried." },
  { name: "error", bubbles: false, detail: "KubePkiError", says: "Nothing could be drawn. Poster and fallback stay, or what was drawn before." },
];

/** @type {[string, string][]} */
export const SLOTS = [
  ["poster", "What is seen before the picture is drawn, and in print: an image or inline SVG of `kubepki show … --format svg`."],
  ["fallback", "The same as text, of `kubepki show … --format html`: it stays where nothing can be drawn, and in print."],
];

/** @type {[string, string][]} */
export const PARTS = [
  ["frame", "Around everything."],
  ["bar", "Title, and views to switch between."],
  ["view", "The picture, which scrolls."],
  ["sheet", "What is told of the selected thing."],
  ["reveal", "The button of `reveal=\"interaction\"`."],
  ["message", "Why nothing could be drawn."],
];
