import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
};

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

/** Beside the sources and beside a build alike. */
const ROOT = fileURLToPath(new URL('../../page/', import.meta.url));

/** The library that draws the page, as its package publishes it for browsers: no build, and no copy of it here. */
const require = createRequire(import.meta.url);
const PREACT = require.resolve('preact');

function fileOf(path: string): string | null {
  if (path === 'preact.js') return PREACT;
  const file = normalize(join(ROOT, path));
  return file.startsWith(ROOT) && !file.endsWith(sep) ? file : null;
}

async function readAsset(path: string): Promise<Buffer | null> {
  const file = fileOf(path);
  if (file === null) return null;
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')) return null;
    throw error;
  }
}

/** Serves one file of the page; `/` is index.html. */
export async function servePage(response: ServerResponse, path: string): Promise<void> {
  const name = path === '/' ? 'index.html' : path.slice(1);
  const asset = await readAsset(decodeURIComponent(name));
  if (!asset) {
    response.writeHead(404, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('Nothing is here. The page is at / and the control API at /control/state.\n');
    return;
  }
  response.writeHead(200, { ...HEADERS, 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' });
  response.end(asset);
}
