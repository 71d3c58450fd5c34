// `base64 PATH...` prints for each file its bytes in base64; `sha256 PATH...` its SHA-256 as a policy has it.
// Run by `node --eval`, where the arguments follow the program itself.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const [what, ...paths] = process.argv.slice(1);
for (const path of paths) {
  const bytes = readFileSync(path);
  if (what === "base64") console.log(bytes.toString("base64"));
  else console.log(`sha256-${createHash("sha256").update(bytes).digest("base64")}`);
}
