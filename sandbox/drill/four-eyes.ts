import type { Notme } from '../../src/main/app.js';
import { verifyChains } from '../../src/audit/verify.js';
import { PEOPLE, SECURITY_CHANNEL } from '../world/people.js';
import { codeAt, untilNextCode } from '../world/phones.js';
import type { World } from '../world/world.js';
import { Player, type SeenMessage, textOf } from './player.js';
import type { DrillReport } from './scenario.js';
import { type Moment, Timeline } from './timeline.js';

const { ada, bea, cem } = PEOPLE;
const WHY = 'the board meets in ten minutes and nobody else answers';

/** What notme.yml has to say for this drill: Ada is a VIP, about whom every decision takes two approvers. */
export const FOUR_EYES = {
  people: [{ email: ada.email, kind: 'vip' }],
  twoApprovers: { actions: ['enable_account'], targets: ['vip'] },
} as const;

/** Two approvers about a VIP, who may not be one of them, and a break-glass with its review. */
export class FourEyesDrill {
  readonly #world: World;
  readonly #app: Notme;
  readonly #player: Player;
  readonly #timeline: Timeline;
  readonly #problems: string[] = [];
  readonly #used = new Map<string, string>();
  readonly #freshCode: ((userId: string) => string) | null;

  /** `freshCode`: where the clock can be moved, no code has to be waited for. */
  constructor(
    world: World,
    app: Notme,
    say: (moment: Moment) => void,
    freshCode: ((userId: string) => string) | null = null,
  ) {
    this.#world = world;
    this.#app = app;
    this.#player = new Player(world.slack);
    this.#timeline = new Timeline(say);
    this.#freshCode = freshCode;
  }

  async play(): Promise<DrillReport> {
    try {
      await this.#reported();
      await this.#signedFirst();
      await this.#refused();
      await this.#signedSecond();
      await this.#brokeTheGlass();
      await this.#reviewed();
      await this.#checked();
    } catch (error) {
      this.#problems.push(error instanceof Error ? error.message : String(error));
    }
    const measures = { notice_to_dm_ms: null, report_to_thread_ms: null, click_to_effect_ms: null };
    return {
      ok: this.#problems.length === 0,
      scenario: 'four-eyes',
      timeline: this.#timeline.moments,
      ...measures,
      click_to_verified_ms: null,
      problems: this.#problems,
    };
  }

  #channel = (): string => this.#player.channel(SECURITY_CHANNEL);

