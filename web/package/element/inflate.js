// What is carried as text: gzip in base64.

/**
 * Its bytes.
 * @param {string} packed
 * @returns {Promise<ArrayBuffer>}
 */
export function inflated(packed) {
  const bytes = Uint8Array.from(atob(packed), (one) => one.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
