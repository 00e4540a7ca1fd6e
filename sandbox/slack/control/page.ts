import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
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

/** Beside the sources, and from a build two folders deeper. */
const ROOTS = ['../page/assets/', '../../../../sandbox/slack/page/assets/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

async function readAsset(path: string): Promise<Buffer | null> {
  for (const root of ROOTS) {
    const file = normalize(join(root, path));
    if (!file.startsWith(normalize(root)) || file.endsWith(sep)) continue;
    try {
      return await readFile(file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')))
        throw error;
    }
  }
  return null;
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
