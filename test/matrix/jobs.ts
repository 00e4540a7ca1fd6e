import { runStep } from '../../jobs/run-step/run-step.js';
import { commands } from '../../src/approvals/commands/index.js';
import { stepsOf } from '../../src/incidents/steps.js';
import { LeaseLostError, type WorkName } from '../../src/outbox/outbox.js';
import { DECISION_KINDS, type DecisionKind } from '../../src/ports/decision-kinds.js';
import { claim, runOnce, takeOver } from '../runs.js';
import type { Driver, Queue, Seen } from './drive.js';
import { GROUNDS } from './grounds.js';
import { ACTORS, type RoleName } from './roles.js';
import { decide, done, link, ORIGIN, populate, report, save, undo } from './states.js';
import type { World } from './world.js';

/** Which kinds of work change anything in an identity system: a new kind is asked for here. */
const REACHES: Readonly<Record<WorkName, boolean>> = {
  run_step: true,
  sync_incident: false,
  deliver_notice: false,
  take_report: false,
  tell_unanswered: false,
  redraw_unanswered: false,
  tell_mail_trouble: false,
  read_accounts: false,
  show_lockdown: false,
  collect_evidence: false,
  watch_step: false,
  examine_systems: false,
  rescan: false,
  call_again: false,
  post_checkpoint: false,
  announce: false,
  mind_waiting: false,
  mind_review: false,
  remember_accounts: false,
  tell_withheld: false,
  check_channel: false,
};
const REACHING = Object.entries(REACHES).flatMap(([name, reaches]) => (reaches ? [name] : []));

const VICTIM = ACTORS.reporter;

const decided =
  (action: DecisionKind, breakGlass = '') =>
  (world: World, incident: string): Promise<unknown> =>
    decide(world, incident, action, { runs: false, breakGlass });

/** What leaves a step in the queue, by what was decided. */
const QUEUES: Readonly<Record<string, (world: World, incident: string) => Promise<unknown>>> = {
  ...Object.fromEntries(DECISION_KINDS.map((kind) => [kind, decided(kind)])),
  undo: async (world, incident) => {
    await decide(world, incident, 'disable_account', { runs: true });
    await undo(world, incident);
  },
  'enable_account by break-glass': decided('enable_account', 'nobody else of us can be reached tonight'),
  hold: ({ core }, incidentId) => done(commands.holdOwn(core, { incidentId, actor: VICTIM.id, origin: ORIGIN })),
};

export const JOB_NAMES: readonly string[] = REACHING.flatMap((work) =>
  Object.keys(QUEUES).map((kind) => `job ${work}: ${kind}`),
);
const kindOf = (interaction: string): string => interaction.replace(/^job [^:]+: /, '');

/** Whose decision it is. */
export const deciderOf = (interaction: string): RoleName => (kindOf(interaction) === 'hold' ? 'reporter' : 'approver');

/** An incident with something in the queue, made once for each kind. */
async function queueOf(driver: Driver, kind: string): Promise<Queue> {
  const known = driver.queues.get(kind);
  if (known) {
    await driver.restored(known.state);
    return known;
  }
  const { world } = driver;
  const queue = QUEUES[kind];
  if (!queue) throw new Error(`nobody knows how to queue ${kind}`);
  await world.tables.empty();
  await populate(world);
  const person = await save(world, VICTIM);
  await link(world, person);
  const incident = await report(world, person);
  await queue(world, incident);
  const steps = await stepsOf(world.core.db, world.core.workspaceId, incident);
  const made = {
    state: `job_${kind.replaceAll(/[^a-z]/g, '_')}`,
    incident,
    steps: steps.filter(({ status }) => status === 'queued').map(({ id }) => id),
  };
  if (made.steps.length === 0) throw new Error(`${kind} queued nothing`);
  await driver.keep(made.state);
  driver.queues.set(kind, made);
  return made;
}

/** The accounts as they are before the job: an undo finds them disabled. */
function settleAccounts({ systems }: World, kind: string): void {
  for (const system of systems) {
    const { accountId } = system.add(VICTIM.email ?? '');
    if (kind === 'undo') system.setEnabled(accountId, false);
  }
}

const sentBy = ({ systems }: World): number =>
  systems.flatMap(({ asked }) => asked.filter((call) => /^(perform|restore) /.test(call))).length;

export async function tryJob(driver: Driver, interaction: string, ground: string): Promise<Seen> {
  const { world } = driver;
  const kind = kindOf(interaction);
  const change = GROUNDS[ground];
  if (!change) throw new Error(`nobody knows how ${ground}`);
  const { state, incident, steps } = await queueOf(driver, kind);
  settleAccounts(world, kind);
  const since = world.runtime.now().getTime();
  await change({ world, incident, victim: VICTIM, first: ACTORS[deciderOf(interaction)], steps });
  const [before, sent] = [await world.tables.standing(), sentBy(world)];
  const act = () => runAll(world, steps, ground === 'another worker took over');
  const seen = await driver.observe(state, { actions: ['step.needs_human'] }, { act, before });
  world.runtime.move(since - world.runtime.now().getTime());
  return { ...seen, changed: [...seen.changed, ...(sentBy(world) > sent ? ['connector'] : [])] };
}

async function runAll(world: World, steps: readonly string[], lost: boolean): Promise<void> {
  const { core } = world;
  for (const id of steps) {
    if (!lost) await runOnce(core, 'run_step', id, (work) => runStep(core, work));
    else await loseWhileRunning(world, id);
  }
}

async function loseWhileRunning({ core }: World, id: string): Promise<void> {
  const work = await claim(core, 'run_step', id);
  await takeOver(core, work);
  try {
    await runStep(core, work);
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
  }
}
