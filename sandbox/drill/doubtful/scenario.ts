import type { ActionKind } from '../../../src/ports/connector.js';
import type { Notme } from '../../../src/main/app.js';
import { PEOPLE } from '../../world/people.js';
import { codeAt, untilNextCode } from '../../world/phones.js';
import { aheadMs, CONDITIONS, type Condition } from '../../world/systems/conditions.js';
import type { TrueAccount } from '../../world/systems/system.js';
import type { World } from '../../world/world.js';
import { actionName } from '../everything/checker.js';
import { Followed } from '../everything/followed.js';
import { lastOf, type Word } from '../everything/sayings.js';
import { type Subject, subjectsOf, type Troubles } from '../everything/subjects.js';
import { truthOf } from '../everything/truth.js';
import { Player, textOf } from '../player.js';
import type { DrillReport } from '../scenario.js';
import { type Moment, Timeline } from '../timeline.js';
import { claimsTooMuch, takesEffect } from './effect.js';

/** What is doubtful in each round: every system has something, and no round repeats another. */
export const ROUNDS: readonly [Troubles, Troubles] = [
  {
    mimecast: 'groups_refused',
    okta: 'left_out',
    entra_id: 'report_only',
    google_workspace: 'fast_clock',
    keycloak: 'slow_clock',
    scim_wiki: 'without_members',
    slack: 'right_missing',
  },
  {
    mimecast: 'slow_clock',
    okta: 'report_only',
    entra_id: 'guests',
    google_workspace: 'left_out',
    keycloak: 'left_out',
    scim_wiki: 'fast_clock',
    slack: 'throttling',
  },
];

const { ada, bea } = PEOPLE;
const PATIENCE_MS = 60_000;
/** What a lockdown takes only where it stands out. */
const PLANTED_BY: readonly ActionKind[] = ['remove_factors', 'disable_mail_rules'];
const NOT_IN = 'Not in this lockdown';

/** One line of the thread, judged by what the directory holds. */
export interface JudgedLine {
  readonly system: string;
  readonly condition: Condition;
  readonly action: ActionKind;
  readonly said: Word | null;
  readonly is_so: boolean | null;
  readonly takes_effect: boolean;
}

export interface DoubtfulReport extends DrillReport {
  readonly lines: readonly JudgedLine[];
}

/** One incident while every system answers in a way that invites to claim too much. */
export class DoubtfulDrill {
  readonly #world: World;
  readonly #player: Player;
  readonly #timeline: Timeline;
  readonly #followed: Followed;
  readonly #subjects: readonly Subject[];
  readonly #before = new Map<Subject, TrueAccount>();
  readonly #problems: string[] = [];
  #lines: readonly JudgedLine[] = [];
  #decidedAt = new Date(0);
  #usedCode = '';

  constructor(world: World, app: Notme, say: (moment: Moment) => void, troubles: Troubles) {
    this.#world = world;
    this.#player = new Player(world.slack, PATIENCE_MS);
    this.#timeline = new Timeline(say);
    this.#followed = new Followed(app, this.#player, this.#timeline, PATIENCE_MS);
    this.#subjects = subjectsOf(world, app.core.connectors, ada.email, troubles);
  }

