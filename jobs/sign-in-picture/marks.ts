import type { SignIn } from './sign-in.js';

/**
 * Light background, contrast of at least 4.5 to 1 against it (WCAG 2.2, 1.4.3), distinct also for red-green blindness.
 */
export const COLOURS = {
  paper: '#ffffff',
  ink: '#1d1c1d',
  quiet: '#565459',
  line: '#d9d7da',
  lane: '#f5f5f7',
  known: '#1f5fbf',
  odd: '#b3261e',
  oddLane: '#fdecea',
  report: '#1d1c1d',
} as const;

export type Ending = 'succeeded' | 'failed' | 'untold';
/** The meaning of a mark's shape. */
export interface Kind {
  readonly odd: boolean;
  readonly ending: Ending;
}

export const endingOf = ({ succeeded }: SignIn): Ending =>
  succeeded === null ? 'untold' : succeeded ? 'succeeded' : 'failed';

const triangle = (x: number, y: number, r: number): string =>
  `M${x} ${y - r}L${x + r} ${y + r * 0.8}L${x - r} ${y + r * 0.8}Z`;

/**
 * A sign-in's mark at a point: a circle for a known one, a larger triangle for an odd one; filled when it succeeded,
 * hollow when it failed, hollow with a dot when the system does not say.
 */
export function markAt(x: number, y: number, kind: Kind, size = 10): string {
  const [cx, cy] = [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
  const colour = kind.odd ? COLOURS.odd : COLOURS.known;
  const filled = kind.ending === 'succeeded';
  const look = filled
    ? `fill="${colour}" fill-opacity="0.82" stroke="${COLOURS.paper}" stroke-width="1.5"`
    : `fill="${COLOURS.paper}" fill-opacity="0.85" stroke="${colour}" stroke-width="3.5"`;
  const name = `class="mark ${kind.odd ? 'odd' : 'known'} ${kind.ending}"`;
  const outer = filled ? size : size - 1.5;
  const shape = kind.odd
    ? `<path ${name} d="${triangle(cx, cy, outer * 1.25)}" stroke-linejoin="round" ${look}/>`
    : `<circle ${name} cx="${cx}" cy="${cy}" r="${outer}" ${look}/>`;
  const dot =
    kind.ending === 'untold' ? `<circle cx="${cx}" cy="${cy + (kind.odd ? 2 : 0)}" r="3" fill="${colour}"/>` : '';
  return shape + dot;
}

/** A mark in its place; one mark may stand for several sign-ins of a kind. */
export interface Placed {
  readonly kind: Kind;
  readonly count: number;
  readonly x: number;
  readonly y: number;
}

const MARK_WIDTH = 22;
/**
 * Marks that overlap more than this cannot be counted by eye: one mark then represents all of its kind, with their
 * number.
 */
const LEAST_APART = 3.5;

const kindOf = (signIn: SignIn): Kind => ({ odd: signIn.odd, ending: endingOf(signIn) });

function gather(signIns: readonly SignIn[]): { kind: Kind; count: number; at: Date }[] {
  const byKind = new Map<string, { kind: Kind; count: number; at: Date }>();
  for (const signIn of signIns) {
    const kind = kindOf(signIn);
    const name = `${kind.ending} ${String(kind.odd)}`;
    byKind.set(name, { kind, count: (byKind.get(name)?.count ?? 0) + 1, at: signIn.at });
  }
  return [...byKind.values()];
}

/**
 * Places the marks of one lane, given in order of time, so that they can be told apart: those too close in time are
 * stacked around the middle of the lane. Odd ones come last, so that they are drawn on top.
 */
export function stack(
  signIns: readonly SignIn[],
  xOf: (at: Date) => number,
  lane: { readonly middle: number; readonly height: number },
): Placed[] {
  const columns: { x: number; signIns: SignIn[] }[] = [];
  for (const signIn of signIns) {
    const x = xOf(signIn.at);
    const column = columns.at(-1);
    if (column && x - column.x < MARK_WIDTH) column.signIns.push(signIn);
    else columns.push({ x, signIns: [signIn] });
  }
  const room = lane.height - MARK_WIDTH - 6;
  const placed = columns.flatMap(({ signIns: near }) => {
    const tooMany = near.length > 1 && room / (near.length - 1) < LEAST_APART;
    const marks = tooMany ? gather(near) : near.map((signIn) => ({ kind: kindOf(signIn), count: 1, at: signIn.at }));
    const apart = marks.length === 1 ? 0 : Math.min(MARK_WIDTH + 2, room / (marks.length - 1));
    const top = lane.middle - (apart * (marks.length - 1)) / 2;
    return marks.map(({ kind, count, at }, index) => ({ kind, count, x: xOf(at), y: top + apart * index }));
  });
  return placed.sort((one, other) => Number(one.kind.odd) - Number(other.kind.odd) || one.count - other.count);
}
