import type { ReadBack } from '../../../src/ports/connector.js';
import type { Notme } from '../../../src/main/app.js';
import { verifyChains } from '../../../src/audit/verify.js';
import { SECURITY_CHANNEL } from '../../world/people.js';
import { type Player, type SeenMessage, textOf } from '../player.js';
import type { Timeline } from '../timeline.js';
import { actionName, compare, type Checked, type DecidedStep, type HeldNow } from './checker.js';
import { lastOf, type Saying, sayingsOf } from './sayings.js';
import type { Subject } from './subjects.js';
import type { TrueAccount } from '../../world/systems/system.js';

export interface StepNow extends DecidedStep {
  readonly human: boolean;
  /** What the watch found when it read the change again; `null` when it has not yet. */
  readonly watched: ReadBack['verdict'] | null;
  readonly watchable: boolean;
}

/** One incident about one person in many systems, as somebody in the channel follows it. */
export class Followed {
  readonly #app: Notme;
  readonly #player: Player;
  readonly #timeline: Timeline;
  readonly #patienceMs: number;

  constructor(app: Notme, player: Player, timeline: Timeline, patienceMs: number) {
    this.#app = app;
    this.#player = player;
    this.#timeline = timeline;
    this.#patienceMs = patienceMs;
  }

  channel = (): string => this.#player.channel(SECURITY_CHANNEL);

  sayings = (): readonly Saying[] => sayingsOf(this.#player.messages(this.channel()));

  of = ({ title }: Subject): readonly Saying[] => this.sayings().filter(({ system }) => system === title);

  card(): Promise<SeenMessage> {
    return this.#player.message('the incident card', this.channel, (message) =>
      textOf(message).includes('incident_take'),
    );
  }

  /** Until the card shows the accounts, and the thread the evidence. */
  async opened(subjects: readonly Subject[]): Promise<void> {
    const titles = subjects.map(({ title }) => title);
    await this.#player.until(`the accounts in ${titles.join(', ')} on the card`, async () => {
      const card = textOf(await this.card());
      return !card.includes('being looked up') && titles.every((title) => card.includes(title));
    });
    this.#timeline.note(`The card shows the accounts in ${titles.join(', ')}`);
    await this.#player.message('the evidence in the thread', this.channel, (message) =>
      textOf(message).includes('Evidence preserved before any change'),
    );
    this.#timeline.note('The thread shows the evidence that was kept, and what does not fit');
  }

  async steps(): Promise<readonly StepNow[]> {
    const { db, workspaceId } = this.#app.core;
    const { rows } = await db.query<StepNow>(
      `select system, action, finished_at is not null as finished, status = 'needs_human' as human, watch_verdict as watched,
         after_facts is not null as watchable from steps
       where workspace_id = $1 and undo_of is null order by system, position`,
      [workspaceId],
    );
    return rows;
  }

  /** Waits until every step in these systems has ended, and the thread has said how. */
  async end(subjects: readonly Subject[]): Promise<void> {
    for (const { id, title } of subjects) {
      const mine = async () => (await this.steps()).filter(({ system }) => system === id);
      const isOver = async () => (await mine()).every(({ finished }) => finished);
      await this.#player.until(`the end of every step in ${title}`, isOver, this.#patienceMs);
      const steps = await mine();
      await this.#player.until(`the thread's word about every step in ${title}`, () => {
        const sayings = this.sayings();
        return steps.every(({ action }) => {
          const word = lastOf(sayings, { system: title, action: actionName(action) })?.word;
          return word !== undefined && word !== 'retrying';
        });
      });
      this.#timeline.note(`${title}: every step has ended`);
    }
  }

  /** What the thread says last of every step, and what the directories hold now. */
  async compared(
    subjects: readonly Subject[],
    intruded: ReadonlyMap<Subject, TrueAccount>,
    decidedAt: Date,
  ): Promise<Checked> {
    const held = new Map<Subject, HeldNow>();
    for (const subject of subjects) {
      const now = await subject.account();
      held.set(subject, { intruded: intruded.get(subject) ?? now, now, decidedAt });
    }
    return compare(await this.steps(), this.sayings(), held);
  }

  /** @returns what is wrong with the record */
  async record(): Promise<readonly string[]> {
    const chains = await verifyChains(this.#app.core.db);
    this.#timeline.note(`The record is ${chains.ok ? 'whole' : 'broken'}: ${chains.entries} entries`);
    return chains.problems.map((one) => `record of ${one.incidentId}, entry ${one.seq}: ${one.problem}`);
  }
}
