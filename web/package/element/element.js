// `<kube-pki>`: shows one view of a Kubernetes cluster's PKI. Importing this touches nothing of a browser, so that a server
// may do it. What draws is loaded with the first picture, what goes deeper only for handshakes, faults and design files.
import { define, parts } from "./class.js";

parts.pictures = () => import("./pictures.js").then((module) => module.pictures());
parts.core = () => import("./deeper.js").then((module) => module.deeper());

export { define };
