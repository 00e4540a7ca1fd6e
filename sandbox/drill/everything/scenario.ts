import type { Notme } from '../../../src/main/app.js';
import { PEOPLE, SECURITY_CHANNEL } from '../../world/people.js';
import { codeAt } from '../../world/phones.js';
import type { Condition } from '../../world/systems/conditions.js';
import type { TrueAccount } from '../../world/systems/system.js';
import type { World } from '../../world/world.js';
import { Player, type SeenMessage, textOf } from '../player.js';
import type { DrillReport } from '../scenario.js';
import { type Moment, Timeline } from '../timeline.js';
import { actionName, type SystemReport } from './checker.js';
import { Followed } from './followed.js';
import { brokenWaits, earlyClaims, tellsTrouble, unsaidOutage } from './promises.js';
import { type Subject, subjectsOf } from './subjects.js';

export interface EverythingReport extends DrillReport {
  readonly systems: readonly SystemReport[];
}

const { ada, bea } = PEOPLE;
const PATIENCE_MS = 45_000;

/** One incident in every system at once, while one is down, one throttles and one shows changes late. */
export class EverythingDrill {
  readonly #world: World;
  readonly #player: Player;
  readonly #timeline: Timeline;
  readonly #followed: Followed;
  readonly #subjects: readonly Subject[];
  readonly #intruded = new Map<Subject, TrueAccount>();
  readonly #problems: string[] = [];
  readonly #measures = { notice_to_dm_ms: 0, report_to_thread_ms: 0, click_to_effect_ms: 0, click_to_verified_ms: 0 };
  #decidedAt = new Date(0);
  #systems: readonly SystemReport[] = [];

  constructor(world: World, app: Notme, say: (moment: Moment) => void) {
    this.#world = world;
    this.#player = new Player(world.slack);
    this.#timeline = new Timeline(say);
    this.#followed = new Followed(app, this.#player, this.#timeline, PATIENCE_MS);
    this.#subjects = subjectsOf(world, app.core.connectors, ada.email);
  }

