// The start of the single file: what it is made of stands in data blocks of this page, under gzip in base64, and is
// inflated when it is asked for. Nothing is fetched: the page's policy has no address in it.
const kubepkiPart = async (name) => {
  const block = document.getElementById(`part-${name}`);
  if (!block) return new Response(null, { status: 404 });
  const bytes = Uint8Array.from(atob(block.textContent), (one) => one.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
};
window.kubepkiPart = kubepkiPart;
const sheet = new CSSStyleSheet();
sheet.replaceSync(await (await kubepkiPart('style.css')).text());
document.adoptedStyleSheets = [sheet];
