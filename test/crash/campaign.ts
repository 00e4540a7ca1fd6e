import { readFile } from 'node:fs/promises';
import { verifyChains } from '../../src/audit/verify.js';
import { compileApp } from './compile.js';
import { type MortalApp, startMortalApp } from './mortal-app.js';
import { decide, report } from './people.js';
import { planRound, type RoundPlan, sayPlan } from './plan.js';
import { openTown, type Town, type Townsman } from './town.js';
import { findFaults, untilQuiet } from './verdict.js';

const APPROVERS = 40;
/** Not every point is reached in every round: so many rounds at most for each kill that is wanted. */
const ROUNDS_PER_KILL = 1.5;

export interface CampaignOptions {
  readonly kills: number;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly seed: string;
  /** Plays this round alone. */
  readonly only?: number;
}

export interface CampaignReport {
  readonly kills: number;
  readonly rounds: number;
  /** What was wrong, each with how to play it again. */
  readonly faults: readonly string[];
}

/** Plays incident after incident, kills the app at seeded points in each, and looks whether everything happened once. */
export async function crashCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const compiled = await compileApp();
  const town = await openTown({ ...options, people: Math.ceil(options.kills * ROUNDS_PER_KILL), approvers: APPROVERS });
  try {
    const app = await startMortalApp(town, compiled.app);
    try {
      return await playRounds(options, { town, app });
    } finally {
      await app.stop();
    }
  } finally {
    await town.close();
    await compiled.remove();
  }
}

interface Stage {
  readonly town: Town;
  readonly app: MortalApp;
}

async function playRounds(options: CampaignOptions, stage: Stage): Promise<CampaignReport> {
  const { town, app } = stage;
  const faults: string[] = [];
  let played = 0;
  for (
    let index = options.only ?? 0;
    index < town.people.length && app.deaths < options.kills && faults.length === 0;
    index += 1
  ) {
    played += 1;
    const plan = planRound(options.seed, index);
    const found = await playRound(stage, index, plan);
    if (found.length > 0) {
      const log = (await readFile(app.logFile, 'utf8')).slice(-6000);
      faults.push(
        `CRASH_SEED=${options.seed} CRASH_ONLY=${String(index)} (${sayPlan(plan)}):\n${found.join('\n')}\n${log}`,
      );
    }
    if (options.only !== undefined) break;
  }
  if (faults.length > 0) return { kills: app.deaths, rounds: played, faults };
  const chains = await verifyChains(app.db);
  for (const { problem } of chains.problems) faults.push(`the record: ${problem}`);
  if (chains.incidents < played)
    faults.push(`the record holds ${String(chains.incidents)} of ${String(played)} incidents`);
  return { kills: app.deaths, rounds: played, faults };
}

async function playRound({ town, app }: Stage, index: number, plan: RoundPlan): Promise<string[]> {
  const victim = town.people[index]!;
  const cast = { town, app, victim, nextApprover: turns(town, index) };
  try {
    await app.arm(plan.kills);
    await report(cast, plan.story.begins);
    await decide(cast, plan.story.decides);
    await untilQuiet(app);
    await app.disarm();
    await untilQuiet(app);
    return await findFaults(town, app, victim, plan.story);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Each round begins with another approver: a code is accepted once. */
function turns(town: Town, index: number): () => Townsman {
  let turn = index * 3;
  return () => {
    const approver = town.approvers[turn % town.approvers.length]!;
    turn += 1;
    return approver;
  };
}

/** The same points in every run, so that a failure can be repeated; `CRASH_SEED=<anything>` explores others. */
export const campaignSeed = (): string => process.env['CRASH_SEED'] ?? '20261123';

export const campaignOnly = (): { only: number } | Record<string, never> => {
  const only = process.env['CRASH_ONLY'];
  return only === undefined ? {} : { only: Number(only) };
};
