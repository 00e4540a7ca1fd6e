/** `npm run bench [-- --quick] [-- --json]`: Notme beside the least that could do the same. docs/bench.md explains. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { startPostgres, startRedis } from '../test/real/servers.js';
import type { Measured, MeasureAsk } from './messages.js';
import { type Bot, World } from './processes.js';
import { describe, floorFigures, setupFigures, type SetupRun } from './report.js';
import { prepare, type Servers, type Setup, type SetupName, SETUPS, startFloor, startSetup } from './setups.js';

const CONCURRENCY = 20;
/** How many operations each part has; `partMs`: it begins nothing new after this, which bounds the whole run. */
const FULL = { warmUp: 40, alone: 40, together: 300, partMs: 6_000 } as const;
const QUICK = { warmUp: 8, alone: 12, together: 40, partMs: 1_200 } as const;

const root = fileURLToPath(new URL('..', import.meta.url));
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const USAGE = `npm run bench -- [--quick] [--json] [--directory-ms <n>] [--setup <name>]
  --quick           few samples, one round of the floor, one start each; meant for under a minute on an idle machine
  --json            one JSON object on the last line
  --directory-ms n  what each change in the identity system takes longer, for everybody (default 0: the hardest comparison)
  --profiles folder writes CPU profiles of the simulators and of Notme there
  --setup name      only one of ${SETUPS.join(', ')}
`;

interface Plan {
  readonly counts: Pick<MeasureAsk, 'warmUp' | 'alone' | 'together' | 'partMs'>;
  readonly directoryMs: number;
  readonly setups: readonly SetupName[];
  readonly folder: string;
  /** Where CPU profiles of the simulators and of Notme go; `null`: none are taken. */
  readonly profiles: string | null;
  readonly servers: Servers;
}

const measure = (what: MeasureAsk['what'], { counts }: Plan, { pid: botPid }: Bot): MeasureAsk => ({
  do: 'measure',
  what,
  botPid,
  ...counts,
  concurrency: CONCURRENCY,
});

async function measureFloor(world: World, plan: Plan): Promise<readonly Measured[]> {
  const bot = await startFloor(world.addresses, plan.servers.redisUrl);
  try {
    return await world.ask(measure('floor', plan, bot));
  } finally {
    await bot.stop();
  }
}

async function measureSetup(world: World, plan: Plan, setup: Setup): Promise<SetupRun> {
  let bot = await startSetup(setup, world.addresses, plan.profiles);
  const { startMs } = bot;
  try {
    const idleMb = await bot.memoryMb();
    const measured = await world.ask(measure('app', plan, bot)).catch((error: unknown) => {
      throw new Error(`${setup.name}: ${error instanceof Error ? error.message : String(error)}\n${bot.said()}`, {
        cause: error,
      });
    });
    const loadedMb = await bot.memoryMb();
    if (plan.counts === QUICK) return { name: setup.name, startMs, restartMs: null, idleMb, loadedMb, measured };
    await bot.stop();
    bot = await startSetup(setup, world.addresses, null);
    return { name: setup.name, startMs, restartMs: bot.startMs, idleMb, loadedMb, measured };
  } finally {
    await bot.stop();
  }
}

/** Simulators that nobody has used yet: what one bot left behind must not be work for the next. */
async function inNewWorld<T>(plan: Plan, measureIn: (world: World) => Promise<T>): Promise<T> {
  const { warmUp, alone, together } = plan.counts;
  const manifest = await readFile(path.join(root, 'manifest.yml'), 'utf8');
  const people = warmUp + alone + together;
  const world = await World.start({ people, directoryMs: plan.directoryMs, manifest }, plan.profiles);
  try {
    return await measureIn(world);
  } finally {
    await world.close();
  }
}

interface Round {
  /** `null`: not measured this time. */
  readonly floor: readonly Measured[] | null;
  readonly run: SetupRun;
}

/** One round: the floor, then the set-up, each against simulators of its own that were started the same way. */
async function round(plan: Plan, name: SetupName, withFloor: boolean): Promise<Round> {
  if (withFloor) say(`${name}: the floor …`);
  const floor = withFloor ? await inNewWorld(plan, (world) => measureFloor(world, plan)) : null;
  say(`${name}: Notme …`);
  const setup = await prepare(name, plan.folder, plan.servers);
  return { floor, run: await inNewWorld(plan, (world) => measureSetup(world, plan, setup)) };
}

async function compile(): Promise<void> {
  say('Compiling …');
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const args = [tsc, '-p', path.join(root, 'bench/tsconfig.build.json'), '--pretty', 'false'];
  await promisify(execFile)(process.execPath, args).catch((error: unknown) => {
    const found = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
    throw new Error(
      `The program does not compile, so there is nothing to measure. Mend it, then start again:\n${found}`,
    );
  });
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      'directory-ms': { type: 'string', default: '0' },
      setup: { type: 'string' },
      profiles: { type: 'string' },
    },
  });
  const setups = SETUPS.filter((name) => values.setup === undefined || values.setup === name);
  const directoryMs = Number(values['directory-ms']);
  if (setups.length === 0 || !Number.isFinite(directoryMs) || directoryMs < 0) throw new Error(USAGE);
  return {
    quick: values.quick,
    json: values.json,
    help: values.help,
    profiles: values.profiles ?? null,
    directoryMs,
    setups,
  };
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const began = performance.now();
  await compile();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'notme-bench-'));
  const postgres = await startPostgres();
  const redis = await startRedis();
  try {
    const servers = { postgresUrl: postgres.url, redisUrl: redis.url };
    const plan: Plan = {
      counts: options.quick ? QUICK : FULL,
      directoryMs: options.directoryMs,
      setups: options.setups,
      folder,
      profiles: options.profiles,
      servers,
    };
    const rounds: Round[] = [];
    for (const name of plan.setups) rounds.push(await round(plan, name, !options.quick || rounds.length === 0));
    const floors = [1, CONCURRENCY].map((concurrency) =>
      floorFigures(
        rounds.flatMap(({ floor }) => (floor === null ? [] : [floor])),
        concurrency,
      ),
    );
    const setups = rounds.flatMap((one) => setupFigures(one.run, floors));
    const seconds = Math.round((performance.now() - began) / 1000);
    process.stdout.write(`\n${describe(floors, setups)}\n\n${conditions(plan)} ${seconds} s.\n`);
    if (options.json) process.stdout.write(`${JSON.stringify({ floor: floors, setups })}\n`);
  } finally {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

const conditions = ({ directoryMs }: Plan): string =>
  `Node ${process.version}, ${os.cpus().length} cores shared by everything, ${directoryMs} ms added to each change in the directory, no one-time codes, Postgres without fsync.`;

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
