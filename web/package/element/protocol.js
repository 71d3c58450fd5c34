// What a page and an `embed.html` in its iframe say to each other. The page sends `{v, type: "connect"}` with a port of a
// MessageChannel; from then on both speak through the port alone, each message `{v, id, type, payload}`. An answer has the
// id of what it answers; what is said unasked has 0.

/** The version of the protocol: the only one there is. */
export const VERSION = 1;

/**
 * @typedef {object} Message
 * @property {number} v The protocol's version.
 * @property {number} id What it answers; 0 for nothing.
 * @property {string} type `connect`, `set`; `done`, `refused`; `height`, `ready`, `select`, `verify`, `error`.
 * @property {any} [payload]
 */

/**
 * A message of this protocol; nothing for any other.
 * @param {unknown} data
 * @returns {Message | undefined}
 */
export function read(data) {
  const message = /** @type {Message} */ (data);
  return message && typeof message === "object" && message.v === VERSION && typeof message.type === "string" ? message : undefined;
}
