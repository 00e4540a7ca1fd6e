import type { ActionKind } from '../../src/ports/connector.js';
import type { Notme } from '../../src/main/app.js';
import { verifyChains } from '../../src/audit/verify.js';
import { PEOPLE, SECURITY_CHANNEL } from '../world/people.js';
import { codeAt, untilNextCode } from '../world/phones.js';
import type { World } from '../world/world.js';
import { Player, type SeenMessage, textOf } from './player.js';
import { type Moment, Timeline } from './timeline.js';

export interface DrillReport {
  /** True only if every effect was read back and no problem was found. */
  readonly ok: boolean;
  readonly scenario: string;
  readonly timeline: readonly Moment[];
  /** From the identity system's event to the direct message, ms; `null` when it never came. */
  readonly notice_to_dm_ms: number | null;
  readonly report_to_thread_ms: number | null;
  /** From the approver's submit to the change in the identity system. */
  readonly click_to_effect_ms: number | null;
  /** From the approver's submit to "verified" in the thread. */
  readonly click_to_verified_ms: number | null;
  readonly problems: readonly string[];
}

interface Measures {
  notice_to_dm_ms: number | null;
  report_to_thread_ms: number | null;
  click_to_effect_ms: number | null;
  click_to_verified_ms: number | null;
}

const { ada, bea } = PEOPLE;

