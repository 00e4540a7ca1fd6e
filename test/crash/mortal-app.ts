import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queryable, QueryRows } from '../../src/ports/database.js';
import type { Town } from './town.js';
import type { KillPoint, Order, Word } from './wire.js';

const LEASE_MS = 1_000;
const LOCK_MS = 400;
const ANSWER_MS = 10_000;
const START_MS = 30_000;

/** The app as a process that dies and is started again at once, until it is stopped. */
export interface MortalApp {
  /** Seeds of the approvers' one-time codes. */
  readonly seeds: Readonly<Record<string, string>>;
  /** The app's own database, over its process; asked again when the process dies meanwhile. */
  readonly db: Queryable;
  readonly deaths: number;
  /** Where the app's log lines are. */
  readonly logFile: string;
  /** Kills at each of these points, one after the other, each in the process that follows. */
  arm(kills: readonly KillPoint[]): Promise<void>;
  /** Kills no more; the moments that the living process has seen since it was armed. */
  disarm(): Promise<Readonly<Record<string, number>>>;
  /** Resolves when a living process has connected. @throws when one ended otherwise than by SIGKILL, or did not start */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

export async function startMortalApp(town: Town, program: string): Promise<MortalApp> {
  const app = new Mortal(town, program);
  await app.ready();
  return app;
}

type OrderBody =
  { do: 'arm'; kill: KillPoint | null } | { do: 'query'; sql: string; values: readonly unknown[] } | { do: 'stop' };

class Mortal implements MortalApp {
  readonly seeds: Record<string, string> = {};
  readonly logFile: string;
  deaths = 0;
  readonly #town: Town;
  readonly #program: string;
  #kills: readonly KillPoint[] = [];
  #standby: ChildProcess;
  #life: Promise<ChildProcess>;
  #stopping = false;
  #orders = 0;

  constructor(town: Town, program: string) {
    this.#town = town;
    this.#program = program;
    this.logFile = path.join(town.folder, 'app.log');
    this.#standby = this.#spawn();
    this.#life = this.#begin();
  }

  readonly db: Queryable = {
    query: async <R extends object>(sql: string, values: readonly unknown[] = []) =>
      (await this.#ask({ do: 'query', sql, values })) as QueryRows<R>,
  };

  async arm(kills: readonly KillPoint[]): Promise<void> {
    const [first = null, ...rest] = kills;
    await this.#ask({ do: 'arm', kill: first });
    this.#kills = rest;
  }

  async disarm(): Promise<Readonly<Record<string, number>>> {
    this.#kills = [];
    return (await this.#ask({ do: 'arm', kill: null })) as Record<string, number>;
  }

  async ready(): Promise<void> {
    await this.#life;
    await this.#town.slack.wait({ until: { connected: true }, timeout_ms: START_MS });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const standby = once(this.#standby, 'exit');
    this.#standby.kill('SIGKILL');
    await standby;
    // One that never started has told its reason to whoever waited for it.
    const child = await this.#life.catch(() => null);
    if (child === null) return;
    const gone = once(child, 'exit');
    await this.#ask({ do: 'stop' });
    await gone;
  }

  #spawn(): ChildProcess {
    const log = openSync(this.logFile, 'a');
    const env = { PATH: process.env['PATH'], ...this.#town.env };
    const child = fork(this.#program, [], {
      env,
      cwd: this.#town.folder,
      // The embedded database's WebAssembly is not worth optimising for a process that lives for seconds.
      execArgv: ['--liftoff-only'],
      serialization: 'advanced',
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    return child;
  }

  /** Starts the process that waits, and lets the next one load meanwhile. */
  async #begin(): Promise<ChildProcess> {
    const child = this.#standby;
    this.#standby = this.#spawn();
    const [kill = null, ...rest] = this.#kills;
    this.#kills = rest;
    const life = new Promise<ChildProcess>((resolve, reject) => {
      child.on('message', (word: Word) => {
        if (word.say === 'ready') {
          Object.assign(this.seeds, word.seeds);
          resolve(child);
        }
        if (word.say === 'failed') reject(new Error(`the app did not start: ${word.why}`));
      });
      child.once('exit', (code, signal) => {
        if (this.#stopping) return;
        if (signal === 'SIGKILL') {
          this.deaths += 1;
          // Time passes until somebody starts it again: what the dead process had claimed is free.
          this.#town.putForward(LEASE_MS + 50);
          this.#life = this.#begin();
          // Not awaited by anybody yet, perhaps: whoever asks next meets the failure.
          this.#life.catch(() => undefined);
          resolve(this.#life);
          return;
        }
        reject(new Error(`the app ended with ${String(code ?? signal)}; see ${this.logFile}`));
      });
    });
    const enrol = this.#town.approvers.map(({ id }) => id).filter((id) => this.seeds[id] === undefined);
    const order: Order = {
      do: 'start',
      aheadMs: this.#town.aheadMs(),
      leaseMs: LEASE_MS,
      lockMs: LOCK_MS,
      kill,
      enrol,
    };
    child.send(order);
    return life;
  }

  async #ask(body: OrderBody): Promise<unknown> {
    for (let tries = 0; tries < 20; tries += 1) {
      const answer = await this.#askOnce(await this.#life, body);
      if (answer !== null) return answer.value;
      await sleep(20);
    }
    throw new Error('the app dies each time that it is asked something');
  }

  /** `null`: the process died before it answered. */
  #askOnce(child: ChildProcess, body: OrderBody): Promise<{ value: unknown } | null> {
    this.#orders += 1;
    const id = this.#orders;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        child.off('message', hear);
        child.off('exit', die);
        settle();
      };
      const hear = (word: Word): void => {
        if (word.say === 'answer' && word.id === id) end(() => resolve({ value: word.value }));
        if (word.say === 'refused' && word.id === id) end(() => reject(new Error(word.why)));
      };
      const die = (): void => end(() => resolve(null));
      const timer = setTimeout(() => end(() => reject(new Error(`the app did not answer: ${body.do}`))), ANSWER_MS);
      child.on('message', hear);
      child.once('exit', die);
      if (child.exitCode !== null || child.signalCode !== null) die();
      else child.send({ ...body, id }, (error) => (error ? die() : undefined));
    });
  }
}
