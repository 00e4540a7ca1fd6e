import type { Say } from '../../src/texts/say.js';
import { ticksOf } from './axis.js';
import { type Lane, type Lanes, lanesOf } from './lanes.js';
import { COLOURS, type Ending, endingOf, type Kind, markAt, type Placed, stack } from './marks.js';
import { hasPlausibleTime, type SignIn, type SignInStory, type Span } from './sign-in.js';
import { cutToWidth, MAIN_FONT, plainLine, svgText, textWidth } from './text.js';
import { altText, laneDetail, laneName, saySignIns, sayPlaces } from './words.js';
import { knownZone, sayWall, sayZone, wallTime } from './zone.js';

/** The picture as SVG text, and in words. */
export interface Drawing {
  readonly svg: string;
  readonly alt: string;
}

const WIDTH = 1200;
const EDGE = 28;
const PLOT = { left: 364, right: 1044, top: 168 };
const MOST_MARKS = 500;

/** Everything that the parts of one picture are drawn from. */
interface Layout {
  readonly say: Say;
  readonly story: SignInStory;
  /** In order of time. */
  readonly signIns: readonly SignIn[];
  readonly lanes: Lanes;
  readonly span: Span;
  readonly rowHeight: number;
  /** The lower edge of the lowest lane. */
  readonly bottom: number;
  readonly xOf: (instant: number) => number;
}

function spanOf({ now, opened, timeZone }: SignInStory, signIns: readonly SignIn[]): Span {
  const others = [now, opened].filter(hasPlausibleTime);
  const times = [signIns.at(0)?.at, signIns.at(-1)?.at, ...others].flatMap((at) => (at ? [at.getTime()] : []));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const air = Math.max((last - first) * 0.03, 10 * 60_000);
  return { from: first - air, to: last + air, timeZone: knownZone(timeZone) };
}

function layoutOf(story: SignInStory, signIns: readonly SignIn[], say: Say): Layout {
  const lanes = lanesOf(signIns);
  const span = spanOf(story, signIns);
  const rowHeight = Math.max(52, Math.min(96, Math.floor(400 / lanes.shown.length)));
  const scale = (PLOT.right - PLOT.left) / (span.to - span.from);
  return {
    say,
    story,
    signIns,
    lanes,
    span,
    rowHeight,
    bottom: PLOT.top + rowHeight * lanes.shown.length,
    xOf: (instant) => PLOT.left + (instant - span.from) * scale,
  };
}

const line = (from: [number, number], to: [number, number], look: string): string =>
  `<line x1="${from[0].toFixed(1)}" y1="${from[1]}" x2="${to[0].toFixed(1)}" y2="${to[1]}" ${look}/>`;

function drawHead({ say, story, signIns, lanes, span }: Layout): string[] {
  const odd = signIns.filter((signIn) => signIn.odd).length;
  const failed = signIns.filter(({ succeeded }) => succeeded === false).length;
  const title = { size: 38, bold: true, colour: COLOURS.ink };
  const counts = { size: 30, colour: COLOURS.ink };
  const all = sayPlaces(say, signIns.length, lanes.shown.length + lanes.rest.length);
  const texts = [
    { text: all, look: counts },
    ...(odd > 0
      ? [{ text: say('picture.unusual', { count: odd }), look: { ...counts, bold: true, colour: COLOURS.odd } }]
      : []),
    ...(failed > 0 ? [{ text: say('picture.failed', { count: failed }), look: counts }] : []),
  ];
  let x = EDGE;
  const said = texts.map(({ text, look }) => {
    const drawn = svgText(x, 102, text, look);
    x += textWidth(text, look) + 28;
    return drawn;
  });
  const zone = say('picture.zone', { zone: sayZone(span) });
  return [
    svgText(EDGE, 56, cutToWidth(plainLine(story.title), WIDTH - 2 * EDGE, title), title),
    ...said,
    svgText(WIDTH - EDGE, 102, zone, { size: 22, colour: COLOURS.quiet, anchor: 'end' }),
  ];
}

function drawAxis({ span, bottom, xOf }: Layout): string[] {
  const label = { size: 26, colour: COLOURS.ink, anchor: 'middle' } as const;
  const below = { size: 24, colour: COLOURS.quiet, anchor: 'middle' } as const;
  const ticks = ticksOf(span).map((tick) => ({ ...tick, x: xOf(tick.at) }));
  return ticks.flatMap((tick, index) => {
    // The day of the first mark is dropped when the next day begins soon after it.
    const next = ticks.slice(index + 1).find((later) => later.below !== '');
    const fits = next === undefined || next.x - tick.x > textWidth(tick.below, below) + 12;
    return [
      line([tick.x, PLOT.top], [tick.x, bottom + 8], `stroke="${COLOURS.line}" stroke-width="2"`),
      svgText(tick.x, bottom + 36, tick.label, label),
      ...(tick.below !== '' && fits ? [svgText(tick.x, bottom + 66, tick.below, below)] : []),
    ];
  });
}