/** One incident from the attacker's reset to the contained account, played over the real protocols. */
export class Drill {
  readonly #world: World;
  readonly #app: Notme;
  readonly #player: Player;
  readonly #timeline: Timeline;
  readonly #problems: string[] = [];
  readonly #measures: Measures = {
    notice_to_dm_ms: null,
    report_to_thread_ms: null,
    click_to_effect_ms: null,
    click_to_verified_ms: null,
  };
  #usedCode = '';

  constructor(world: World, app: Notme, say: (moment: Moment) => void) {
    this.#world = world;
    this.#app = app;
    this.#player = new Player(world.slack);
    this.#timeline = new Timeline(say);
  }

  #at(): number {
    return this.#timeline.at();
  }

  #note(what: string): number {
    return this.#timeline.note(what);
  }

  async play(): Promise<DrillReport> {
    try {
      await this.#noticed();
      await this.#reported();
      await this.#reset();
      await this.#lockedDown();
      await this.#checked();
    } catch (error) {
      this.#problems.push(error instanceof Error ? error.message : String(error));
    }
    return {
      ok: this.#problems.length === 0,
      scenario: 'default',
      timeline: this.#timeline.moments,
      ...this.#measures,
      problems: this.#problems,
    };
  }

  #ada = (): string | null => this.#player.dmOf(ada.id);
  #channel = (): string => this.#player.channel(SECURITY_CHANNEL);

  async #noticed(): Promise<void> {
    const start = this.#note("An attacker resets Ada's Mimecast password");
    this.#world.attack(ada.email);
    await this.#player.message("the notice in Ada's direct messages", this.#ada, (message) =>
      textOf(message).includes('notice_not_me'),
    );
    this.#measures.notice_to_dm_ms = this.#note('Ada gets a direct message: "Was this you?"') - start;
  }

  async #reported(): Promise<void> {
    const dm = this.#ada() ?? '';
    const notice = await this.#player.message(
      'the notice',
      () => dm,
      (message) => textOf(message).includes('notice_not_me'),
    );
    const start = this.#note('Ada presses "I didn\'t do this"');
    await this.#player.press(ada.id, dm, notice, 'notice_not_me');
    await this.#card();
    this.#measures.report_to_thread_ms = this.#note(`An incident thread opens in #${SECURITY_CHANNEL}`) - start;
    await this.#player.message("the status in Ada's direct messages", this.#ada, (message) =>
      textOf(message).includes('security team'),
    );
    this.#note('Ada is told that the security team is on it');
    await this.#player.until('the linked accounts on the card', async () =>
      textOf(await this.#card()).includes(ada.email),
    );
    this.#note('The card shows her linked accounts and their present state');
  }

  #card(): Promise<SeenMessage> {
    return this.#player.message('the incident card', this.#channel, (message) =>
      textOf(message).includes('incident_take'),
    );
  }

  /** A code counts once: the next decision waits for the next one. */
  async #code(): Promise<string> {
    const seed = this.#world.phones[bea.id];
    if (seed === undefined) throw new Error('Bea is not enrolled');
    let code = codeAt(seed, this.#world.now());
    if (code === this.#usedCode) {
      this.#note('Bea waits for the next one-time code');
      await new Promise((resolve) => setTimeout(resolve, untilNextCode(this.#world.now()) + 100));
      code = codeAt(seed, this.#world.now());
    }
    this.#usedCode = code;
    return code;
  }

  async #decide(action: string, reason: string): Promise<number> {
    const code = await this.#code();
    await this.#player.press(bea.id, this.#channel(), await this.#card(), `incident_action.${action}`);
    const modal = await this.#player.modal(bea.id, 'decide');
    const start = this.#at();
    await this.#player.approve(bea.id, modal.id, { reason, code });
    return start;
  }

  #result(system: string, action: string, outcome: string): Promise<SeenMessage> {
    return this.#player.message(`"${system}: ${action} ${outcome}" in the thread`, this.#channel, (message) =>
      textOf(message).includes(`*${system}: ${action}* ${outcome}`),
    );
  }

  async #reset(): Promise<void> {
    const before = this.#world.mimecast.effects().length;
    const start = await this.#decide('reset_password', 'Ada did not reset it herself');
    this.#note('Bea approves "Reset password" with her one-time code');
    const effect = () =>
      this.#world.mimecast
        .effects()
        .slice(before)
        .some((one) => one.kind === 'reset_password');
    await this.#player.until('the reset in Mimecast', effect);
    this.#measures.click_to_effect_ms = Math.round((this.#at() - start) * 10) / 10;
    this.#note('Mimecast has a new password that must be changed');
    await this.#result('Mimecast', 'Reset password', 'verified');
    this.#measures.click_to_verified_ms = Math.round((this.#at() - start) * 10) / 10;
    this.#note('The thread says: Mimecast, Reset password, verified');
    if (this.#world.activeDirectory) {
      await this.#result('Active Directory', 'Reset password', 'verified');
      this.#note('The thread says: Active Directory, Reset password, verified');
    }
  }

  async #lockedDown(): Promise<void> {
    await this.#decide('lockdown', 'Contain everything until we have spoken to Ada');
    this.#note('Bea approves "Lock down everything"');
    const systems = ['Mimecast', ...(this.#world.activeDirectory ? ['Active Directory'] : [])];
    for (const system of systems) {
      await this.#result(system, 'Disable', 'verified');
      this.#note(`The thread says: ${system}, Disable, verified`);
    }
    const { db, workspaceId } = this.#app.core;
    await this.#player.until('the end of every step', async () => {
      const { rows } = await db.query<{ open: number }>(
        'select count(*)::int as open from steps where workspace_id = $1 and finished_at is null',
        [workspaceId],
      );
      return rows[0]?.open === 0;
    });
    this.#note('Every step has ended');
  }

  /** What the identity systems really hold now, and whether the record is whole. */
  async #checked(): Promise<void> {
    const user = this.#world.mimecast.user(ada.email);
    if (!user?.accountDisabled) this.#problems.push('Mimecast: the account is not disabled');
    if (!user?.forcePasswordChange) this.#problems.push('Mimecast: the password need not be changed');
    const group = this.#world.mimecast.state().groups.find((one) => one.name === 'containment-2-step');
    if (!group?.members.includes(ada.email)) this.#problems.push('Mimecast: the account is not in the 2-step group');
    for (const account of (await this.#world.activeDirectory?.accounts()) ?? []) {
      if (account.login !== ada.email) continue;
      if (!account.disabled) this.#problems.push('Active Directory: the account is not disabled');
      if (!account.mustChange) this.#problems.push('Active Directory: the password need not be changed');
    }
    const { db } = this.#app.core;
    const { rows } = await db.query<{ system: string; action: ActionKind }>(
      "select system, action from steps where status = 'needs_human'",
    );
    for (const { system, action } of rows) this.#problems.push(`${system}: ${action} needs a human`);
    const chains = await verifyChains(db);
    this.#problems.push(
      ...chains.problems.map((one) => `record of ${one.incidentId}, entry ${one.seq}: ${one.problem}`),
    );
    this.#note(`The record is ${chains.ok ? 'whole' : 'broken'}: ${chains.entries} entries`);
  }
}
