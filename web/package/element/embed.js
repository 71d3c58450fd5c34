// The whole of `embed.html`: one element, told by the address's fragment and by the page around. It has no storage, no
// network, and no origin where it is sandboxed.
import { core } from "./carried.js";
import { ATTRIBUTES, EVENTS } from "./names.js";
import { define, parts } from "./class.js";
import { pictures } from "./pictures.js";
import { VERSION, read } from "./protocol.js";

parts.pictures = pictures;
parts.core = core;
define();

/** What the page around may set: an iframe fetches nothing. */
const OPEN = ATTRIBUTES.map((one) => one.name).filter((name) => !["src", "loading", "height"].includes(name));
const told = new URLSearchParams(location.hash.slice(1));
const element = document.createElement("kube-pki");
element.setAttribute("loading", "eager");

/** @param {string} name @param {unknown} value */
function set(name, value) {
  if (!OPEN.includes(name)) return false;
  // A design may be the text of a file, which is no attribute.
  if (name === "design") /** @type {any} */ (element).design = value;
  else if (value === null || value === undefined || value === "") element.removeAttribute(name);
  else element.setAttribute(name, String(value));
  if (name === "theme") document.documentElement.dataset.theme = String(value ?? "");
  return true;
}
for (const [name, value] of told) set(name, value);
document.body.append(element);
document.title = "KubePKI";

/** The page around, once it has connected. @type {MessagePort | undefined} */
let port;
/** @param {string} type @param {unknown} payload @param {number} [id] */
const say = (type, payload, id = 0) => port?.postMessage({ v: VERSION, id, type, payload });

for (const { name } of EVENTS) {
  element.addEventListener(name, (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (name === "ready") document.title = detail.title;
    // What is looked at stands in the fragment, so that a reload shows it again.
    if (name === "select") remember();
    say(name, detail);
  });
}

function remember() {
  const now = new URLSearchParams();
  if (pinned) now.set("origin", pinned);
  for (const name of OPEN) if (element.hasAttribute(name)) now.set(name, element.getAttribute(name) ?? "");
  try {
    history.replaceState(null, "", `#${now}`);
  } catch {
    // A document without an address of its own has none to change.
  }
}

// The pinned origin of the page around; any where none is named. Nothing secret is ever said.
const pinned = told.get("origin");
addEventListener("message", (event) => {
  const message = read(event.data);
  if (event.source !== parent || parent === window || message?.type !== "connect" || (pinned && event.origin !== pinned)) return;
  port?.close();
  port = event.ports[0];
  if (!port) return;
  port.onmessage = ({ data }) => {
    const asked = read(data);
    if (!asked) return;
    const wanted = Object.entries(asked.type === "set" && asked.payload && typeof asked.payload === "object" ? asked.payload : {});
    const refused = wanted.filter(([name]) => !OPEN.includes(name)).map(([name]) => name);
    if (asked.type !== "set" || refused.length > 0) {
      return say("refused", { message: asked.type === "set" ? `not known here: ${refused.join(", ")}` : `not known: ${asked.type}` }, asked.id);
    }
    for (const [name, value] of wanted) set(name, value);
    remember();
    say("done", {}, asked.id);
  };
  say("done", { version: VERSION, height: height() }, message.id);
  ready();
});

const height = () => Math.ceil(element.getBoundingClientRect().height);
/** A page that connects late is told what it missed. */
function ready() {
  const title = element.shadowRoot?.querySelector(".live")?.getAttribute("aria-label");
  if (title) say("ready", { view: element.getAttribute("view") ?? "hierarchy", focus: element.getAttribute("focus") ?? "", title, design: element.getAttribute("design") ?? "" });
}
new ResizeObserver(() => say("height", { height: height() })).observe(element);
