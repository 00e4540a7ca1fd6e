import { Secret } from '../../src/platform/secret.js';
import { commandFor } from '../../src/ports/command.js';
import {
  ACTION_KINDS,
  ITEM_ACTIONS,
  isItemAction,
  type ActionKind,
  type Chosen,
  type Command,
} from '../../src/ports/connector.js';
import { carryOut, type Done } from './attempts.js';
import { type Claim, type Made, tally, type Tally } from './claims.js';
import { type Dice, diceOf } from './dice.js';
import { arm, type Armed, drawKind } from './faults.js';
import { judgeStep, judgeUndo } from './judge.js';
import type { ThingKind, Truth } from './reader/truth.js';
import { START } from './systems/index.js';
import {
  playedBy,
  type Played,
  RANGE_SETS,
  type RunningSystem,
  SYSTEM_NAMES,
  type SystemName,
} from './systems/system.js';

const STEPS = 9;
const UNDONE = 0.5;
const PREPARED = 0.8;

interface Scene {
  readonly seed: string;
  readonly system: RunningSystem;
  readonly played: Played;
  readonly dice: Dice;
  /** Changes that the directory has carried out for the connector, and not for anybody else. */
  readonly effects: { count: number; foreign: boolean; at: number };
}

/** What the connector does by itself. */
export const kindsIn = ({ connector }: RunningSystem): readonly ActionKind[] =>
  ACTION_KINDS.filter((kind) => ['native', 'group'].includes(connector.capabilities[kind].route));

function commandOf({ dice }: Scene, kind: ActionKind, before: Truth): Command {
  const things: ThingKind | null = isItemAction(kind) ? ITEM_ACTIONS[kind] : null;
  const ids = things === null ? [] : [...before[things].keys()];
  const items: Chosen = ids.length === 0 || dice.chance(0.5) ? 'all' : dice.some(ids);
  const ranges = kind === 'block_address' ? [`192.0.2.${2 + dice.below(200)}/32`] : [...dice.pick(RANGE_SETS)];
  return commandFor(kind, { ranges, items, password: new Secret(`Kq7-${dice.bytes(8).toString('hex')}-zqX`) });
}

/** A piece of work that has ended, with what was there before and after. */
interface Ended {
  readonly done: Done;
  readonly before: Truth;
  readonly now: Truth;
  readonly effects: number;
  readonly armed: Armed;
  /** What the API shows lags so far behind that it is still what was there before. */
  readonly lags: boolean;
}

/** Lets a fault come over a piece of work, and reads the directory before and after. */
async function under(scene: Scene, hand: () => Promise<void>, work: () => Promise<Done>): Promise<Ended> {
  const { system, dice, played, effects } = scene;
  const foreign = async (): Promise<void> => {
    effects.foreign = true;
    try {
      await hand();
    } finally {
      effects.foreign = false;
    }
  };
  const before = system.read();
  const began = played.now().getTime();
  const [had, hadOwn] = [effects.count, system.effects?.() ?? 0];
  const armed = arm({ system, played, dice, hand: foreign }, drawKind(system.name, dice));
  try {
    const done = await work();
    const grown = system.effects === undefined ? effects.count - had : system.effects() - hadOwn;
    const lags = played.now().getTime() - Math.max(began, effects.at) < armed.lagMs;
    return { done, before, now: system.read(), effects: grown, armed, lags };
  } finally {
    armed.end();
  }
}

interface Decided {
  readonly command: Command;
  readonly step: Ended;
}

/** `earlier`: what came over the step that is undone, whose facts the undo works with. */
const noteIn =
  ({ seed, system }: Scene, { command }: Decided, { armed }: Ended, earlier?: Armed) =>
  (claim: Claim): Made => ({
    ...claim,
    seed,
    system: system.name,
    action: command.kind,
    fault: armed.came(),
    detail: earlier === undefined ? armed.detail() : `${armed.detail()}; the step: ${earlier.detail()}`,
    misled: armed.misleads() || earlier?.misleads() === true,
  });

