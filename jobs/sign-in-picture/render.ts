import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { WIDE_FONT } from './text.js';
import { trueTypeOf } from './woff.js';

const { resolve } = createRequire(import.meta.url);
const read = async (path: string): Promise<Buffer> => readFile(resolve(path));

/** Runs once at first success: after a failure (a file missing after a broken install) the next picture tries again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    }));
}

const renderer = once(async () => {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  await initWasm(await read('@resvg/resvg-wasm/index_bg.wasm'));
  return Resvg;
});
const mainFonts = once(() =>
  Promise.all(
    ['DejaVuSansCondensed', 'DejaVuSansCondensed-Bold'].map((name) => read(`dejavu-fonts-ttf/ttf/${name}.ttf`)),
  ),
);
/**
 * Every character of the Basic Multilingual Plane, coarse. 12 MB in memory and slower to search, so it is loaded only
 * on demand.
 */
const wideFont = once(async () =>
  trueTypeOf(await read('@fontsource/unifontex/files/unifontex-latin-400-normal.woff')),
);

/**
 * Renders SVG text to a PNG of the size it names, with our own fonts: the machine's are never used. Loads the renderer
 * and the fonts at the first call. Blocks the thread for 0.03 to 0.15 s.
 * @throws when the renderer or a font is not installed
 */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const wide = svg.includes(`font-family="${WIDE_FONT}"`);
  const [Resvg, main, extra] = await Promise.all([renderer(), mainFonts(), wide ? wideFont() : null]);
  const image = new Resvg(svg, {
    font: { fontBuffers: extra ? [...main, extra] : main, defaultFontFamily: 'DejaVu Sans', defaultFontSize: 20 },
  });
  const rendered = image.render();
  try {
    return rendered.asPng();
  } finally {
    rendered.free();
    image.free();
  }
}