function drawReport({ say, story, span, bottom, xOf }: Layout): string[] {
  if (!hasPlausibleTime(story.opened)) return [];
  const opened = story.opened.getTime();
  const x = xOf(opened);
  const look = { size: 26, bold: true, colour: COLOURS.report };
  const text = say('picture.reported', { clock: sayWall.clock(wallTime(opened, span.timeZone)) });
  const half = textWidth(text, look) / 2;
  const middle = Math.min(Math.max(x, EDGE + half), WIDTH - EDGE - half);
  return [
    line(
      [x, PLOT.top - 16],
      [x, bottom + 8],
      `class="report" stroke="${COLOURS.report}" stroke-width="4" stroke-dasharray="10 7"`,
    ),
    `<path d="M${x.toFixed(1)} ${PLOT.top - 4}l-11 -16h22z" fill="${COLOURS.report}"/>`,
    svgText(middle, PLOT.top - 28, text, { ...look, anchor: 'middle' }),
  ];
}

/** Beside the lane: how many sign-ins, and what matters most about them. */
function drawLaneCount({ say, rowHeight }: Layout, lane: Lane, middle: number): string[] {
  const colour = lane.mood === 'new' ? COLOURS.odd : COLOURS.ink;
  const notes = [
    ...(lane.mood === 'mixed'
      ? [{ text: say('picture.unusual', { count: lane.odd }), look: { size: 21, bold: true, colour: COLOURS.odd } }]
      : []),
    ...(lane.failed > 0
      ? [{ text: say('picture.failed', { count: lane.failed }), look: { size: 21, colour: COLOURS.quiet } }]
      : []),
  ].slice(0, rowHeight < 80 ? 1 : 2);
  const x = PLOT.right + 20;
  const up = [10, -2, -14][notes.length] ?? 10;
  return [
    svgText(x, middle + up, String(lane.signIns.length), { size: rowHeight < 60 ? 26 : 30, bold: true, colour }),
    ...notes.map(({ text, look }, index) =>
      svgText(x, middle + up + 24 * (index + 1), cutToWidth(text, WIDTH - x - 4, look), look),
    ),
  ];
}

function drawLaneTexts(layout: Layout, lane: Lane, top: number): string[] {
  const { say, rowHeight } = layout;
  const isNew = lane.mood === 'new';
  const name = { size: rowHeight < 60 ? 26 : 30, bold: isNew, colour: isNew ? COLOURS.odd : COLOURS.ink };
  const small = { size: 20, colour: COLOURS.quiet };
  const detail = laneDetail(say, lane);
  const indent = lane.odd > 0 ? 34 : 0;
  const room = PLOT.left - EDGE - 12;
  const roomy = rowHeight >= 60 && detail !== '';
  const middle = top + rowHeight / 2;
  return [
    ...(lane.odd > 0 ? [markAt(EDGE + 12, middle + (roomy ? -12 : 0), { odd: true, ending: 'succeeded' })] : []),
    svgText(EDGE + indent, middle + (roomy ? -2 : 10), cutToWidth(laneName(say, lane), room - indent, name), name),
    ...(roomy ? [svgText(EDGE + indent, middle + 26, cutToWidth(detail, room - indent, small), small)] : []),
    ...drawLaneCount(layout, lane, middle),
  ];
}

function drawLaneGrounds(layout: Layout): string[] {
  return layout.lanes.shown.map(({ mood }, index) => {
    const y = PLOT.top + index * layout.rowHeight + 3;
    const colour = mood === 'new' ? COLOURS.oddLane : COLOURS.lane;
    return `<rect class="lane" x="12" y="${y}" width="${WIDTH - 24}" height="${layout.rowHeight - 6}" rx="8" fill="${colour}"/>`;
  });
}

/** The sign-ins that are drawn: all, or if there are too many the odd ones and then the newest. */
function drawnOf(signIns: readonly SignIn[]): ReadonlySet<SignIn> {
  const byWorth = signIns.toSorted(
    (one, other) => Number(other.odd) - Number(one.odd) || other.at.getTime() - one.at.getTime(),
  );
  return new Set(byWorth.slice(0, MOST_MARKS));
}

