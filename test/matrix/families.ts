import type { Driver, Seen } from './drive.js';
import { type Expected, expectedOf } from './expected.js';
import { INTERACTIONS } from './interactions.js';
import { expectedOfJob } from './job-expected.js';
import { GROUNDS } from './grounds.js';
import { deciderOf, JOB_NAMES, tryJob } from './jobs.js';
import { expectedOfPage } from './page-expected.js';
import { PARALLEL_CELLS, tryParallel } from './parallel.js';
import { expectedOfParallel } from './parallel-expected.js';
import { PAGE_ROLES, PAGE_NAMES, statesOf, tryPage } from './pages.js';
import { ROLE_NAMES, type RoleName } from './roles.js';
import { STATE_NAMES, type StateName } from './states.js';

export interface MatrixCell {
  readonly interaction: string;
  readonly role: RoleName;
  readonly state: string;
}

/** Cells of one kind: which there are, what each may do, and how it is tried. */
interface Family {
  readonly cells: readonly MatrixCell[];
  readonly expected: (cell: MatrixCell) => Expected;
  readonly try: (driver: Driver, cell: MatrixCell) => Promise<Seen>;
}

const isState = (state: string): state is StateName => (STATE_NAMES as readonly string[]).includes(state);
function stateOf({ state }: MatrixCell): StateName {
  if (!isState(state)) throw new Error(`${state} is no state of an incident`);
  return state;
}

/** Whatever is sent through Slack. */
const DELIVERIES: Family = {
  cells: STATE_NAMES.flatMap((state) =>
    [...INTERACTIONS.keys()].flatMap((interaction) => ROLE_NAMES.map((role) => ({ interaction, role, state }))),
  ),
  expected: ({ interaction, role, state }) => expectedOf(interaction, role, state),
  try: (driver, cell) => driver.try(cell.interaction, cell.role, stateOf(cell)),
};

/** Whatever is done with a link outside Slack. */
const PAGES: Family = {
  cells: PAGE_NAMES.flatMap((interaction) =>
    statesOf(interaction).flatMap((state) => PAGE_ROLES.map((role) => ({ interaction, role, state }))),
  ),
  expected: ({ interaction, role, state }) => expectedOfPage(interaction, role, state),
  try: (driver, cell) => tryPage(driver, cell.interaction, cell.role, stateOf(cell)),
};

/** Whatever waits in the queue while something changes. */
const JOBS: Family = {
  cells: JOB_NAMES.flatMap((interaction) =>
    Object.keys(GROUNDS).map((state) => ({ interaction, role: deciderOf(interaction), state })),
  ),
  expected: ({ interaction, state }) => expectedOfJob(interaction, state),
  try: (driver, { interaction, state }) => tryJob(driver, interaction, state),
};

/** Whatever changes something, two times at once. */
const PARALLEL: Family = {
  cells: PARALLEL_CELLS,
  expected: ({ interaction }) => expectedOfParallel(interaction),
  try: (driver, cell) => tryParallel(driver, cell.interaction, cell.role, stateOf(cell)),
};

export const FAMILIES = {
  deliveries: DELIVERIES,
  pages: PAGES,
  jobs: JOBS,
  parallel: PARALLEL,
} as const satisfies Readonly<Record<string, Family>>;
export type FamilyName = keyof typeof FAMILIES;
export const FAMILY_NAMES = Object.keys(FAMILIES) as readonly FamilyName[];

const BEGINNINGS: Readonly<Record<string, Family>> = {
  page: PAGES,
  job: JOBS,
  twice: PARALLEL,
  two: PARALLEL,
};
const familyOf = ({ interaction }: MatrixCell): Family => BEGINNINGS[interaction.split(' ', 1)[0] ?? ''] ?? DELIVERIES;

export const expectedIn = (cell: MatrixCell): Expected => familyOf(cell).expected(cell);
export const tryCell = (driver: Driver, cell: MatrixCell): Promise<Seen> => familyOf(cell).try(driver, cell);
