import { type Cell, INTERACTIONS } from './interactions.js';
import { ACTORS, type RoleName } from './roles.js';
import { codeNow, makeState, type State, type StateName } from './states.js';
import type { World } from './world.js';

/** What one try did: the tables that changed, `slack.window` when one was opened, and the refusals in the record. */
export interface Seen {
  readonly changed: readonly string[];
  /** Where its refusal stands: incidents, or the workspace's own chain. */
  readonly refusals: readonly string[];
}

/** How many cells the tables are used for before what was replaced in them is cleared away. */
const TIDIED_EACH = 100;

/** The world of the matrix: drives cell after cell, and puts back what each has changed. */
export class Driver {
  readonly #states = new Map<StateName, State>();
  #current: StateName | null = null;
  #number = 0;

  constructor(readonly world: World) {}

  async #enter(state: StateName): Promise<State> {
    const known = this.#states.get(state);
    if (known && this.#current === state) return known;
    const made = known ?? (await makeState(this.world, state));
    this.#states.set(state, made);
    if (known) await this.world.tables.restore(state);
    this.#current = state;
    return made;
  }

  async try(interaction: string, role: RoleName, state: StateName): Promise<Seen> {
    const make = INTERACTIONS.get(interaction);
    if (!make) throw new Error(`nobody knows how to send ${interaction}`);
    const { tables, slack, core } = this.world;
    const made = await this.#enter(state);
    const actor = ACTORS[role];
    this.#number += 1;
    const cell: Cell = {
      actor,
      refs: made[role === 'reporting_approver' ? role : 'reporter'],
      code: codeNow(this.world),
      number: this.#number,
    };
    const [windows, { rows: last }] = [
      slack.windows,
      await core.db.query<{ count: number }>('select count(*)::int as count from record_entries'),
    ];
    await this.world.deliver(make(cell));
    const stored = await tables.changed(state);
    const { rows } = await core.db.query<{ incident_id: string }>(
      `select incident_id from (select *, row_number() over (order by at, incident_id, seq) from record_entries) r
       where actor_id = $1 and action in ('decision.refused', 'attempt.refused') and $2::int >= 0
         and not exists (select 1 from kept_${state}.record_entries k
           where k.workspace_id = r.workspace_id and k.incident_id = r.incident_id and k.seq = r.seq)`,
      [actor.id, last[0]?.count ?? 0],
    );
    await tables.restore(state, stored);
    if (this.#number % TIDIED_EACH === 0) await tables.tidy();
    const changed = [...stored, ...(slack.windows > windows ? ['slack.window'] : [])];
    return { changed, refusals: rows.map(({ incident_id: id }) => id) };
  }
}
