// An exported zip, unpacked as people unpack it.
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { openssl, ran } from "./command.mjs";

/** Unpacks a zip into a folder; resolves to the tree below its one top folder. */
export async function unpack(zip, folder) {
  await ran("unzip", ["-q", zip, "-d", folder]);
  const tops = await readdir(folder);
  if (tops.length !== 1) throw new Error(`one top folder was expected, there are: ${tops.join(", ")}`);
  return new Tree(join(folder, tops[0]), tops[0]);
}

/** An unpacked tree. */
export class Tree {
  constructor(root, name) {
    this.root = root;
    this.name = name;
  }

  /** Every file's path below the top folder, sorted. */
  async paths() {
    const entries = await readdir(this.root, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(this.root.length + 1)).sort();
  }

  /** The paths that match. */
  async matching(pattern) {
    return (await this.paths()).filter((path) => pattern.test(path));
  }

  async has(path) {
    return stat(join(this.root, path)).then((one) => one.isFile(), () => false);
  }

  text(path) {
    return readFile(join(this.root, path), "utf8");
  }

  /** Permission bits, as `600`. */
  async mode(path) {
    return ((await stat(join(this.root, path))).mode & 0o777).toString(8);
  }

  /** What openssl says of a certificate. */
  certificate(path) {
    return openssl(["x509", "-in", join(this.root, path), "-noout", "-text"]);
  }

  /** What openssl says of the client certificate inside a kubeconfig. */
  async kubeconfigCertificate(path) {
    const data = /client-certificate-data: *(\S+)/.exec(await this.text(path))?.[1];
    if (!data) throw new Error(`${path} holds no client-certificate-data`);
    return openssl(["x509", "-noout", "-text"], { input: Buffer.from(data, "base64") });
  }
}
