// Draws the PNG icons from their SVGs: `npm run icons` with KUBEPKI_CHROMIUM set. What it writes is committed. The pictures
// are flat, so sixteen colours do, which every PNG reader knows as four bits a pixel.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { constants, deflateSync } from "node:zlib";
import { chromium } from "@playwright/test";

/** Source, side in pixels, product. */
const ICONS = [
  ["icon.svg", 192, "icon-192.png"],
  ["icon.svg", 512, "icon-512.png"],
  ["icon-maskable.svg", 512, "icon-maskable-512.png"],
];
const COLOURS = 16;
const at = (name) => fileURLToPath(new URL(`../../web/install/${name}`, import.meta.url));

/** The pixels of a drawing, as bytes of red, green, blue and opacity. Runs in the browser. */
async function pixels({ svg, side }) {
  const image = Object.assign(new Image(), { src: `data:image/svg+xml,${encodeURIComponent(svg)}` });
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, side, side);
  return [...context.getImageData(0, 0, side, side).data];
}

/** The palette: colours that are used most, each unlike those before it, and each pixel's nearest of them. */
function reduced(bytes) {
  const counts = new Map();
  for (let i = 0; i < bytes.length; i += 4) {
    // What is not seen has no colour; what is half seen stands at an edge.
    const key = bytes[i + 3] < 128 ? "0,0,0,0" : [...bytes.slice(i, i + 3), 255].join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const distance = (a, b) => a.reduce((sum, one, i) => sum + (one - b[i]) ** 2, 0);
  const colours = [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key.split(",").map(Number));
  const palette = [];
  for (const colour of colours) {
    if (palette.length < COLOURS && palette.every((one) => distance(one, colour) > 1_500)) palette.push(colour);
  }
  const near = new Map(colours.map((colour) => [colour.join(), palette.reduce((best, one, i) => (distance(one, colour) < distance(palette[best], colour) ? i : best), 0)]));
  const indexes = [];
  for (let i = 0; i < bytes.length; i += 4) indexes.push(near.get(bytes[i + 3] < 128 ? "0,0,0,0" : [...bytes.slice(i, i + 3), 255].join()));
  return { palette, indexes };
}

const TABLE = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** A chunk of a PNG: length, name, content, checksum. */
function chunk(name, content) {
  const named = Buffer.concat([Buffer.from(name), content]);
  const sum = named.reduce((sum, byte) => TABLE[(sum ^ byte) & 255] ^ (sum >>> 8), ~0) ^ ~0;
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(sum >>> 0);
  return Buffer.concat([length, named, checksum]);
}

/** A PNG of four bits a pixel (ISO/IEC 15948). */
function png(side, { palette, indexes }) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  // Four bits, a palette; deflate, no filter, not interlaced.
  head.set([4, 3, 0, 0, 0], 8);
  const row = 1 + side / 2;
  const rows = Buffer.alloc(side * row);
  indexes.forEach((index, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    rows[y * row + 1 + (x >> 1)] |= x % 2 ? index : index << 4;
  });
  const data = deflateSync(rows, { level: 9, memLevel: 9, strategy: constants.Z_DEFAULT_STRATEGY });
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette.flatMap((colour) => colour.slice(0, 3)))),
    chunk("tRNS", Buffer.from(palette.map((colour) => colour[3]))),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const browser = await chromium.launch({ executablePath: process.env.KUBEPKI_CHROMIUM, chromiumSandbox: false });
try {
  const page = await browser.newPage();
  for (const [from, side, to] of ICONS) {
    const bytes = await page.evaluate(pixels, { svg: await readFile(at(from), "utf8"), side });
    const written = png(side, reduced(bytes));
    await writeFile(at(to), written);
    console.log(`${to}: ${written.length} bytes`);
  }
} finally {
  await browser.close();
}
