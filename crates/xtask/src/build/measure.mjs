// Prints for each path in the arguments its bytes, its bytes under brotli (0 unless asked for) and its SHA-384.
// Run by `node --eval`, where the arguments follow the program itself.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const [mode, ...paths] = process.argv.slice(1);
for (const path of paths) {
  const bytes = readFileSync(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const brotli = mode === "brotli" ? brotliCompressSync(bytes, { params }).length : 0;
  console.log(`${bytes.length} ${brotli} sha384-${createHash("sha384").update(bytes).digest("base64")}`);
}
