import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../src/log.js';
import { systemRuntime } from '../../src/runtime.js';
import { sambaAvailable } from '../directories/active-directory/available.js';
import { startAppIn, startWorld } from '../world/start.js';
import { EverythingDrill } from './everything/scenario.js';
import { Drill, type DrillReport } from './scenario.js';
import type { Moment } from './timeline.js';

const line = ({ at_ms: at, what }: Moment): string => `  ${(at / 1000).toFixed(2).padStart(7)} s  ${what}\n`;
const seconds = (ms: number | null): string => (ms === null ? 'never' : `${(ms / 1000).toFixed(2)} s`);

function summary(report: DrillReport): string {
  const verdict = report.ok
    ? 'Everything was verified.'
    : `NOT everything was verified:\n${report.problems.map((one) => `  - ${one}`).join('\n')}`;
  return `
  notice to direct message   ${seconds(report.notice_to_dm_ms)}
  report to thread           ${seconds(report.report_to_thread_ms)}
  click to effect            ${seconds(report.click_to_effect_ms)}
  click to verified          ${seconds(report.click_to_verified_ms)}

${verdict}
`;
}

export type Scenario = 'journey' | 'everything';

/** Plays the drill in a folder of its own and removes it. */
async function play({ scenario, withAd }: DrillFlags, say: (moment: Moment) => void): Promise<DrillReport> {
  const dataDir = mkdtempSync(join(tmpdir(), 'notme-drill-'));
  const runtime = systemRuntime();
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY });
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
      });
      try {
        const drill = scenario === 'everything' ? EverythingDrill : Drill;
        return await new drill(world, app, say).play();
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

export interface DrillFlags {
  readonly scenario: Scenario;
  readonly json: boolean;
  readonly withAd: boolean;
}

function opening({ scenario, withAd }: DrillFlags): string {
  if (scenario === 'journey')
    return `A drill: one incident, played without a person${withAd ? ', with Active Directory' : ''}.`;
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
  const report = await play(plan, (moment) => out.write(line(moment)));
  out.write(summary(report));
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  if (!report.ok) process.exitCode = 1;
}
