import { settle } from './ground.js';
import { type Cell, INTERACTIONS } from './interactions.js';
import { bindingsOf, type Bindings } from './links.js';
import { ACTORS, type RoleName } from './roles.js';
import { codeNow, makeState, type State, type StateName } from './states.js';
import type { Standing } from './tables.js';
import type { World } from './world.js';

/** What one try did: the tables that changed, `slack.window` when one was opened, and the refusals in the record. */
export interface Seen {
  readonly changed: readonly string[];
  /** Where its refusal stands: steps, incidents, or the workspace's own chain. */
  readonly refusals: readonly string[];
}

/** How many cells the tables are used for before what was replaced in them is cleared away. */
const TIDIED_EACH = 100;

/** A state that was made, with what a passkey would sign in it, by whose incident it is. */
export interface Entered extends State {
  readonly bindings: { readonly [K in 'reporter' | 'reporting_approver']: Bindings };
}

/** An incident with something in the queue. */
export interface Queue {
  readonly state: string;
  readonly incident: string;
  readonly steps: readonly string[];
}

/** Which entries of the record are the refusals of a try. */
interface RefusedAs {
  readonly actions: readonly string[];
  /** Left out: whoever wrote them. */
  readonly actor?: string;
}

const REFUSED = ['decision.refused', 'attempt.refused'];

/** The world of the matrix: drives cell after cell, and puts back what each has changed. */
export class Driver {
  readonly #states = new Map<StateName, Entered>();
  /** By what was decided. */
  readonly queues = new Map<string, Queue>();
  #current: string | null = null;
  #number = 0;

  constructor(readonly world: World) {}

  /** Unlike in any other cell. */
  get next(): number {
    this.#number += 1;
    return this.#number;
  }

  /** Brings the store into a state; it is made once. */
  async enter(state: StateName): Promise<Entered> {
    const known = this.#states.get(state);
    if (known) {
      await this.restored(state);
      return known;
    }
    const made = await makeState(this.world, state);
    const bindings = {
      reporter: await bindingsOf(this.world, made.reporter),
      reporting_approver: await bindingsOf(this.world, made.reporting_approver),
    };
    this.#states.set(state, { ...made, bindings });
    await this.keep(state);
    return { ...made, bindings };
  }

  /** What the store holds by now is this state. */
  async keep(state: string): Promise<void> {
    await this.world.tables.keep(state);
    this.#current = state;
  }

  /** Puts a state back that is kept. */
  async restored(state: string): Promise<void> {
    if (this.#current === state) return;
    await this.world.tables.restore(state);
    this.#current = state;
  }

  cellOf(role: RoleName, made: State): Cell {
    return {
      actor: ACTORS[role],
      refs: made[role === 'reporting_approver' ? role : 'reporter'],
      code: codeNow(this.world),
      number: this.next,
    };
  }

  async try(interaction: string, role: RoleName, state: StateName): Promise<Seen> {
    const make = INTERACTIONS.get(interaction);
    if (!make) throw new Error(`nobody knows how to send ${interaction}`);
    const cell = this.cellOf(role, await this.enter(state));
    const { slack } = this.world;
    const windows = slack.windows;
    const seen = await this.observe(
      state,
      { actions: REFUSED, actor: cell.actor.id },
      { act: () => this.world.deliver(make(cell)) },
    );
    return { ...seen, changed: [...seen.changed, ...(slack.windows > windows ? ['slack.window'] : [])] };
  }

  /**
   * Does something in a state, and puts back what it changed.
   *
   * @param prepared tables in which something was laid ready for it
   * @param before how all of them stood, where more than that was changed
   */
  async observe(
    state: string,
    refusedAs: RefusedAs,
    { act, prepared = [], before }: { act: () => Promise<unknown>; prepared?: readonly string[]; before?: Standing },
  ): Promise<Seen> {
    const { tables } = this.world;
    const standing = before ?? (await tables.keptBut(state, prepared));
    await act();
    const changed = await tables.changed(standing);
    const refusals = await this.#refusals(state, refusedAs);
    if (before) await tables.restore(state);
    else await tables.restore(state, [...new Set([...changed, ...prepared])]);
    settle(this.world.ground);
    if (this.#number % TIDIED_EACH === 0) await tables.tidy();
    return { changed, refusals };
  }

  async #refusals(state: string, { actions, actor }: RefusedAs): Promise<readonly string[]> {
    const { rows } = await this.world.core.db.query<{ place: string }>(
      `select coalesce(detail->>'step', incident_id) as place from record_entries r where action = any($1) and ($2::text is null or actor_id = $2)
         and not exists (select 1 from kept_${state}.record_entries k
           where k.workspace_id = r.workspace_id and k.incident_id = r.incident_id and k.seq = r.seq)`,
      [actions, actor ?? null],
    );
    return rows.map(({ place }) => place);
  }
}