  async play(): Promise<EverythingReport> {
    const acts = [this.#attack, this.#report, this.#lockDown, this.#troubled, this.#proved, this.#back, this.#ended];
    try {
      for (const act of acts) await act();
    } catch (error) {
      this.#problems.push(error instanceof Error ? error.message : String(error));
    }
    return {
      ok: this.#problems.length === 0,
      scenario: 'everything',
      timeline: this.#timeline.moments,
      ...this.#measures,
      problems: this.#problems,
      systems: this.#systems,
    };
  }

  #in = (trouble: Condition): Subject => {
    const found = this.#subjects.find((subject) => subject.trouble === trouble);
    if (!found) throw new Error(`the drill has no system that is ${trouble}`);
    return found;
  };
  #attack = async (): Promise<void> => {
    const start = this.#timeline.note(
      `Somebody who has been in Ada's accounts in ${this.#subjects.length} systems resets her Mimecast password`,
    );
    this.#world.attack(ada.email);
    await this.#notice();
    this.#measures.notice_to_dm_ms = this.#timeline.note('Ada gets a direct message: "Was this you?"') - start;
  };

  #notice(): Promise<SeenMessage> {
    return this.#player.message(
      "the notice of the reset in Ada's direct messages",
      () => this.#player.dmOf(ada.id),
      (message) => textOf(message).includes('notice_not_me') && textOf(message).includes('password was reset'),
    );
  }

  #report = async (): Promise<void> => {
    const start = this.#timeline.note('Ada presses "I didn\'t do this"');
    await this.#player.press(ada.id, this.#player.dmOf(ada.id) ?? '', await this.#notice(), 'notice_not_me');
    await this.#followed.card();
    this.#measures.report_to_thread_ms =
      this.#timeline.note(`An incident thread opens in #${SECURITY_CHANNEL}`) - start;
    await this.#followed.opened(this.#subjects);
    for (const subject of this.#subjects) this.#intruded.set(subject, await subject.account());
  };

  #lockDown = async (): Promise<void> => {
    for (const { system, trouble } of this.#subjects) await system.conditions.set(trouble);
    const [down, throttling, late] = (['down', 'throttling', 'late'] as const).map(
      (trouble) => this.#in(trouble).title,
    );
    this.#timeline.note(`From now on ${down} is down, ${throttling} throttles, ${late} shows changes late`);
    await this.#world.slack.act({
      as: bea.id,
      do: 'command',
      channel: this.#followed.channel(),
      text: '/lockdown @ada somebody got in everywhere',
    });
    const { id } = await this.#player.modal(bea.id, 'decide');
    const code = codeAt(this.#world.phones[bea.id] ?? '', this.#world.now());
    this.#decidedAt = this.#world.now();
    const start = this.#timeline.at();
    await this.#player.approve(bea.id, id, { reason: 'Contain everything until we have spoken to Ada', code });
    this.#timeline.note('Bea approves /lockdown with her one-time code');
    await this.#player.until('the first effect', async () => {
      const account = await this.#in('normal').account();
      return account.mustChange;
    });
    this.#measures.click_to_effect_ms = this.#timeline.at() - start;
    await this.#player.until('the first "verified"', () =>
      this.#followed.sayings().some(({ word }) => word === 'verified'),
    );
    this.#measures.click_to_verified_ms = this.#timeline.note('The thread says the first "verified"') - start;
  };

  /** The system that is down is said to be, and holds nothing of what was decided. */
  #troubled = async (): Promise<void> => {
    const down = this.#in('down');
    await this.#player.until(`the word that ${down.title} does not answer`, () =>
      this.#followed.of(down).some(tellsTrouble),
    );
    this.#timeline.note(`${down.title}: the thread says that it does not answer, and when it is tried again`);
    this.#problems.push(...(await this.check([down])));
    this.#told(down, unsaidOutage(this.#followed.of(down)));
    this.#timeline.note(`${down.title}: it truly holds nothing of what was decided`);
    await down.system.conditions.set('read_only');
    this.#timeline.note(`${down.title} can be read again, and fails at every change`);
  };

  /** The late system proves its changes when they are seen; the one that throttles comes to an end all the same. */
  #proved = async (): Promise<void> => {
    const [late, throttling] = [this.#in('late'), this.#in('throttling')];
    await this.#followed.end([late, throttling]);
    this.#told(late, earlyClaims(this.#followed.of(late), this.#decidedAt));
    this.#told(throttling, brokenWaits(this.#followed.of(throttling)));
  };

  #told = ({ title }: Subject, problems: readonly string[]): void =>
    void this.#problems.push(...problems.map((one) => `${title}: ${one}`));

  /**
   * Compares what the thread says last of every step with what the directories hold now.
   * @returns a sentence about each lie
   */
  async check(subjects: readonly Subject[] = this.#subjects): Promise<readonly string[]> {
    const checked = await this.#followed.compared(subjects, this.#intruded, this.#decidedAt);
    this.#systems = checked.systems;
    return checked.problems;
  }

  /** The system that was down needs a human, works again, and Retry brings it to its end. */
  #back = async (): Promise<void> => {
    const down = this.#in('down');
    const { title, system } = down;
    const forHumans = () => this.#followed.of(down).filter(({ word }) => word === 'needs_human');
    await this.#player.until(`the word that ${title} needs a human`, () => forHumans().length > 0, PATIENCE_MS);
    this.#timeline.note(`${title}: the thread says that a step needs a human`);
    await system.conditions.set('normal');
    this.#timeline.note(`${title} works again`);
    await this.#followed.end([down]);
    for (const { message, action } of forHumans()) {
      await this.#player.press(bea.id, this.#followed.channel(), message, 'step_retry');
      this.#timeline.note(`Bea presses Retry under "${title}: ${action}"`);
    }
    const isMended = async () => (await this.#followed.steps()).every((step) => step.system !== down.id || !step.human);
    await this.#player.until(`${title} to need no human any more`, isMended);
    await this.#followed.end([down]);
  };

  #ended = async (): Promise<void> => {
    await this.#followed.end(this.#subjects.filter(({ trouble }) => trouble === 'normal'));
    await this.#player.until(
      'every proven change to be read again',
      async () => (await this.#followed.steps()).every(({ watchable, watched }) => !watchable || watched !== null),
      PATIENCE_MS,
    );
    this.#timeline.note('Every proven change that can be undone was read again a while later');
    this.#problems.push(...(await this.check()));
    this.#timeline.note('The thread is compared with what every directory truly holds');
    for (const { system, action, human } of await this.#followed.steps())
      if (human) this.#problems.push(`${system}: ${actionName(action)} still needs a human at the end`);
    this.#problems.push(...(await this.#followed.record()));
  };
}
