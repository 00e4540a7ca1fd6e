/**
 * Seeded runs of random faults in which every line of the thread is held against what the directories hold.
 *
 *   npm run truth                       1,000 runs, in two processes
 *   npm run truth -- --json             ends with one object
 *   npm run truth -- --minutes 10       as many of them as there is time for
 *   npm run truth -- okta scim          only these systems
 *   npm run truth -- --from 17 --runs 1 --jobs 1
 *
 * A run has the seed `<seed>-<its number>`, which is printed with each false claim: the last line repeats it.
 */
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { campaign } from './campaign.js';
import { isFalseAlarm, type Made, sayClaim, type Tally, together } from './claims.js';
import { SYSTEM_NAMES, type SystemName } from './systems/system.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: 'notme' },
    runs: { type: 'string', default: '1000' },
    from: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '600' },
    json: { type: 'boolean', default: false },
  },
});

const say = (line: string): boolean => process.stderr.write(`${line}\n`);
const EVERY = 10;
const began = performance.now();
const seconds = (): number => Math.round((performance.now() - began) / 1000);

interface Part {
  readonly from: number;
  readonly runs: number;
}

const isSystem = (name: string): name is SystemName => (SYSTEM_NAMES as readonly string[]).includes(name);
const strange = positionals.filter((name) => !isSystem(name));
if (strange.length > 0)
  throw new Error(`There is no system ${strange.join(', ')}; choose of ${SYSTEM_NAMES.join(', ')}.`);
const systems = positionals.length > 0 ? positionals.filter(isSystem) : SYSTEM_NAMES;

async function inThisProcess({ from, runs }: Part, onRun: () => void): Promise<Tally> {
  const after = (made: readonly Made[]): boolean => {
    for (const one of made.filter(({ wrong }) => wrong !== null))
      say(`${isFalseAlarm(one) ? 'false alarm' : 'FALSE CLAIM'}: ${sayClaim(one)}`);
    onRun();
    return seconds() < Number(values.minutes) * 60;
  };
  const { tally } = await campaign({ seed: values.seed, from, runs, systems, onRun: after });
  return tally;
}

/** No process plays a part in another's world: each does its share of the runs. */
function inAnother({ from, runs }: Part, onRun: () => void): Promise<Tally> {
  const numbers = ['--from', String(from), '--runs', String(runs), '--minutes', values.minutes, '--jobs', '1'];
  const child = fork(import.meta.filename, ['--seed', values.seed, ...numbers, ...systems], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let tally: Tally | null = null;
    child.on('message', (message: Tally | 'run') => {
      if (message === 'run') onRun();
      else tally = message;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (tally === null) reject(new Error(`a process of the campaign ended with ${code ?? 'a signal'}`));
      else resolve(tally);
    });
  });
}

function shares(): readonly [Part, ...Part[]] {
  const [from, runs, jobs] = [Number(values.from), Number(values.runs), Math.max(1, Number(values.jobs))];
  const size = Math.ceil(runs / jobs);
  const part = (job: number): Part => ({ from: from + job * size, runs: Math.min(size, runs - job * size) });
  const others = Array.from({ length: jobs - 1 }, (_none, job) => part(job + 1));
  return [part(0), ...others.filter((one) => one.runs > 0)];
}

let ended = 0;
const onRun = (): void => {
  ended += 1;
  if (ended % EVERY === 0) say(`${ended} runs in ${seconds()} s …`);
};

async function whole(): Promise<Tally> {
  const [first, ...others] = shares();
  if (others.length === 0) return inThisProcess(first, onRun);
  const tallies = await Promise.all([first, ...others].map((part) => inAnother(part, onRun)));
  return tallies.reduce(together);
}

if (process.send === undefined) {
  const tally = await whole();
  say(`${tally.runs} runs in ${seconds()} s`);
  if (values.json) process.stdout.write(`${JSON.stringify(tally)}\n`);
  else {
    for (const [system, one] of Object.entries(tally.by_system)) {
      const least = Math.min(...Object.values(one.by_fault));
      process.stdout.write(
        `${system}: ${one.claims} claims, ${one.false_claims} false; at least ${least} with each fault\n`,
      );
    }
    process.stdout.write(
      `claims: ${tally.claims}\nfalse claims: ${tally.false_claims}\nfalse alarms: ${tally.false_alarms}\n`,
    );
  }
  process.exitCode = tally.false_claims > 0 ? 1 : 0;
} else {
  const [part] = shares();
  process.send(await inThisProcess(part, () => void process.send?.('run')));
  process.disconnect();
}
