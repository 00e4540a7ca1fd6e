import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrillFlags } from '../../src/main/commands/sandbox.js';
import { createLog } from '../../src/platform/log.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { jsonLine, terminalLines, terminalText } from '../../src/platform/untrusted.js';
import { sambaAvailable } from 'identity-sandbox/active-directory';
import { startAppIn, startWorld } from '../world/start.js';
import type { World } from '../world/world.js';
import type { Notme } from '../../src/main/app.js';
import { EverythingDrill } from './everything/scenario.js';
import { DoubtfulDrill, type DoubtfulReport, ROUNDS } from './doubtful/scenario.js';
import { FOUR_EYES, FourEyesDrill } from './four-eyes.js';
import { Drill, type DrillReport } from './scenario.js';
import type { Moment } from './timeline.js';

const line = ({ at_ms: at, what }: Moment): string =>
  terminalLines([`  ${(at / 1000).toFixed(2).padStart(7)} s  ${what}`]);
const seconds = (ms: number | null): string => (ms === null ? 'never' : `${(ms / 1000).toFixed(2)} s`);

function summary(report: DrillReport): string {
  const verdict = report.ok
    ? 'Everything was verified.'
    : `NOT everything was verified:\n${report.problems.map((one) => `  - ${one}`).join('\n')}`;
  if (report.click_to_verified_ms === null && report.notice_to_dm_ms === null) return `\n${verdict}\n`;
  return `
  notice to direct message   ${seconds(report.notice_to_dm_ms)}
  report to thread           ${seconds(report.report_to_thread_ms)}
  click to effect            ${seconds(report.click_to_effect_ms)}
  click to verified          ${seconds(report.click_to_verified_ms)}

${verdict}
`;
}

type Say = (moment: Moment) => void;
type Played = (world: World, app: Notme, say: Say) => Promise<DrillReport>;

/** A drill, in the world that it needs. */
interface Staging {
  readonly everySystem: boolean;
  readonly app?: Partial<Parameters<typeof startAppIn>[1]>;
  readonly play: Played;
}

const doubtful = (round: number): Staging => ({
  everySystem: true,
  app: { watchMinutes: [] },
  play: (world, app, say) => new DoubtfulDrill(world, app, say, ROUNDS[round] ?? ROUNDS[0]).play(),
});

const STAGINGS: Readonly<Record<DrillFlags['scenario'], readonly Staging[]>> = {
  journey: [{ everySystem: false, play: (world, app, say) => new Drill(world, app, say).play() }],
  everything: [
    {
      everySystem: true,
      // Soon enough for a drill: an installation looks again after minutes.
      app: { watchMinutes: [0.2] },
      play: (world, app, say) => new EverythingDrill(world, app, say).play(),
    },
  ],
  'four-eyes': [
    { everySystem: false, app: FOUR_EYES, play: (world, app, say) => new FourEyesDrill(world, app, say).play() },
  ],
  doubtful: ROUNDS.map((_troubles, round) => doubtful(round)),
};

/** Plays the drill in a folder of its own and removes it. */
async function playIn(staging: Staging, withAd: boolean, say: Say): Promise<DrillReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'notme-drill-'));
  const runtime = systemRuntime();
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY, beside: true });
  try {
    const world = await startWorld({
      dataDir,
      runtime,
      port: 0,
      page: false,
      keep: false,
      withActiveDirectory: withAd,
      everySystem: staging.everySystem,
    });
    try {
      const app = await startAppIn(world, { dataDir, runtime, log, pollSeconds: 1, ...staging.app });
      try {
        return await staging.play(world, app, say);
      } finally {
        await app.stop();
      }
    } finally {
      await world.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const linesOf = (report: DrillReport): DoubtfulReport['lines'] =>
  'lines' in report ? (report as DoubtfulReport).lines : [];

/** A drill of several rounds is well when each is. */
function together(first: DrillReport, ...others: readonly DrillReport[]): DrillReport {
  if (others.length === 0) return first;
  const all = [first, ...others];
  const whole: DoubtfulReport = {
    ...first,
    ok: all.every(({ ok }) => ok),
    timeline: all.flatMap(({ timeline }) => timeline),
    problems: all.flatMap(({ problems }) => problems),
    lines: all.flatMap(linesOf),
  };
  return whole;
}

async function play({ scenario, withAd }: DrillFlags, say: Say): Promise<DrillReport> {
  const reports: DrillReport[] = [];
  for (const staging of STAGINGS[scenario]) reports.push(await playIn(staging, withAd, say));
  const [first, ...others] = reports;
  if (first === undefined) throw new Error(`There is nothing to play in ${scenario}`);
  return together(first, ...others);
}

function opening({ scenario, withAd }: DrillFlags): string {
  if (scenario === 'journey')
    return `A drill: one incident, played without a person${withAd ? ', with Active Directory' : ''}.`;
  if (scenario === 'four-eyes')
    return 'A drill: two approvers about a VIP, a break-glass and its review, played without a person.';
  if (scenario === 'doubtful')
    return 'A drill: an incident in every system, twice, while each answers in a way that invites to claim too much.';
  const domain = withAd
    ? ''
    : " Active Directory is left out: it needs root and Debian's samba packages (README), which are not all here.";
  return `A drill: one person with an account in every system, one incident, played without a person.${domain}`;
}

/** `notme drill`: exit status 0 only when everything was verified. */
export async function drillCommand(flags: DrillFlags): Promise<void> {
  const { json, scenario } = flags;
  const plan = { ...flags, withAd: flags.withAd || (scenario === 'everything' && sambaAvailable()) };
  const out = json ? process.stderr : process.stdout;
  out.write(`\n${opening(plan)}\n\n`);
  const report = await (json ? answered(playing(plan, out)) : playing(plan, out));
  if (json) process.stdout.write(jsonLine(report));
  if (!report.ok) process.exitCode = 1;
}

async function playing(plan: DrillFlags, out: NodeJS.WriteStream): Promise<DrillReport> {
  const report = await play(plan, (moment) => out.write(line(moment)));
  out.write(terminalText(summary(report)));
  return report;
}

/** Whoever reads the answer gets one in any case: what kept the drill from ending is its problem. */
async function answered(report: Promise<DrillReport>): Promise<Pick<DrillReport, 'ok' | 'problems'>> {
  try {
    return await report;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    process.stderr.write(`\nThe drill could not be played to its end: ${problem}\n`);
    return { ok: false, problems: [problem] };
  }
}
