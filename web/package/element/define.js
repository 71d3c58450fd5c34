// Importing this makes `<kube-pki>` known to the page.
import { define } from "./element.js";

define();
