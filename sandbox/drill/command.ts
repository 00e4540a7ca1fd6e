import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrillFlags } from '../../src/main/commands/sandbox.js';
import { createLog } from '../../src/platform/log.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { jsonLine, terminalLines, terminalText } from '../../src/platform/untrusted.js';
import { sambaAvailable } from 'identity-sandbox/active-directory';
import { startAppIn, startWorld } from '../world/start.js';
import { EverythingDrill } from './everything/scenario.js';
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
  if (report.scenario === 'four-eyes') return `\n${verdict}\n`;
  return `
  notice to direct message   ${seconds(report.notice_to_dm_ms)}
  report to thread           ${seconds(report.report_to_thread_ms)}
  click to effect            ${seconds(report.click_to_effect_ms)}
  click to verified          ${seconds(report.click_to_verified_ms)}

${verdict}
`;
}

const DRILLS = { journey: Drill, everything: EverythingDrill, 'four-eyes': FourEyesDrill } as const;

/** Plays the drill in a folder of its own and removes it. */
async function play({ scenario, withAd }: DrillFlags, say: (moment: Moment) => void): Promise<DrillReport> {
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
      everySystem: scenario === 'everything',
    });
    try {
      const app = await startAppIn(world, {
        dataDir,
        runtime,
        log,
        pollSeconds: 1,
        // Soon enough for a drill: an installation looks again after minutes.
        ...(scenario === 'everything' ? { watchMinutes: [0.2] } : {}),
        ...(scenario === 'four-eyes' ? FOUR_EYES : {}),
      });
      try {
        return await new DRILLS[scenario](world, app, say).play();
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

function opening({ scenario, withAd }: DrillFlags): string {
  if (scenario === 'journey')
    return `A drill: one incident, played without a person${withAd ? ', with Active Directory' : ''}.`;
  if (scenario === 'four-eyes')
    return 'A drill: two approvers about a VIP, a break-glass and its review, played without a person.';
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
