// Pages from a folder, over plain HTTP with the policy that hosts are promised, opened in Chromium.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { given } from './bench.mjs';

const KINDS = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Hosts with this policy need no exception. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src blob: data:";

/** Serves a folder until the tests end; its address. */
export async function serve(root, after) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    try {
      const bytes = await readFile(join(root, path.endsWith('/') ? `${path}index.html` : path));
      response.writeHead(200, { 'Content-Type': KINDS[extname(path)] ?? KINDS['.html'], 'Content-Security-Policy': POLICY });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

/** A browser. Whoever asks for it closes it. */
export function browser() {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-quic'];
  return chromium.launch({ executablePath: given('KUBEPKI_CHROMIUM'), args });
}

/** Opens a page and waits for a value that it leaves under a name; with what it complained of and asked for. */
export async function left(browser, address, name) {
  const page = await browser.newPage();
  const complaints = [];
  const asked = [];
  page.on('console', (message) => message.type() !== 'log' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(address);
  let value;
  for (let waited = 0; value === undefined && complaints.length === 0 && waited < 60_000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    value = await page.evaluate((name) => globalThis[name], name);
  }
  await page.close();
  return { value, complaints, asked };
}