  async play(): Promise<DoubtfulReport> {
    try {
      for (const act of [this.#doubt, this.#report, this.#quarantine, this.#lockDown, this.#judge]) await act();
    } catch (error) {
      this.#problems.push(error instanceof Error ? error.message : String(error));
    }
    return {
      ok: this.#problems.length === 0,
      scenario: 'doubtful',
      timeline: this.#timeline.moments,
      notice_to_dm_ms: null,
      report_to_thread_ms: null,
      click_to_effect_ms: null,
      click_to_verified_ms: null,
      problems: this.#problems,
      lines: this.#lines,
    };
  }

  #doubt = async (): Promise<void> => {
    for (const { system, title, trouble } of this.#subjects) {
      await system.conditions.set(trouble);
      this.#timeline.note(`${title}: ${CONDITIONS[trouble]}`);
    }
  };

  #report = async (): Promise<void> => {
    const { channel } = await this.#world.slack.act({ as: ada.id, do: 'open_dm', with: this.#world.slack.botUserId });
    await this.#world.slack.act({ as: ada.id, do: 'message', channel: String(channel), text: "I didn't do this" });
    await this.#followed.opened(this.#subjects);
    for (const subject of this.#subjects) this.#before.set(subject, await subject.account());
  };

  /** A code counts once. */
  async #code(): Promise<string> {
    const seed = this.#world.phones[bea.id] ?? '';
    if (codeAt(seed, this.#world.now()) === this.#usedCode) {
      this.#timeline.note('The next one-time code is waited for');
      await new Promise((resolve) => setTimeout(resolve, untilNextCode(this.#world.now()) + 100));
    }
    this.#usedCode = codeAt(seed, this.#world.now());
    return this.#usedCode;
  }

  async #approve(reason: string): Promise<void> {
    const { id } = await this.#player.modal(bea.id, 'decide');
    await this.#player.approve(bea.id, id, { reason, code: await this.#code() });
  }

  #quarantine = async (): Promise<void> => {
    this.#decidedAt = this.#world.now();
    const card = { ...(await this.#followed.card()), channel: this.#followed.channel() };
    await this.#player.choose(bea.id, card, 'incident_more', 'quarantine');
    await this.#approve('keep her out until we know more');
    this.#timeline.note('Bea approves the quarantine');
    await this.#player.until(
      'the steps of the quarantine',
      async () => (await this.#followed.steps()).some(({ action }) => action === 'quarantine'),
      PATIENCE_MS,
    );
    await this.#followed.end(this.#subjects);
  };

  #lockDown = async (): Promise<void> => {
    await this.#world.slack.act({
      as: bea.id,
      do: 'command',
      channel: this.#followed.channel(),
      text: '/lockdown @ada somebody got in everywhere',
    });
    await this.#approve('contain everything until we have spoken to Ada');
    this.#timeline.note('Bea approves /lockdown');
    await this.#player.until(
      'the steps of the lockdown',
      async () => (await this.#followed.steps()).some(({ action }) => action === 'disable_account'),
      PATIENCE_MS,
    );
    await this.#followed.end(this.#subjects);
    await this.#player.message('what still works, in the thread', this.#followed.channel, (message) =>
      textOf(message).includes('What still works'),
    );
  };

  #judge = async (): Promise<void> => {
    const lines = await Promise.all(this.#subjects.map((subject) => this.#linesOf(subject)));
    this.#lines = lines.flat();
    const claims = this.#lines.filter(({ said }) => said === 'verified' || said === 'accepted').length;
    this.#timeline.note(
      `${this.#lines.length} lines are compared with the directories, ${claims} of them claim something`,
    );
    for (const { id, title } of this.#subjects)
      if (!this.#lines.some(({ system }) => system === id)) this.#problems.push(`${title}: nothing was decided there`);
    for (const subject of this.#subjects) this.#problems.push(...(await this.#passedOver(subject)));
    this.#problems.push(...(await this.#followed.record()));
  };

  /** What the intruder planted and is still there must at least be spoken of. */
  async #passedOver(subject: Subject): Promise<readonly string[]> {
    const { id, title } = subject;
    const now = await subject.account();
    const intruded = this.#before.get(subject) ?? now;
    const stays = PLANTED_BY.filter(
      (action) => truthOf(action, { system: id, intruded, now, decidedAt: this.#decidedAt }) === false,
    );
    const named = this.#player
      .messages(this.#followed.channel())
      .map(textOf)
      .filter((text) => text.includes(NOT_IN));
    const isSpokenOf = (action: ActionKind): boolean =>
      lastOf(this.#followed.sayings(), { system: title, action: actionName(action) }) !== undefined ||
      named.some((text) => text.includes(`*${title}*: ${actionName(action)}`));
    return stays
      .filter((action) => !isSpokenOf(action))
      .map(
        (action) => `${title}: ${actionName(action)} was left out, and what the intruder planted stays without a word`,
      );
  }

  async #linesOf(subject: Subject): Promise<readonly JudgedLine[]> {
    const now = await subject.account();
    const intruded = this.#before.get(subject) ?? now;
    const steps = (await this.#followed.steps()).filter(({ system }) => system === subject.id);
    // The directory writes the times of its own clock.
    const decidedAt = new Date(this.#decidedAt.getTime() + aheadMs(subject.trouble));
    const held = { system: subject.id, intruded, decidedAt };
    return steps.map(({ action }) => {
      const saying = lastOf(this.#followed.sayings(), { system: subject.title, action: actionName(action) });
      const line = {
        system: subject.id,
        condition: subject.trouble,
        action,
        said: saying?.word ?? null,
        is_so: truthOf(action, { ...held, now }),
        takes_effect: takesEffect(action, subject.id, subject.trouble),
      };
      const wrong = claimsTooMuch({
        said: line.said,
        effectiveBy: saying?.effectiveBy ?? false,
        isSo: line.is_so,
        acts: line.takes_effect,
      });
      if (wrong !== null) this.#problems.push(`${subject.title}: ${actionName(action)} ${wrong}`);
      return line;
    });
  }
}
