// The class of `<kube-pki>`, made inside `define`: importing this touches nothing of a browser.
import { ATTRIBUTES } from "./names.js";
import { become, built } from "./tree.js";
import { walk } from "./walk.js";
import styles from "./styles.js";

/** Stands between the parts of an answer. */
const PARTS = "\x1f";
/** How far ahead of its being in sight a lazy picture is loaded. */
const AHEAD = "300px";
/** A text that is a link's, and no file's. */
const LINK = /^d\d+\.[\w-]*$/;

/**
 * Where the rest comes from when it is needed; told by `element.js`, and by `embed.js`, where all stands in one file.
 * @type {{ pictures?: () => Promise<(asked: string) => string>, core?: () => Promise<any> }}
 */
export const parts = {};

/**
 * Makes the element known to the page. A second call, or one on a server, does nothing.
 * @param {string} [name]
 */
export function define(name = "kube-pki") {
  const registry = globalThis.customElements;
  if (registry && !registry.get(name)) registry.define(name, element());
}

function element() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);

  const KubePki = class extends HTMLElement {
    static observedAttributes = ATTRIBUTES.map((one) => one.name);

    /** What is inside the frame. @type {Record<"frame" | "live" | "bar" | "views" | "title" | "view" | "sheet" | "reveal" | "message", HTMLElement>} */
    #at;
    /** Whether it has begun to draw. */
    #awake = false;
    /** Counts drawings, so that a late one knows that it is. */
    #turn = 0;
    /** Stacks that stand unfolded. @type {Set<string>} */
    #unfolded = new Set();
    /** The pages that long lists were turned to. @type {Map<string, string>} */
    #turned = new Map();
    /** A design file's text, set by a script. @type {string | undefined} */
    #text;
    /** The last answer's selection. */
    #selected = "";
    /** How a connection is looked at, beside its faults. */
    #how = "";
    /** @type {IntersectionObserver | undefined} */
    #sight;
    /** @type {MutationObserver | undefined} */
    #around;
    #dark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
    #themed = () => this.#theme();

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      const make = (/** @type {string} */ tag, /** @type {string} */ part, /** @type {Record<string, string>} */ more = {}) => {
        const made = document.createElement(tag);
        made.className = part;
        made.setAttribute("part", part);
        for (const [key, value] of Object.entries(more)) made.setAttribute(key, value);
        return made;
      };
      const slot = (/** @type {string} */ name) => {
        const made = document.createElement("slot");
        made.name = name;
        made.addEventListener("slotchange", () => this.#slotted());
        return made;
      };
      const at = (this.#at = {
        frame: make("div", "frame", { "data-state": "waiting" }),
        live: make("div", "live", { role: "group" }),
        bar: make("div", "bar-top"),
        title: make("p", "title-line"),
        views: make("p", "views", { role: "group", "aria-label": "Views" }),
        view: make("div", "view"),
        sheet: make("div", "sheet", { role: "group", "aria-label": "What is selected", "aria-live": "polite" }),
        reveal: make("button", "reveal", { type: "button" }),
        message: make("p", "message", { role: "status" }),
      });
      at.bar.setAttribute("part", "bar");
      at.reveal.textContent = "Show the live picture";
      at.bar.append(at.title, at.views);
      at.live.append(at.bar, at.view, at.sheet);
      at.frame.append(slot("poster"), slot("fallback"), at.message, at.reveal, at.live);
      // What the workbench's sheets say of what a worker draws holds here for all.
      for (const one of [at.view, at.sheet]) one.classList.add("drawn");
      root.append(at.frame);
      at.reveal.addEventListener("click", () => this.#wake());
      at.live.addEventListener("click", (event) => this.#clicked(event));
      at.live.addEventListener("change", (event) => this.#asked(event));
      at.live.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && this.#selected) {
          event.stopPropagation();
          this.#choose("");
        } else walk(event, at.view);
      });
    }

    connectedCallback() {
      // What a script set before this element was known.
      for (const { property } of ATTRIBUTES) {
        if (!Object.hasOwn(this, property)) continue;
        const value = /** @type {any} */ (this)[property];
        delete (/** @type {any} */ (this)[property]);
        /** @type {any} */ (this)[property] = value;
      }
      this.#slotted();
      this.#size();
      this.#theme();
      this.#around = new MutationObserver(this.#themed);
      for (const node of [document.documentElement, document.body]) {
        if (node) this.#around.observe(node, { attributes: true });
      }
      this.#dark?.addEventListener("change", this.#themed);
      this.#wait();
    }

    disconnectedCallback() {
      this.#sight?.disconnect();
      this.#around?.disconnect();
      this.#dark?.removeEventListener("change", this.#themed);
      this.#turn++;
    }

    /** @param {string} name @param {string | null} old @param {string | null} value */
    attributeChangedCallback(name, old, value) {
      if (old === value || !this.isConnected) return;
      const { changes } = /** @type {import("./names.js").Attribute} */ (ATTRIBUTES.find((one) => one.name === name));
      if (changes === "picture") this.#soon();
      else if (name === "theme") this.#theme();
      else if (name === "height") this.#size();
      else if (!this.#awake) this.#wait();
    }

    get design() {
      return this.#text ?? this.getAttribute("design") ?? "";
    }

    set design(value) {
      const text = String(value ?? "");
      this.#text = text && !LINK.test(text) ? text : undefined;
      if (this.#text || !text) this.removeAttribute("design");
      else this.setAttribute("design", text);
      this.#soon();
    }

    /** Waits until it is to be drawn. */
    #wait() {
      this.#sight?.disconnect();
      if (this.#awake) return this.#soon();
      const asked = this.getAttribute("reveal") === "interaction";
      this.#at.reveal.hidden = !asked;
      if (asked) return;
      if (this.getAttribute("loading") === "eager" || !globalThis.IntersectionObserver) return this.#wake();
      this.#sight = new IntersectionObserver((seen) => {
        if (seen.some((one) => one.isIntersecting)) this.#wake();
      }, { rootMargin: AHEAD });
      this.#sight.observe(this);
    }

    #wake() {
      this.#sight?.disconnect();
      this.#awake = true;
      this.#at.reveal.hidden = true;
      this.#soon();
    }

    /** Draws once all that changes now has changed. */
    #soon() {
      if (!this.#awake || !this.isConnected) return;
      const turn = ++this.#turn;
      queueMicrotask(() => {
        if (turn === this.#turn) this.#draw(turn);
      });
    }

    /** @param {number} turn */
    async #draw(turn) {
      const late = () => turn !== this.#turn || !this.isConnected;
      let code = "design";
      try {
        const text = await this.#file((now) => (code = now));
        if (late()) return;
        const asked = (/** @type {string} */ name) => this.getAttribute(name) ?? "";
        code = "core";
        let design = asked("design");
        if (text !== undefined) {
          const read = await (await parts.core?.())?.readDesign(text);
          if (late()) return;
          if (!read?.link) return this.#fail("design", (read?.findings ?? []).map((/** @type {any} */ one) => `${one.line ? `line ${one.line}: ` : ""}${one.message} ${one.help}`.trim()));
          design = read.link;
        }
        code = "unsupported";
        const draw = await parts.pictures?.();
        if (!draw) return;
        if (late()) return;
        code = "internal";
        const lines = {
          ...Object.fromEntries(["preset", "kubernetes-version", "view", "focus", "connection", "fault"].map((name) => [name, asked(name)])),
          design,
          how: this.#how,
          unfolded: [...this.#unfolded].join(),
          turned: [...this.#turned.values()].join(),
          now: String(Math.floor(Date.now() / 1000)),
        };
        const answer = draw(Object.entries(lines).map(([name, value]) => `${name}=${value.replace(/[\r\n]+/g, " ").trim()}`).join("\n")).split(PARTS);
        if (answer[0] === "refused") return this.#fail("design", answer[1].split("\n"));
        let [, view, focus, title, whole, views, picture, told] = answer;
        if (answer[0] === "core") {
          code = "core";
          const core = await parts.core?.();
          if (late()) return;
          ({ view: picture, sheet: told } = await core.draw({ link: whole, view, selected: focus }));
          if (late()) return;
        }
        this.#show(view, focus, title, whole, views, picture, told);
      } catch (error) {
        if (!late()) this.#fail(code, [error instanceof Error ? error.message : String(error)]);
      }
    }

    /** The text of a design file; nothing where the design is told otherwise. @param {(code: string) => void} at */
    async #file(at) {
      if (this.#text !== undefined) return this.#text;
      if (this.hasAttribute("design")) return undefined;
      const src = this.getAttribute("src");
      if (src) {
        at("source");
        const answer = await fetch(new URL(src, this.baseURI), { credentials: "same-origin" });
        if (!answer.ok) throw new Error(`${src}: the server answered ${answer.status}`);
        return await answer.text();
      }
      const script = this.querySelector('script[type="application/yaml"]');
      return script?.textContent?.trim() ? script.textContent : undefined;
    }

    /** @param {string} view @param {string} focus @param {string} title @param {string} design @param {string} views @param {string} picture @param {string} told */
    #show(view, focus, title, design, views, picture, told) {
      const at = this.#at;
      const first = at.frame.dataset.state !== "ready";
      // The box keeps the height that it has: nothing around it moves.
      if (first && !this.hasAttribute("height")) {
        const height = this.getBoundingClientRect().height;
        if (height > 0) at.frame.style.blockSize = `${height}px`;
      }
      this.#selected = focus;
      at.live.setAttribute("aria-label", title);
      at.title.textContent = title;
      const tabs = views.split(",").map((one) => one.split("="));
      become(at.views, built(tabs.flatMap(([id, name]) => ["<button", "class=chip", "type=button", `data-view=${id}`, `aria-pressed=${id === view}`, `"${name}`, ">"]).join("\n")));
      if (at.view.dataset.view !== view) {
        at.view.scrollTop = 0;
        // Where the views are a row that scrolls, the one that is shown stands in it.
        const tab = /** @type {HTMLElement | null} */ (at.views.querySelector('[aria-pressed="true"]'));
        if (tab) at.views.scrollLeft = tab.offsetLeft - at.views.offsetLeft - 40;
      }
      at.view.dataset.view = view;
      become(at.view, built(picture));
      become(at.sheet, built(told));
      at.sheet.hidden = !told;
      if (told) {
        const close = document.createElement("button");
        close.className = "quiet close";
        close.type = "button";
        close.dataset.choose = "";
        close.setAttribute("aria-label", "Close");
        close.textContent = "×";
        at.sheet.prepend(close);
      }
      at.message.textContent = "";
      at.frame.dataset.state = "ready";
      this.#reach();
      if (first) this.#say("ready", { view, focus, title, design });
      const verdict = /** @type {HTMLElement | null} */ (view === "handshake" ? at.view.querySelector(".verdict") : null);
      if (verdict) {
        const connection = focus.replace(/^connection:|\?.*$/g, "");
        this.#say("verify", { connection, fault: this.getAttribute("fault") ?? "", holds: verdict.classList.contains("pass"), message: verdict.textContent ?? "" });
      }
    }

    /** Scrolls the picture, and nothing else, to what is selected. */
    #reach() {
      const { view } = this.#at;
      const pressed = view.querySelector('[data-walk][aria-pressed="true"]');
      if (!pressed) return;
      const [box, room] = [pressed.getBoundingClientRect(), view.getBoundingClientRect()];
      if (box.bottom > room.bottom || box.top < room.top) view.scrollTop += box.top - room.top - 24;
    }

    /** @param {string} code @param {string[]} messages */
    #fail(code, messages) {
      const at = this.#at;
      const drawn = at.frame.dataset.state === "ready";
      if (!drawn) at.frame.dataset.state = "failed";
      // Where a poster stands for the picture nobody needs to know why.
      at.message.textContent = code === "design" || code === "source" || !at.frame.hasAttribute("data-poster") ? messages.join("\n") : "";
      this.#say("error", { code, messages });
    }

    /** @param {string} name @param {object} detail */
    #say(name, detail) {
      this.dispatchEvent(new CustomEvent(name, { detail, composed: true, bubbles: name !== "error" }));
    }

    /** @param {Event} event */
    #clicked(event) {
      const from = /** @type {Element} */ (event.target);
      const button = from.closest("button");
      if (!button) return;
      const { fold, turn, view, choose, pick, go, copy, save } = button.dataset;
      const text = () => button.parentElement?.querySelector("pre")?.textContent ?? "";
      if (fold) {
        if (!this.#unfolded.delete(fold)) this.#unfolded.add(fold);
        this.#soon();
      } else if (turn) {
        this.#turned.set(turn.split(" ")[0], turn);
        this.#soon();
      } else if (view) {
        this.setAttribute("view", view);
        this.#select();
      } else if (choose !== undefined || pick !== undefined) {
        this.#choose(choose ?? pick ?? "");
      } else if (go !== undefined) {
        const address = new URLSearchParams(go);
        const design = go.replace("#", "").split("&")[0];
        if (LINK.test(design)) this.design = design;
        if (address.has("v")) this.setAttribute("view", address.get("v") ?? "");
        this.#choose(address.get("s") ?? "");
      } else if (copy) {
        this.#copy(button);
      } else if (save) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([text()], { type: "text/plain" }));
        link.download = save;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      }
    }

    /** Copies the text beside a button. @param {HTMLElement} button */
    async #copy(button) {
      const text = button.parentElement?.querySelector("pre");
      if (!text) return;
      // By the older way first: the newer is forbidden to frames, which the console would tell, and to pages without TLS.
      const selection = getSelection();
      selection?.selectAllChildren(text);
      let copied = document.execCommand("copy");
      if (!copied) copied = await navigator.clipboard?.writeText(text.textContent ?? "").then(() => true, () => false);
      // What could not be copied stays selected, for the keys that copy.
      if (copied) selection?.empty();
      const done = copied ? "Copied" : "Selected";
      const label = button.firstChild;
      const before = label?.nodeValue ?? "";
      if (!label || before === done) return;
      label.nodeValue = done;
      setTimeout(() => (label.nodeValue = before), 1_500);
    }

    /** Something was chosen of a list. @param {Event} event */
    #asked(event) {
      const from = /** @type {HTMLSelectElement} */ (event.target);
      if (from.dataset.ask !== undefined) this.#choose(from.dataset.ask + from.value);
    }

    /** Selects; an empty name clears. @param {string} name */
    #choose(name) {
      const put = (/** @type {string} */ attribute, /** @type {string | null} */ value) =>
        value ? this.setAttribute(attribute, value) : this.removeAttribute(attribute);
      const [connection, how = ""] = name.startsWith("connection:") ? name.slice("connection:".length).split("?") : [""];
      const ways = how.split("&").filter(Boolean);
      const fault = ways.find((way) => way.startsWith("fault="));
      this.#how = ways.filter((way) => way !== fault).join("&");
      put("connection", connection);
      put("fault", fault?.slice("fault=".length) ?? null);
      put("focus", connection ? null : name.replace(/^cert:/, ""));
      // What is chosen may stand on a page that a list is not turned to.
      if (name && !this.#at.view.querySelector(`[data-pick="${CSS.escape(name)}"]`)) this.#turned.clear();
      this.#soon();
      this.#select();
    }

    #select() {
      const detail = Object.fromEntries(["view", "focus", "connection", "fault"].map((name) => [name, this.getAttribute(name) ?? ""]));
      this.#say("select", detail);
    }

    #slotted() {
      const filled = (/** @type {string} */ name) => !!this.querySelector(`:scope > [slot="${name}"]`);
      this.#at.frame.toggleAttribute("data-poster", filled("poster"));
      this.#at.frame.toggleAttribute("data-fallback", filled("fallback"));
    }

    #size() {
      const height = this.getAttribute("height");
      this.#at.frame.style.blockSize = height && +height > 0 ? `${+height}px` : "";
    }

    /** As the page around is: by its `color-scheme`, and where it has none, by whether its text is light. */
    #theme() {
      let theme = this.getAttribute("theme") ?? "auto";
      if (theme !== "light" && theme !== "dark") {
        theme = "";
        const { color, colorScheme } = getComputedStyle(this);
        if (colorScheme === "normal") {
          const [red, green, blue] = (color.match(/[\d.]+/g) ?? []).map(Number);
          theme = red * 0.3 + green * 0.59 + blue * 0.11 > 140 ? "dark" : "light";
        }
      }
      this.#at.live.dataset.theme = theme;
    }
  };

  for (const { name, property, values, without = values?.[0] ?? "" } of ATTRIBUTES) {
    if (property in KubePki.prototype) continue;
    Object.defineProperty(KubePki.prototype, property, {
      configurable: true,
      enumerable: true,
      get() {
        const value = this.getAttribute(name);
        return value !== null && (!values || values.includes(value)) ? value : without;
      },
      set(value) {
        if (value === null || value === undefined || value === "") this.removeAttribute(name);
        else this.setAttribute(name, String(value));
      },
    });
  }
  return KubePki;
}
