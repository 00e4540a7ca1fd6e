import { Driver } from './drive.js';
import { expectedIn, FAMILIES, FAMILY_NAMES, type FamilyName, type MatrixCell, tryCell } from './families.js';
import { judge, type Verdict } from './judge.js';
import { STATE_NAMES } from './states.js';
import { World } from './world.js';

export interface Finding extends MatrixCell, Verdict {}

export interface Outcome {
  readonly cells: number;
  readonly tried: number;
  readonly refused: number;
  readonly allowed: number;
  readonly forbidden_effects: number;
  readonly missing_effects: number;
  readonly unrecorded_refusals: number;
}

/** What waits in the queue has states of its own, after all others. */
const placeOf = ({ state }: MatrixCell): number => {
  const place = (STATE_NAMES as readonly string[]).indexOf(state);
  return place < 0 ? STATE_NAMES.length : place;
};

/** State by state, so that one is put back as a whole only once. */
const inOrder = (cells: readonly MatrixCell[]): readonly MatrixCell[] =>
  cells.toSorted((a, b) => placeOf(a) - placeOf(b));

export const everyCell = (): readonly MatrixCell[] => inOrder(FAMILY_NAMES.flatMap((name) => FAMILIES[name].cells));

/** So many of each kind. */
export const sampleOfEach = (sizes: Readonly<Record<FamilyName, number>>, seed: string): readonly MatrixCell[] =>
  inOrder(FAMILY_NAMES.flatMap((name) => sampleOf(FAMILIES[name].cells, { size: sizes[name], seed })));

export const isPossible = (cell: MatrixCell): boolean => expectedIn(cell).kind !== 'impossible';

/** The same cells for the same seed: each by a digest of its place, so that a new interaction moves none of the others. */
function sampleOf(cells: readonly MatrixCell[], { size, seed }: { size: number; seed: string }) {
  const placed = cells.map((cell) => [hash(`${seed} ${cell.interaction} ${cell.role} ${cell.state}`), cell] as const);
  const chosen = new Set(
    placed
      .toSorted(([a], [b]) => a - b)
      .slice(0, size)
      .map(([, cell]) => cell),
  );
  return cells.filter((cell) => chosen.has(cell));
}

/** FNV-1a. */
function hash(words: string): number {
  let value = 0x811c9dc5;
  for (const sign of words) value = Math.imul(value ^ (sign.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}

/** Tries the cells one after the other in one world. */
export async function tryCells(
  cells: readonly MatrixCell[],
  onState: (state: string) => void = () => undefined,
): Promise<{
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  readonly registered: ReadonlySet<string>;
}> {
  const world = await World.open();
  try {
    const driver = new Driver(world);
    const findings: Finding[] = [];
    const counted = { refused: 0, allowed: 0 };
    let last: string | null = null;
    for (const cell of cells.filter(isPossible)) {
      if (cell.state !== last) onState((last = cell.state));
      const expected = expectedIn(cell);
      if (expected.kind === 'impossible') continue;
      counted[expected.kind === 'allowed' ? 'allowed' : 'refused'] += 1;
      const verdict = judge(expected, await tryCell(driver, cell));
      if (verdict.forbidden.length > 0 || verdict.missing.length > 0 || verdict.unrecorded)
        findings.push({ ...cell, ...verdict });
    }
    const outcome = {
      cells: cells.length,
      tried: counted.refused + counted.allowed,
      ...counted,
      forbidden_effects: findings.filter(({ forbidden }) => forbidden.length > 0).length,
      missing_effects: findings.filter(({ missing }) => missing.length > 0).length,
      unrecorded_refusals: findings.filter(({ unrecorded }) => unrecorded).length,
    };
    return { outcome, findings, registered: world.registered };
  } finally {
    await world.close();
  }
}
