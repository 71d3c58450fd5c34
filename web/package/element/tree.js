// Builds what was drawn: lines as `kubepki_core::view::drawing` writes them, `<tag`, `name=value`, `"text`, `>` for an end.

const SVG = "http://www.w3.org/2000/svg";
/** Stands for a line break inside a line. */
const BREAK = /\v/g;

/**
 * The nodes that lines stand for.
 * @param {string} lines
 * @returns {DocumentFragment}
 */
export function built(lines) {
  const whole = document.createDocumentFragment();
  /** @type {(Element | DocumentFragment)[]} */
  const open = [whole];
  for (const line of lines ? lines.split("\n") : []) {
    const here = open[open.length - 1];
    const rest = line.slice(1);
    if (line[0] === "<") {
      const svg = rest === "svg" || /** @type {Element} */ (here).namespaceURI === SVG;
      const made = svg ? document.createElementNS(SVG, rest) : document.createElement(rest);
      here.append(made);
      open.push(made);
    } else if (line[0] === '"') {
      here.append(rest.replace(BREAK, "\n"));
    } else if (line[0] === ">") {
      open.pop();
      settle(/** @type {Element} */ (here));
    } else {
      const at = line.indexOf("=");
      /** @type {Element} */ (here).setAttribute(line.slice(0, at), line.slice(at + 1).replace(BREAK, "\n"));
    }
  }
  return whole;
}

/** What counts as a property and not as an attribute. @param {Element} element */
function settle(element) {
  const index = element.getAttribute("data-index");
  if (index !== null && element instanceof HTMLSelectElement) element.selectedIndex = +index;
  const value = element.getAttribute("data-value");
  if (value !== null && element instanceof HTMLInputElement) element.value = value;
}

/** Whether one can become the other. @param {Node} one @param {Node} other */
function alike(one, other) {
  const name = (/** @type {any} */ node) => node.nodeName + (node.getAttribute?.("data-testid") ?? "");
  return name(one) === name(other);
}

/**
 * Makes what stands in `root` what stands in `next`, and keeps the nodes that can stay: what has the focus, what is
 * scrolled and what is unfolded stays so.
 * @param {Node} root
 * @param {Node} next
 */
export function become(root, next) {
  let at = root.firstChild;
  for (const node of [...next.childNodes]) {
    if (!at || !alike(at, node)) {
      root.insertBefore(node, at);
      continue;
    }
    if (at instanceof Element && node instanceof Element) {
      for (const { name } of [...at.attributes]) if (!node.hasAttribute(name) && name !== "open") at.removeAttribute(name);
      for (const { name, value } of node.attributes) if (at.getAttribute(name) !== value) at.setAttribute(name, value);
      become(at, node);
      settle(at);
    } else if (at.nodeValue !== node.nodeValue) {
      at.nodeValue = node.nodeValue;
    }
    at = at.nextSibling;
  }
  while (at) {
    const after = at.nextSibling;
    root.removeChild(at);
    at = after;
  }
}
