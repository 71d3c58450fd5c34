import type {
  Design,
  DrawOptions,
  Drawn,
  Failure,
  Fault,
  Finding,
  GenerateOptions,
  Generated,
  Handshake,
  HandshakeOptions,
  Plan,
  Preset,
  Progress,
  ReadDesign,
  SvgOptions,
} from './types.js';

export type * from './types.js';

/** The moment that counts as now: a date, or milliseconds since 1970. The machine's clock where none is given. */
export interface Clock {
  now?: Date | number;
}

/** Why something was not done. */
export declare class KubePkiError extends Error {
  constructor(failure: Pick<Failure, 'code' | 'message'> & Partial<Failure>, options?: { cause?: unknown });
  readonly name: 'KubePkiError';
  /** What kind of failure it is. */
  readonly code: Failure['code'];
  /** Everything there is to say about the design; empty where it is not about the design. */
  readonly findings: Finding[];
}

/**
 * Loads the WebAssembly. Every function does so by itself; call this to do it early, or to say where it is: an address,
 * its bytes, or a module. What counts is the first call.
 */
export declare function init(options?: {
  wasm?: URL | string | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;
}): Promise<void>;

/** What follows from a design, before any key is made. Rejects with a `KubePkiError` when the design has errors. */
export declare function plan(design: Design | string, options?: Clock): Promise<Plan>;

/** Everything there is to say about a design, right or wrong. */
export declare function diagnose(design: Design | string, options?: Clock): Promise<Finding[]>;

/** How a run is watched and ended. */
export interface Watching {
  /** Ends the run: it rejects with the signal's reason, and what was made is wiped. */
  signal?: AbortSignal | undefined;
  /** Hears how far it is. What it throws ends the run. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Makes every key and certificate of a design, reads each back, and gives the zip, its files and what each certificate
 * says. Rests between certificates, so that a page stays alive.
 */
export declare function generate(
  design: Design | string,
  options?: GenerateOptions & Watching & Clock,
): Promise<Generated>;

/** Tries one connection of a design on sample certificates, with faults in them if any are named. */
export declare function handshake(design: Design | string, options: HandshakeOptions & Clock): Promise<Handshake>;

/** A view of a design as the text of an SVG picture. */
export declare function renderSvg(design: Design | string, options: SvgOptions & Clock): Promise<string>;

/** The presets: designs to start from. */
export declare function presets(): Promise<Preset[]>;

/** The faults that `handshake` can put in. */
export declare function faults(): Promise<Fault[]>;

/** For the `<kube-pki>` element; may change with any version. @internal */
export declare function draw(options: DrawOptions & Clock): Promise<Drawn>;

/** For the `<kube-pki>` element; may change with any version. @internal */
export declare function readDesign(design: Design | string): Promise<ReadDesign>;
