import type { Person } from './company.js';
import type { Measured, MeasureAsk } from './messages.js';
import type { BenchPlayer } from './player.js';
import { processorMs } from './processor-time.js';
import type { Screen } from './screen.js';
import { inLanes, sum } from './statistics.js';

/** Between two operations that are measured one at a time. */
const REST_MS = 40;
const SETTLE_MS = 400;
const REASON = 'The person did not do it';

interface Stage {
  readonly player: BenchPlayer;
  readonly screen: Screen;
  readonly people: readonly Person[];
}

/** The person and whoever decides about them: the next in the row, so that nobody decides about themselves. */
interface Case {
  readonly person: Person;
  readonly approver: Person;
}

interface Groups {
  readonly warmUp: readonly Case[];
  readonly alone: readonly Case[];
  readonly together: readonly Case[];
}

function groupsOf(people: readonly Person[], { warmUp, alone, together }: MeasureAsk): Groups {
  const cases = people.map((person, index): Case => {
    const approver = people[(index + 1) % people.length];
    if (!approver) throw new Error('a company needs people');
    return { person, approver };
  });
  return {
    warmUp: cases.slice(0, warmUp),
    alone: cases.slice(warmUp, warmUp + alone),
    together: cases.slice(warmUp + alone, warmUp + alone + together),
  };
}

/** Measures one bot: first one operation at a time, then many at once. */
export async function play(stage: Stage, asked: MeasureAsk): Promise<Measured[]> {
  const groups = groupsOf(stage.people, asked);
  const reports = asked.what === 'app' ? await playReports(stage, groups, asked) : null;
  const decisions = await playDecisions(stage, reports?.groups ?? groups, asked);
  return [
    {
      concurrency: 1,
      ...decisions.alone,
      reportToThread: reports?.alone ?? [],
      reportsPerSecond: reports ? rate(reports.alone) : null,
    },
    {
      concurrency: asked.concurrency,
      ...decisions.together,
      reportToThread: reports?.together ?? [],
      reportsPerSecond: reports?.perSecond ?? null,
    },
  ];
}

/** How many a second fit one after the other. */
const rate = (samples: readonly number[]): number => (samples.length * 1000) / sum(samples);

interface Reports {
  readonly alone: number[];
  readonly together: number[];
  readonly perSecond: number;
  /** Those whose incident is open: a slow machine opens fewer. */
  readonly groups: Groups;
}

async function playReports({ player, screen }: Stage, groups: Groups, asked: MeasureAsk): Promise<Reports> {
  const everybody = [...groups.warmUp, ...groups.alone, ...groups.together];
  const dms = new Map<number, string>();
  for (const { person } of everybody) dms.set(person.index, await player.openDm(person));
  const report = async ({ person }: Case, into: number[]): Promise<void> => {
    const start = performance.now();
    await player.report(person, dms.get(person.index) ?? '');
    into.push((await screen.until('card', person.index)) - start);
  };
  const [alone, together]: [number[], number[]] = [[], []];
  const forMs = asked.partMs;
  const warm = await inLanes(groups.warmUp, { lanes: 4, forMs }, (one) => report(one, []));
  await screen.quiet(SETTLE_MS);
  const single = await inLanes(groups.alone, { lanes: 1, forMs }, async (one) => {
    await report(one, alone);
    await screen.until('accounts', one.person.index);
    await screen.quiet(REST_MS);
  });
  const start = performance.now();
  const many = await inLanes(groups.together, { lanes: asked.concurrency, forMs }, (one) => report(one, together));
  const seconds = (performance.now() - start) / 1000;
  for (const { person } of [...warm, ...single, ...many]) await screen.until('accounts', person.index);
  await screen.quiet(SETTLE_MS);
  return {
    alone,
    together,
    perSecond: together.length / seconds,
    groups: { warmUp: warm, alone: single, together: many },
  };
}

type Decisions = Pick<
  Measured,
  'clickToEffect' | 'clickToResult' | 'decisionsPerSecond' | 'lateAcks' | 'cpuMsPerDecision'
>;

async function playDecisions(
  stage: Stage,
  groups: Groups,
  asked: MeasureAsk,
): Promise<{ alone: Decisions; together: Decisions }> {
  await decideAll(stage, asked, groups.warmUp, 4);
  const alone = await decideAll(stage, asked, groups.alone, 1);
  const together = await decideAll(stage, asked, groups.together, asked.concurrency);
  return { alone, together };
}

/** Opens every modal first; measured is what follows the submit. */
async function decideAll(
  { player, screen }: Stage,
  asked: MeasureAsk,
  cases: readonly Case[],
  lanes: number,
): Promise<Decisions> {
  const places = player.buttons(asked.what === 'app' ? 'incident_action.reset_password' : 'floor_open');
  const views = new Map<number, string>();
  const opened = await inLanes(cases, { lanes: 4, forMs: asked.partMs }, async ({ person, approver }) => {
    const [first] = places.keys();
    const ts = asked.what === 'app' ? screen.cardOf(person.index) : (first ?? '');
    const place = places.get(ts);
    if (!place) throw new Error(`the card of ${person.name} has no button to reset the password`);
    views.set(person.index, await player.openModal(approver, ts, place));
  });
  await screen.quiet(SETTLE_MS);
  const [effects, results]: [number[], number[]] = [[], []];
  const spentBefore = await processorMs(asked.botPid);
  const began = performance.now();
  let lateAcks = 0;
  const done = await inLanes(opened, { lanes, forMs: asked.partMs }, async ({ person, approver }) => {
    const start = performance.now();
    const texts = asked.what === 'app' ? { reason: REASON } : { person: person.email };
    if (!(await player.submit(approver, views.get(person.index) ?? '', texts))) lateAcks += 1;
    effects.push((await screen.until('effect', person.index)) - start);
    results.push((await screen.until('result', person.index)) - start);
    if (lanes === 1) await screen.quiet(REST_MS);
  });
  const seconds = (performance.now() - began) / 1000;
  // What a decision still sets off after its result belongs to its cost.
  await screen.quiet(SETTLE_MS);
  const spent = await processorMs(asked.botPid);
  return {
    cpuMsPerDecision: spent === null || spentBefore === null ? null : (spent - spentBefore) / done.length,
    clickToEffect: effects,
    clickToResult: results,
    decisionsPerSecond: lanes === 1 ? rate(results) : done.length / seconds,
    lateAcks,
  };
}
