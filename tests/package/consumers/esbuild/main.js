import { init } from 'kubepki/core';
import wasm from 'kubepki/core.wasm';
import { job } from '../job.js';
import { page } from '../page.js';

await init({ wasm: new URL(wasm, import.meta.url) });
page(job);