  #inChannel(what: string, text: string): Promise<SeenMessage> {
    return this.#player.message(what, this.#channel, (message) => textOf(message).includes(text));
  }

  #isDisabled = (): boolean => this.#world.mimecast.user(ada.email)?.accountDisabled === true;

  /** A code counts once: the next signature of the same person waits for the next one. */
  async #code(userId: string): Promise<string> {
    if (this.#freshCode !== null) return this.#freshCode(userId);
    const seed = this.#world.phones[userId];
    if (seed === undefined) throw new Error('this approver is not enrolled');
    if (codeAt(seed, this.#world.now()) === this.#used.get(userId)) {
      this.#timeline.note('The next one-time code is waited for');
      await new Promise((resolve) => setTimeout(resolve, untilNextCode(this.#world.now()) + 100));
    }
    const code = codeAt(seed, this.#world.now());
    this.#used.set(userId, code);
    return code;
  }

  async #reported(): Promise<void> {
    const { channel } = await this.#world.slack.act({ as: ada.id, do: 'open_dm', with: this.#world.slack.botUserId });
    await this.#world.slack.act({ as: ada.id, do: 'message', channel: String(channel), text: "I didn't do this" });
    await this.#player.until('the linked accounts on the card', async () =>
      textOf(await this.#card()).includes(ada.email),
    );
    this.#timeline.note('Ada, a VIP, reports; the card shows her accounts');
  }

  #card(): Promise<SeenMessage> {
    return this.#inChannel('the incident card', 'incident_take');
  }

  async #decide(action: string, texts: Readonly<Record<string, string>>): Promise<void> {
    await this.#player.press(bea.id, this.#channel(), await this.#card(), `incident_action.${action}`);
    const { id } = await this.#player.modal(bea.id, 'decide');
    await this.#player.approve(bea.id, id, { ...texts, code: await this.#code(bea.id) });
  }

  async #signedFirst(): Promise<void> {
    await this.#decide('disable_account', { reason: 'Ada did not do this' });
    await this.#inChannel('what waits in the thread', 'decision_countersign');
    this.#timeline.note('Bea signs "Disable"; the thread says that a second approver is missing, and who can be it');
    if (this.#isDisabled()) this.#problems.push('one signature disabled a VIP');
    await this.#player.until('what waits on the card', async () =>
      textOf(await this.#card()).includes('Waits for a second approver'),
    );
  }

  async #refused(): Promise<void> {
    const waiting = await this.#inChannel('the button', 'decision_countersign');
    // Whoever it is about sees the channel as well: by mistake, or because an approver's Slack was taken.
    await this.#world.slack.act({ as: bea.id, do: 'invite', channel: this.#channel(), user: ada.id });
    for (const [who, why] of [
      [bea, 'You are the same person'],
      [ada, 'approver'],
    ] as const) {
      await this.#player.press(who.id, this.#channel(), waiting, 'decision_countersign');
      await this.#toldPrivately(who, why);
      this.#timeline.note(`${who.real_name} presses "Sign as second approver" and is told privately why not`);
    }
    if (this.#isDisabled()) this.#problems.push('a refused signature disabled a VIP');
  }

  async #toldPrivately({ id }: { readonly id: string }, why: string): Promise<void> {
    await this.#world.slack.wait({ timeout_ms: 20_000, until: { ephemeral: { user: id, text_contains: why } } });
  }

  async #signedSecond(): Promise<void> {
    const waiting = await this.#inChannel('the button', 'decision_countersign');
    await this.#player.press(cem.id, this.#channel(), waiting, 'decision_countersign');
    const { id } = await this.#player.modal(cem.id, 'countersign');
    const result = await this.#player.submit(cem.id, id, { code: await this.#code(cem.id) });
    if (result !== 'cleared') throw new Error(`the second signature was not taken: ${result}`);
    await this.#player.until('the change in Mimecast', this.#isDisabled);
    await this.#inChannel('the second approver in the thread', 'Second approver: ');
    await this.#inChannel('the result', '*Mimecast: Disable* verified');
    await this.#player.until(
      'the end of the button',
      () => !this.#player.messages(this.#channel()).some((one) => textOf(one).includes('decision_countersign')),
    );
    this.#timeline.note('Cem signs as the second: Mimecast disables the account, and the button is gone');
  }

  async #brokeTheGlass(): Promise<void> {
    await this.#decide('enable_account', { reason: 'it was her', override: 'I stand beside her', break_glass: WHY });
    await this.#player.until('the change in Mimecast', () => !this.#isDisabled());
    await this.#inChannel('the break-glass in the thread', 'Break-glass: this ran with one approver');
    this.#timeline.note('Bea breaks the glass: the account is enabled at once, and the thread says so loudly');
    await this.#player.message(
      'the direct message to Cem',
      () => this.#player.dmOf(cem.id),
      (message) => textOf(message).includes(WHY),
    );
    this.#timeline.note('Cem is told by direct message, with the reason');
  }

  async #reviewed(): Promise<void> {
    const open = await this.#inChannel('the open review', 'review_sign');
    await this.#player.press(bea.id, this.#channel(), open, 'review_sign');
    await this.#toldPrivately(bea, 'You broke the glass yourself');
    await this.#player.press(cem.id, this.#channel(), open, 'review_sign');
    const { id } = await this.#player.modal(cem.id, 'review');
    const result = await this.#player.submit(cem.id, id, { code: await this.#code(cem.id) });
    if (result !== 'cleared') throw new Error(`the review was not taken: ${result}`);
    await this.#inChannel('the signed review', 'Reviewed and signed by');
    this.#timeline.note('Bea may not sign the review of what she did herself; Cem signs it');
  }

  async #checked(): Promise<void> {
    const { db } = this.#app.core;
    const { rows } = await db.query<{ action: string; two: boolean; broken: boolean; reviewed: boolean }>(
      `select action, second is not null as two, break_glass is not null as broken, review is not null as reviewed
       from decisions order by decided_at`,
    );
    const said = rows.map(({ action, two, broken, reviewed }) => [action, two, broken, reviewed].join(' '));
    const expected = ['disable_account true false false', 'enable_account false true true'];
    if (said.join() !== expected.join()) this.#problems.push(`the decisions are ${said.join(', ')}`);
    const chains = await verifyChains(db);
    this.#problems.push(
      ...chains.problems.map((one) => `record of ${one.incidentId}, entry ${one.seq}: ${one.problem}`),
    );
    this.#timeline.note(`The record is ${chains.ok ? 'whole' : 'broken'}: ${chains.entries} entries`);
  }
}