const call = { signal: new AbortController().signal, correlationId: 'another' };

/** One action with something to do, most of the time. */
async function decide(scene: Scene): Promise<Decided> {
  const { system, played, dice } = scene;
  const kind = dice.pick(kindsIn(system));
  if (dice.chance(PREPARED)) system.prepare(kind, dice);
  played.advance(60_000 + dice.below(120_000));
  const command = commandOf(scene, kind, system.read());
  const facts = await system.rival.capture(command, system.account, call);
  const putBack = async (): Promise<void> => {
    if (facts.ok) await system.rival.restore(command, system.account, facts.value, call);
  };
  const hand = async (): Promise<void> => {
    const own = system.hands[kind];
    if (own === undefined) await putBack();
    else own();
  };
  return { command, step: await under(scene, hand, () => carryOut(system, played, command)) };
}

/** The undo of what a step left; `null` where there is nothing to undo. */
async function undo(scene: Scene, { command, step: { done } }: Decided): Promise<Ended | null> {
  const { system, played } = scene;
  const left = 'left' in done.outcome ? done.outcome.left : null;
  if (left === null || done.before === null) return null;
  const saved = { before: done.before, left };
  played.advance(60_000 + scene.dice.below(120_000));
  const again = async (): Promise<void> => {
    await system.rival.perform(command, system.account, call);
  };
  return under(scene, again, () => carryOut(system, played, command, saved));
}

async function oneStep(scene: Scene): Promise<readonly Made[]> {
  const decided = await decide(scene);
  const { command, step } = decided;
  const on = { command, system: scene.system.name };
  const handed = step.armed.handed();
  const made = judgeStep({ ...on, ...step, handed }, step.done.outcome).map(noteIn(scene, decided, step));
  const undone = scene.dice.chance(UNDONE) ? await undo(scene, decided) : null;
  if (undone === null) return made;
  const told = { ...on, ...undone, before: step.before, left: step.now, handed: handed || undone.armed.handed() };
  return [...made, ...judgeUndo(told, undone.done.outcome).map(noteIn(scene, decided, undone, step.armed))];
}

async function runIn(name: SystemName, seed: string, steps: number): Promise<readonly Made[]> {
  const dice = diceOf(`${seed} ${name}`);
  const played = playedBy(dice);
  const system = await START[name](played);
  const effects = { count: 0, foreign: false, at: 0 };
  system.hooks.afterEffect = () => {
    effects.at = played.now().getTime();
    if (!effects.foreign) effects.count += 1;
    return Promise.resolve();
  };
  try {
    const made: Made[] = [];
    system.intrude();
    for (let step = 0; step < steps; step += 1) {
      made.push(...(await oneStep({ seed, system, played, dice, effects })));
      system.tidy?.();
    }
    return made;
  } finally {
    await system.close();
  }
}

export interface Campaign {
  readonly seed: string;
  readonly runs: number;
  /** The number of the first run. */
  readonly from: number;
  readonly systems?: readonly SystemName[];
  /** How many steps a run decides in each system. */
  readonly steps?: number;
  /** After each run, with its claims; `false` ends the campaign. */
  readonly onRun?: (made: readonly Made[]) => boolean;
}

/** The claims of one run after the other; each has its own seed, by which it can be repeated alone. */
export async function campaign({ seed, runs, from, systems = SYSTEM_NAMES, steps = STEPS, onRun }: Campaign): Promise<{
  readonly tally: Tally;
  readonly made: readonly Made[];
}> {
  const made: Made[] = [];
  let run = from;
  for (let goesOn = true; goesOn && run < from + runs; run += 1) {
    const began = made.length;
    for (const name of systems) made.push(...(await runIn(name, `${seed}-${run}`, steps)));
    goesOn = onRun?.(made.slice(began)) ?? true;
  }
  return { tally: tally(run - from, made), made };
}
