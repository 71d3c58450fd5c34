// `<kube-pki>`: shows one view of a Kubernetes cluster's PKI. Importing this touches nothing of a browser, so that a server
// may do it. What draws is loaded with the first picture, the package's core only for handshakes, faults and design files.
import { define, parts } from "./class.js";

parts.pictures = () => import("./pictures.js").then((module) => module.pictures());
parts.core = () => import("./core.js");

export { define };
