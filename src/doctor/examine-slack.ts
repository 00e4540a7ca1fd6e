import { en } from '../texts/en.js';
import { sayPlain, withOverrides } from '../texts/say.js';
import type { Core } from '../ports/core.js';
import { cardlessIncidents } from '../incidents/cardless.js';
import type { Messenger, MessengerFailure } from '../ports/messenger.js';
import type { Result } from '../platform/result.js';
import type { Diagnosis } from './examine.js';
import { rolesFinding } from './examine-roles.js';

const say = sayPlain(withOverrides({}));

/** What is wrong with the security channel, and how to fix it; `null` when the bot can post there. */
export function channelProblem(standing: Result<null, MessengerFailure>): string | null {
  if (standing.ok) return null;
  const failure = standing.error;
  if (failure.kind === 'unreachable') return en[`channel.${failure.detail}`];
  return say('channel.unknown', { why: failure.kind === 'throttled' ? 'ratelimited' : failure.detail });
}

type Found = Diagnosis['findings'][number];

function channelFinding(standing: Result<null, MessengerFailure>): Found {
  const trouble = channelProblem(standing);
  if (trouble === null) return { subject: 'channel', verdict: 'ok', detail: en['channel.ok'], fix: '' };
  const known = !standing.ok && standing.error.kind === 'unreachable';
  return { subject: 'channel', verdict: known ? 'misconfigured' : 'unreachable', detail: trouble, fix: '' };
}

async function cardsFinding(core: Core): Promise<Found> {
  const references = (await cardlessIncidents(core)).map(({ reference }) => reference);
  if (references.length === 0) return { subject: 'cards', verdict: 'ok', detail: en['cards.ok'], fix: '' };
  const detail = say('cards.missing', { references: references.join(', ') });
  return { subject: 'cards', verdict: 'blocked', detail, fix: '' };
}

/** Whether incidents can be seen at all (the security channel, a card for each open incident), and by whom. */
export async function examineSlack(core: Core, messenger: Messenger): Promise<Diagnosis> {
  const [channel, cards, approvers] = await Promise.all([
    messenger.standing(core.policy.securityChannel),
    cardsFinding(core),
    rolesFinding(core.roles, core.policy.twoApprovers),
  ]);
  return {
    system: 'slack',
    title: 'Slack',
    account: null,
    findings: [channelFinding(channel), cards, approvers],
    missing: null,
  };
}
