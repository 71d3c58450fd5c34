// nginx, as a static host would serve a folder.
import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { inScratch } from "./command.mjs";
import { nginxPath } from "./environment.mjs";

/** A port that is free now. */
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** nginx over a folder, with rules for the server, for as long as `use` takes. */
export async function withNginx({ root, rules = "" }, use) {
  await inScratch(async (folder) => {
    const port = await freePort();
    for (const name of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) await mkdir(join(folder, name));
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name.replace("client_", "")};`);
    // As root it would read the site as somebody who may not.
    const user = process.getuid() === 0 ? "user root;" : "";
    const configuration = `${user} daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  ${temporary.join(" ")}
  access_log off;
  types { text/html html; text/javascript js; text/css css; application/wasm wasm; }
  server { listen 127.0.0.1:${port}; root ${root}; ${rules} }
}
`;
    await writeFile(join(folder, "nginx.conf"), configuration);
    const server = spawn(nginxPath, ["-p", folder, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")], { stdio: "ignore" });
    try {
      const address = `http://127.0.0.1:${port}/`;
      for (const end = Date.now() + 10_000; ; await new Promise((done) => setTimeout(done, 50))) {
        if (await fetch(address).then(() => true, () => false)) break;
        if (Date.now() > end) throw new Error(`nginx does not answer: ${await readFile(join(folder, "error.log"), "utf8").catch(() => "")}`);
      }
      await use(address);
    } finally {
      server.kill();
      await new Promise((done) => (server.exitCode === null && server.signalCode === null ? server.once("exit", done) : done()));
    }
  });
}