function drawMark({ kind, count, x, y }: Placed): string[] {
  if (count === 1) return [markAt(x, y, kind)];
  const colour = kind.odd ? COLOURS.odd : COLOURS.known;
  const late = x > (PLOT.left + PLOT.right) / 2;
  const label = svgText(x + (late ? -16 : 16), y + 8, `×${count}`, {
    size: 24,
    bold: true,
    colour,
    anchor: late ? 'end' : 'start',
    rim: true,
  });
  return [markAt(x, y, kind), label];
}

function drawLanes(layout: Layout): string[] {
  const drawn = drawnOf(layout.signIns);
  return layout.lanes.shown.flatMap((lane, index) => {
    const top = PLOT.top + index * layout.rowHeight;
    const placed = stack(
      lane.signIns.filter((signIn) => drawn.has(signIn)),
      (at) => layout.xOf(at.getTime()),
      { middle: top + layout.rowHeight / 2, height: layout.rowHeight },
    );
    const marks = placed.flatMap(drawMark);
    return [...drawLaneTexts(layout, lane, top), ...marks];
  });
}

/** The marks in the picture, by meaning. */
function legendOf({ say, signIns }: Layout): { kinds: Kind[]; text: string }[] {
  const present = (ending: Ending): Kind[] =>
    [false, true]
      .filter((odd) => signIns.some((signIn) => signIn.odd === odd && endingOf(signIn) === ending))
      .map((odd) => ({ odd, ending }));
  const some = (odd: boolean): Kind[] =>
    signIns.some((signIn) => signIn.odd === odd) ? [{ odd, ending: 'succeeded' }] : [];
  return [
    { kinds: some(false), text: say('picture.legend.known') },
    { kinds: some(true), text: say('picture.legend.unusual') },
    { kinds: present('failed'), text: say('picture.legend.failed') },
    { kinds: present('untold'), text: say('picture.legend.untold') },
  ].filter(({ kinds }) => kinds.length > 0);
}

/** The lines under the axis: what there was no room for, and what the marks mean. */
function drawFoot(layout: Layout, top: number): { parts: string[]; bottom: number } {
  const { say, lanes, signIns } = layout;
  const look = { size: 26, colour: COLOURS.ink };
  const restCount = lanes.rest.reduce((sum, lane) => sum + lane.signIns.length, 0);
  const sign_ins = saySignIns(say, restCount);
  const notes = [
    ...(lanes.rest.length === 1 ? [say('picture.rest.one', { sign_ins })] : []),
    ...(lanes.rest.length > 1 ? [say('picture.rest.many', { count: lanes.rest.length, sign_ins })] : []),
    ...(signIns.length > MOST_MARKS ? [say('picture.drawn', { drawn: MOST_MARKS, count: signIns.length })] : []),
  ];
  const legendY = top + notes.length * 38 + 20;
  let x = EDGE;
  const legend = legendOf(layout).flatMap(({ kinds, text }) => {
    const marks = kinds.map((kind, index) => markAt(x + 12 + index * 28, legendY - 9, kind));
    const textX = x + 6 + kinds.length * 28;
    x = textX + textWidth(text, look) + 36;
    return [`<g class="legend">${marks.join('')}</g>`, svgText(textX, legendY, text, look)];
  });
  const parts = [...notes.map((note, index) => svgText(EDGE, top + 20 + index * 38, note, look)), ...legend];
  return { parts, bottom: legendY + 26 };
}

/** Draws sign-ins over time. Sign-ins without a plausible time are left out; `null` when none is left. */
export function drawSignIns(story: SignInStory, say: Say): Drawing | null {
  const signIns = story.signIns
    .filter(({ at }) => hasPlausibleTime(at))
    .sort((one, other) => one.at.getTime() - other.at.getTime());
  if (signIns.length === 0) return null;
  const layout = layoutOf(story, signIns, say);
  const foot = drawFoot(layout, layout.bottom + 92);
  const parts = [
    ...drawHead(layout),
    ...drawLaneGrounds(layout),
    ...drawAxis(layout),
    ...drawReport(layout),
    ...drawLanes(layout),
    ...foot.parts,
  ];
  const frame = `<rect width="${WIDTH}" height="${foot.bottom}" fill="${COLOURS.paper}"/>`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${foot.bottom}" ` +
    `viewBox="0 0 ${WIDTH} ${foot.bottom}" font-family="${MAIN_FONT}">${frame}${parts.join('')}</svg>`;
  const lanes = [...layout.lanes.shown, ...layout.lanes.rest];
  return { svg, alt: altText(say, { story, signIns, lanes, span: layout.span }) };
}
