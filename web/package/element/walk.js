// Arrow keys walk the picture: up and down within a column, left to the issuer, right to what it signed. What can be
// walked to has `data-walk` with its column's name; what belongs together stands in an element with `data-group`.

/**
 * Moves the focus for an arrow key.
 * @param {KeyboardEvent} event
 * @param {Element} view
 */
export function walk(event, view) {
  const here = /** @type {Element} */ (event.target);
  const column = here.getAttribute("data-walk");
  if (!column) return;
  const all = (/** @type {Element} */ root, /** @type {string} */ name) =>
    /** @type {HTMLElement[]} */ ([...root.querySelectorAll(`[data-walk="${name}"]`)]);
  const group = here.closest("[data-group]");
  const own = all(view, column);
  const at = own.findIndex((one) => one === here);
  const next = {
    ArrowDown: () => own[at + 1],
    ArrowUp: () => own[at - 1],
    Home: () => own[0],
    End: () => own[own.length - 1],
    ArrowLeft: () => (column === "leaf" && group ? all(group, "issuer")[0] : undefined),
    ArrowRight: () => {
      const leaves = column === "issuer" && group ? all(group, "leaf") : [];
      return leaves.find((leaf) => leaf.getAttribute("aria-pressed") === "true") ?? leaves[0];
    },
  }[event.key];
  if (!next) return;
  event.preventDefault();
  next()?.focus();
}
