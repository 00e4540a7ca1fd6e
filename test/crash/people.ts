import { setTimeout as sleep } from 'node:timers/promises';
import { codeAt } from '../../sandbox/world/phones.js';
import { Refusal } from 'slack-sandbox';
import type { MortalApp } from './mortal-app.js';
import type { Town, Townsman } from './town.js';

const STEP_MS = 30;
const PATIENCE_S = 15;

/** Looks until there is something. @throws saying what was waited for */
export async function until<T>(
  what: string,
  look: () => T | null | Promise<T | null>,
  seconds = PATIENCE_S,
): Promise<T> {
  for (let waited = 0; waited < seconds * 1000; waited += STEP_MS) {
    const found = await look();
    if (found !== null) return found;
    await sleep(STEP_MS);
  }
  throw new Error(`waited ${String(seconds)} s in vain for ${what}`);
}

/** Somebody does something until the app has taken it: an app that is dead just then is asked again. */
async function insist<T>(app: MortalApp, deed: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await deed();
    } catch (error) {
      if (!(error instanceof Refusal) || tries === 20) throw error;
      await app.ready();
      await sleep(STEP_MS);
    }
  }
}

export interface Cast {
  readonly town: Town;
  readonly app: MortalApp;
  readonly victim: Townsman;
  /** A further approver whose code was not used lately. */
  nextApprover(): Townsman;
}

const dmWith = (town: Town, person: Townsman): string | null =>
  town.slack.state().channels.find((channel) => channel.is_im && channel.user === person.id)?.id ?? null;

interface Button {
  readonly block_id: string;
  readonly action_id: string;
}

function buttonOf(message: Readonly<Record<string, unknown>>, actionId: string): Button | null {
  const blocks = (message['blocks'] ?? []) as { block_id?: string; elements?: { action_id?: string }[] }[];
  const block = blocks.find((one) => one.elements?.some((element) => element.action_id === actionId));
  return block ? { block_id: block.block_id ?? '', action_id: actionId } : null;
}

/** The incident's card in the security channel. */
export function cardOf(
  town: Town,
  person: Townsman,
): (Readonly<Record<string, unknown>> & { readonly ts: string }) | null {
  const messages = town.slack.state().messages[town.securityChannel] ?? [];
  return (
    messages.find((one) => one['thread_ts'] === undefined && one.text.includes(person.name)) ??
    messages.find((one) => one['thread_ts'] === one.ts && one.text.includes(person.name)) ??
    null
  );
}

/** Presses a button of a message; `false` when it has none of that kind (any more). */
export async function press(
  cast: Cast,
  as: Townsman,
  where: { channel: string; ts: string },
  actionId: string,
): Promise<boolean> {
  const { slack } = cast.town;
  return insist(cast.app, async () => {
    const message = slack.state().messages[where.channel]?.find((one) => one.ts === where.ts);
    const button = message ? buttonOf(message, actionId) : null;
    if (!button) return false;
    await slack.act({ as: as.id, do: 'action', ...where, ...button });
    return true;
  });
}

/** The person says "that was not me", in words or under the notice of an attacker's reset, until the incident's card is there. */
export async function report(cast: Cast, begins: 'notice' | 'words'): Promise<void> {
  const { town, victim } = cast;
  if (begins === 'words') {
    const { channel } = await town.slack.act({ as: victim.id, do: 'open_dm', with: town.slack.botUserId });
    await town.slack.act({
      as: victim.id,
      do: 'message',
      channel: String(channel),
      text: "I didn't reset my password",
    });
  } else {
    town.mimecast.resetByAttacker(victim.email, 'intruder@crash.example', '198.51.100.23');
    await pressNotMe(cast);
  }
  await until('the incident card', () => cardOf(town, victim));
}

/** Presses "I didn't do this" under the notice, once it is there. */
export async function pressNotMe(cast: Cast): Promise<void> {
  const { town, victim } = cast;
  const channel = await until('the notice', () => {
    const dm = dmWith(town, victim);
    return dm !== null && (town.slack.state().messages[dm] ?? []).some((one) => buttonOf(one, 'notice_not_me'))
      ? dm
      : null;
  });
  const notice = town.slack.state().messages[channel]!.find((one) => buttonOf(one, 'notice_not_me'))!;
  await press(cast, victim, { channel, ts: notice.ts }, 'notice_not_me');
}

interface Modal {
  readonly id: string;
  readonly asksForCode: boolean;
}

function modalOf(town: Town, person: Townsman): Modal | null {
  const top = (town.slack.state().views[person.id] ?? []).at(-1);
  if (top?.callback_id !== 'decide') return null;
  return { id: top.id, asksForCode: top.blocks.some((block) => block['block_id'] === 'code') };
}

export const field = (id: string, value: string) => ({ [id]: { [id]: { type: 'plain_text_input', value } } });

/** Opens the modal of a decision; `null` when the app had nothing to decide on yet. */
export async function openDecision(cast: Cast, approver: Townsman, decision: string): Promise<Modal | null> {
  const { town, victim } = cast;
  const card = cardOf(town, victim);
  if (!card) return null;
  await press(cast, approver, { channel: town.securityChannel, ts: card.ts }, `incident_action.${decision}`);
  for (let tries = 0; tries < 40; tries += 1) {
    const modal = modalOf(town, approver);
    if (modal) return modal;
    await sleep(STEP_MS / 2);
  }
  return null;
}

export interface Submitted {
  readonly result: string;
  readonly errors: unknown;
}

export async function submitDecision(cast: Cast, approver: Townsman, modal: Modal): Promise<Submitted> {
  const { town, app } = cast;
  const code = modal.asksForCode ? field('code', codeAt(app.seeds[approver.id]!, town.now())) : {};
  const values = { ...field('reason', 'played by the crash test'), ...code };
  const answer = await insist(app, () =>
    town.slack.act({ as: approver.id, do: 'submit', view_id: modal.id, state: { values } }),
  );
  return { result: String(answer['result']), errors: answer['errors'] };
}

/** An approver decides; when the app dies over it, the same modal is sent off again, and in need another approver tries. */
export async function decide(cast: Cast, decision: string): Promise<void> {
  for (let tries = 0; tries < 12; tries += 1) {
    const approver = cast.nextApprover();
    const modal = await openDecision(cast, approver, decision);
    if (!modal) {
      await sleep(STEP_MS);
      continue;
    }
    const { result } = await submitDecision(cast, approver, modal);
    if (result === 'cleared') return;
    await cast.town.slack.act({ as: approver.id, do: 'close', view_id: modal.id, all: true });
  }
  throw new Error(`nobody could decide ${decision}`);
}
