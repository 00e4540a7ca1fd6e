/** A string as one line that is valid in XML and cannot reorder or hide its neighbours. */
export function plainLine(untrusted: string): string {
  // Direction overrides must not fool the reader of a picture; XML does not allow control characters.
  const visible = untrusted.slice(0, 300).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, ' ');
  return visible.replace(/\s+/g, ' ').trim();
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Advance widths of DejaVu Sans Condensed, space to `~`, in hundredths of the font size; from the font's `hmtx` table. */
const ASCII_WIDTHS = (
  '29 36 41 75 57 85 70 25 35 35 45 75 29 32 29 30 57 57 57 57 57 57 57 57 57 57 30 30 75 75 75 48 90 62 62 63 69 ' +
  '57 52 70 68 27 27 59 50 78 67 71 54 71 62 57 55 66 62 89 62 55 62 35 30 35 75 45 45 55 57 49 57 55 32 57 57 25 ' +
  '25 52 25 88 57 55 57 57 37 47 35 57 53 74 53 53 47 57 30 57 75'
)
  .split(' ')
  .map(Number);
const OTHER_WIDTHS = new Map([
  ['·', 29],
  ['…', 90],
]);
/** East Asian scripts and pictographs take a square. */
const SQUARE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\uff00-\uff60]/u;

/** In parts of the font size; the bold face is about a tenth wider. */
function widthOf(grapheme: string): number {
  const ascii = ASCII_WIDTHS[grapheme.charCodeAt(0) - 32];
  if (ascii !== undefined) return ascii / 100;
  if (SQUARE.test(grapheme)) return 1;
  return (OTHER_WIDTHS.get(grapheme) ?? 62) / 100;
}

export interface Look {
  readonly size: number;
  readonly bold?: boolean;
  readonly colour: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** A light outline, so that the text is readable on top of marks. */
  readonly rim?: boolean;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const graphemes = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

/** Approximate width of a drawn text, in pixels; seldom too small. */
export function textWidth(text: string, { size, bold = false }: Pick<Look, 'size' | 'bold'>): number {
  const ems = graphemes(text).reduce((sum, grapheme) => sum + widthOf(grapheme), 0);
  return ems * size * (bold ? 1.11 : 1);
}

/** Cuts a text to a width in pixels, with an ellipsis when something is lost. */
export function cutToWidth(text: string, width: number, look: Pick<Look, 'size' | 'bold'>): string {
  if (textWidth(text, look) <= width) return text;
  let left = width - textWidth('…', look);
  const kept: string[] = [];
  for (const grapheme of graphemes(text)) {
    left -= textWidth(grapheme, look);
    if (left < 0) break;
    kept.push(grapheme);
  }
  return `${kept.join('').trimEnd()}…`;
}

export const MAIN_FONT = 'DejaVu Sans';
export const WIDE_FONT = 'UnifontExMono';

/** Scripts that the main font covers fully; everything else is drawn with the font that has every character. */
const MAIN_FONT_RUN =
  /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Hebrew}\p{Script=Arabic}\p{M}\p{P}\p{Zs}\p{N}\p{Sm}\p{Sc}\p{Sk}]+/uy;

function runs(text: string): { font: string; text: string }[] {
  const found: { font: string; text: string }[] = [];
  for (let at = 0; at < text.length;) {
    MAIN_FONT_RUN.lastIndex = at;
    const main = MAIN_FONT_RUN.exec(text)?.[0];
    const run = main ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
    const font = main === undefined ? WIDE_FONT : MAIN_FONT;
    const before = found.at(-1);
    if (before?.font === font) before.text += run;
    else found.push({ font, text: run });
    at += run.length;
  }
  return found;
}

const isSquare = (run: string): boolean => graphemes(run).every((grapheme) => SQUARE.test(grapheme));

/**
 * The runs of a text as SVG. The renderer uses one font per piece of text, so a run gets its own position where its
 * width is certain: between East Asian characters, which are as wide as high.
 */
function svgRuns(x: number, text: string, look: Look): string {
  const found = runs(text);
  const apart =
    (look.anchor ?? 'start') === 'start' && found.every((run) => run.font === MAIN_FONT || isSquare(run.text));
  let left = x;
  return found
    .map((run) => {
      const main = run.font === MAIN_FONT;
      const place = apart && found.length > 1 ? ` x="${Math.round(left)}"` : '';
      // A space at the edge of a piece is not drawn, but its width counts.
      left += textWidth(run.text, main ? look : { size: look.size });
      const escaped = escapeXml(run.text);
      if (main) return place ? `<tspan${place} xml:space="preserve">${escaped}</tspan>` : escaped;
      return `<tspan${place} font-family="${run.font}" font-weight="400">${escaped}</tspan>`;
    })
    .join('');
}

/** An SVG text at its baseline. `text` may contain anything that `plainLine` lets through. */
export function svgText(x: number, y: number, text: string, look: Look): string {
  const rim = look.rim ? ' stroke="#ffffff" stroke-width="5" stroke-linejoin="round" paint-order="stroke"' : '';
  return (
    `<text x="${Math.round(x)}" y="${Math.round(y)}" font-size="${look.size}" fill="${look.colour}" ` +
    `font-weight="${look.bold ? 700 : 400}" text-anchor="${look.anchor ?? 'start'}"${rim}>${svgRuns(x, text, look)}</text>`
  );
}
