// Writes what is told of the element from the rows of `names.js`: types, the Custom Elements Manifest, and the
// documentation's tables. `node describe.mjs FOLDER VERSION`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ATTRIBUTES, EVENTS, PARTS, SLOTS } from "./names.js";

const [folder, version] = process.argv.slice(2);
const styles = readFileSync(join(folder, "element.js"), "utf8");
/** What can be set from outside, read from the sheet that is shipped. */
const PROPERTIES = [...new Set(styles.match(/--kube-pki-[a-z-]+/g))].sort();

const type = (one) => (one.values ? one.values.map((value) => `"${value}"`).join(" | ") : "string");
const plain = (text) => text.replaceAll("`", "");
const summary = "One view of a Kubernetes cluster's PKI, live.";

const manifest = {
  schemaVersion: "2.1.0",
  readme: "README.md",
  modules: [
    {
      kind: "javascript-module",
      path: "element.js",
      declarations: [
        {
          kind: "class",
          customElement: true,
          name: "KubePkiElement",
          tagName: "kube-pki",
          summary,
          superclass: { name: "HTMLElement" },
          attributes: ATTRIBUTES.map((one) => ({
            name: one.name,
            fieldName: one.property,
            type: { text: type(one) },
            ...(one.values || one.without ? { default: JSON.stringify(one.values?.[0] ?? one.without) } : {}),
            description: one.says,
          })),
          members: ATTRIBUTES.map((one) => ({ kind: "field", name: one.property, attribute: one.name, reflects: true, type: { text: type(one) }, description: one.says })),
          events: EVENTS.map((one) => ({ name: one.name, type: { text: `CustomEvent<${one.detail}>` }, description: one.says })),
          slots: SLOTS.map(([name, description]) => ({ name, description })),
          cssParts: PARTS.map(([name, description]) => ({ name, description })),
          cssProperties: PROPERTIES.map((name) => ({ name })),
        },
        { kind: "function", name: "define", parameters: [{ name: "name", optional: true, type: { text: "string" }, default: '"kube-pki"' }], return: { type: { text: "void" } } },
      ],
      exports: [{ kind: "js", name: "define", declaration: { name: "define", module: "element.js" } }],
    },
    { kind: "javascript-module", path: "define.js", declarations: [], exports: [{ kind: "custom-element-definition", name: "kube-pki", declaration: { name: "KubePkiElement", module: "element.js" } }] },
  ],
};
writeFileSync(join(folder, "custom-elements.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const types = `// Types of <kube-pki>. Written by describe.mjs from names.js.

/** The picture that was drawn. */
export interface KubePkiReady { view: string; focus: string; title: string; design: string }
/** What is selected now; empty for nothing. */
export interface KubePkiSelect { view: string; focus: string; connection: string; fault: string }
/** How a handshake ended. */
export interface KubePkiVerify { connection: string; fault: string; holds: boolean; message: string }
/** Why nothing was drawn. */
export interface KubePkiError { code: "design" | "source" | "core" | "unsupported" | "internal"; messages: string[] }

export interface KubePkiEventMap {
${EVENTS.map((one) => `  /** ${one.says} */\n  ${one.name}: CustomEvent<${one.detail}>;`).join("\n")}
}

type Others = Omit<HTMLElementEventMap, keyof KubePkiEventMap>;

/** ${summary} */
export interface KubePkiElement extends HTMLElement {
${ATTRIBUTES.map((one) => `  /** ${plain(one.says)} */\n  ${one.property}: ${type(one)};`).join("\n")}
  addEventListener<K extends keyof KubePkiEventMap>(type: K, listener: (this: KubePkiElement, event: KubePkiEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener<K extends keyof Others>(type: K, listener: (this: KubePkiElement, event: Others[K]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** Makes the element known to the page. A second call, or one on a server, does nothing. */
export function define(name?: string): void;

declare global {
  interface HTMLElementTagNameMap {
    "kube-pki": KubePkiElement;
  }
}
`;
writeFileSync(join(folder, "element.d.ts"), types);
writeFileSync(join(folder, "define.d.ts"), 'import "./element.js";\n');

const sdk = `// Types of the script for pages around an iframe.
import type { KubePkiError, KubePkiReady, KubePkiSelect, KubePkiVerify } from "./element.js";

export interface KubePkiFrame {
  /** Sets attributes of the element in the frame; null takes one away. */
  set(attributes: Record<string, string | null>): Promise<void>;
  on(type: "ready", listener: (payload: KubePkiReady) => void): () => void;
  on(type: "select", listener: (payload: KubePkiSelect) => void): () => void;
  on(type: "verify", listener: (payload: KubePkiVerify) => void): () => void;
  on(type: "error", listener: (payload: KubePkiError) => void): () => void;
  on(type: "height", listener: (payload: { height: number }) => void): () => void;
  /** Ends the connection. */
  close(): void;
}

/** Connects to an iframe that shows embed.html. */
export function connect(frame: HTMLIFrameElement, options?: { resize?: boolean; timeout?: number; origin?: string }): Promise<KubePkiFrame>;
`;
writeFileSync(join(folder, "sdk.d.ts"), sdk);

const row = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
const table = (head, rows) => [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
const tag = (text) => `\`${text}\``;
const page = `# \`<kube-pki>\` ${version}

${summary} Attributes and properties agree, and changes apply at once. Attributes follow semantic versions: none goes without
one major version of notice.

\`\`\`html
<script type="module" src="/kubepki/define.js"></script>
<kube-pki preset="ha-stacked" view="hierarchy" focus="apiserver@cp-1">
  <img slot="poster" src="/hierarchy.svg" width="940" height="1062" alt="Who signs whom in this cluster">
</kube-pki>
\`\`\`

Copy the package's folder to your site (\`/kubepki/\` above), or import \`kubepki/define\` with a bundler. A poster with its width and
height keeps its room: nothing moves when the picture comes. \`kubepki show hierarchy --preset ha-stacked --format svg\` writes it,
\`--format html\` writes the same as a table for the slot \`fallback\`. Where a script, WebAssembly or your policy forbids the
picture, both stay. A site with \`script-src 'self' 'wasm-unsafe-eval'; style-src 'self'\` needs no exception;
a design from a file (\`src\`) also needs \`connect-src 'self'\`. \`integrity.json\` has the hash of each file for the attribute \`integrity\`, of the script and of a
\`<link rel="modulepreload" href="/kubepki/element.js">\` for each module that it imports.

## In documentation sites

| generator | where the script goes | the tag |
| --- | --- | --- |
| MkDocs | \`extra_javascript: [{path: kubepki/define.js, type: module}]\` in \`mkdocs.yml\`, the folder in \`docs/kubepki\` | in Markdown as it is |
| VitePress | \`head: [["script", {type: "module", src: "/kubepki/define.js"}]]\` and \`vue: {template: {compilerOptions: {isCustomElement: (tag) => tag === "kube-pki"}}}\`, the folder in \`public/kubepki\` | in Markdown as it is |
| Docusaurus | \`scripts: [{src: "/kubepki/define.js", type: "module"}]\`, the folder in \`static/kubepki\` | in MDX as it is |
| Hugo | \`<script type="module" src="/kubepki/define.js"></script>\` in \`layouts/partials/head.html\`, the folder in \`static/kubepki\` | in a shortcode, or with \`markup.goldmark.renderer.unsafe\` |
| mdBook | the same in \`theme/head.hbs\`, the folder in \`src/kubepki\` | in Markdown as it is |

Where only an iframe is allowed:

\`\`\`html
<iframe sandbox="allow-scripts allow-downloads" loading="lazy" title="Kubernetes PKI" width="100%" height="480"
  src="/kubepki/embed.html#preset=ha-stacked&view=files"></iframe>
\`\`\`

The fragment takes the attributes below. \`connect(iframe)\` of \`kubepki/sdk\` lets the iframe have the height that it reports, and
gives a handle to set attributes and hear events; \`set({ design })\` also takes the text of a design file. The one file carries
everything: the picture is drawn while the part for handshakes, faults and design files is still on its way.

## Attributes

${table(["attribute", "property", "value", "what it does"], ATTRIBUTES.map((one) => [tag(one.name), tag(one.property), one.values ? one.values.map(tag).join(", ") : one.without ? `${tag(one.without)} if absent` : "", one.says]))}

## Events

All are composed; none ever carries a private key.

${table(["event", "bubbles", "detail", "when"], EVENTS.map((one) => [tag(one.name), one.bubbles ? "yes" : "no", tag(one.detail), one.says]))}

## Slots

${table(["slot", "what"], SLOTS.map(([name, says]) => [tag(name), says]))}

## Parts

${table(["part", "what"], PARTS.map(([name, says]) => [tag(name), says]))}

## Custom properties

Each is a token of the workbench: ${PROPERTIES.map(tag).join(", ")}.
`;
writeFileSync(join(folder, "ELEMENT.md"), page);
