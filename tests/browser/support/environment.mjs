// What `cargo xtask test browser` tells the tests: where the page, the browser and the command line are.

/** A variable that must be set. */
function told(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with \`cargo xtask test browser\``);
  return value;
}

/** Where the finished page is served, with a slash at the end. */
export const url = told("KUBEPKI_URL");
/** The kubepki command. */
export const kubepkiPath = told("KUBEPKI_BIN");
/** The browser. */
export const executablePath = told("KUBEPKI_CHROMIUM");
/** Firefox, which opens the single file. */
export const firefoxPath = told("KUBEPKI_FIREFOX");
/** The single HTML file. */
export const singleFile = told("KUBEPKI_SINGLE_FILE");
/** nginx, which serves the site as a static host would. */
export const nginxPath = told("KUBEPKI_NGINX");
/** The finished site's folder, and that of the headers for hosts. */
export const dist = told("KUBEPKI_DIST");
export const hostsFolder = told("KUBEPKI_HOSTS");
/** The npm package's files, the custom element's among them. */
export const elementFolder = told("KUBEPKI_PACKAGE_FOLDER");
/** MkDocs with the theme Material. */
export const mkdocsPath = told("KUBEPKI_MKDOCS");
/** Debian's age. */
export const agePath = process.env.KUBEPKI_AGE ?? "age";
/** What imports PKCS#12 into the database of keys of Firefox and Chromium. */
export const pk12utilPath = process.env.KUBEPKI_PK12UTIL ?? "pk12util";
/** The openssl command. */
export const opensslPath = process.env.KUBEPKI_OPENSSL ?? "openssl";

/** What the browser is started with. */
export const arguments_ = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
