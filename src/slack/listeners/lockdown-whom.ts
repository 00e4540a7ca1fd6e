import { at, list, type Phrase, phrase, type PhraseValue, user } from '../../texts/phrase.js';
import { checkRight, mayManage } from '../../approvals/policy.js';
import type { Origin } from '../../ports/core.js';
import { use } from '../../incidents/limits.js';
import { type Person, savePerson } from '../../incidents/people.js';
import { personElsewhere } from '../../incidents/people-elsewhere.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { asksForHelp } from '../../reports/help.js';
import { ok, type Result } from '../../platform/result.js';
import { plainText } from '../plain-text.js';
import { type Named, wordsOfLockdown } from './lockdown-words.js';
import type { Edge } from './shared.js';

/** For all linked systems together. */
const SYSTEMS_MS = 20_000;

/** The request in the words of `/lockdown`. */
export interface Wanted {
  readonly named: Named;
  /** Addresses in the reason: people, if Slack or a linked system knows them. */
  readonly beside: readonly string[];
  readonly reason: string;
  /** `null`: the linked systems have to be queried for who that is, or whether somebody else is named too. */
  readonly person: Person | null;
}

const usage = (why: Phrase) =>
  refuse('invalid_input', phrase('problem.lockdown.usage', { why: { phrases: [why], join: '' } }));
const unknown = (text: string) => usage(phrase('problem.lockdown.unknown', { text }));

const sayNamed = (named: readonly Named[]): PhraseValue =>
  list(
    named.map((one) => phrase('problem.lockdown.who', { who: one.by === 'id' ? user(one.who) : one.who })),
    ', ',
  );
const several = (named: readonly Named[]) =>
  refuse('invalid_input', phrase('problem.lockdown.several', { count: named.length, people: sayNamed(named) }));

/** Parses the words. One plan is shown for one person, so further names are reported, and nothing is done. */
function wantedBy(text: string): Result<Omit<Wanted, 'person'>, Problem> {
  if (text.trim() === '' || asksForHelp(text)) return refuse('invalid_input', phrase('problem.lockdown.how'));
  const { named, unresolved, groups, beside, reason } = wordsOfLockdown(text);
  if (unresolved.length > 0) return unknown(unresolved.join(', '));
  if (groups.length > 0) return usage(phrase('problem.lockdown.group', { text: groups.join(', ') }));
  const [one, ...others] = named;
  if (!one) return usage(phrase('problem.lockdown.nobody', { text: plainText(text.trim()) }));
  return others.length > 0 ? several(named) : ok({ named: one, beside, reason });
}

/** The person as Slack knows them; `null` when only a linked system may. */
async function inSlack({ core }: Edge, named: Named): Promise<Result<Person | null, Problem>> {
  if (named.by === 'login') return ok(null);
  const found = await (named.by === 'id' ? core.people.bySlackId(named.who) : core.people.byEmail(named.who));
  if (!found) return named.by === 'id' ? unknown(named.who) : ok(null);
  if (found.standing === 'app') return usage(phrase('problem.lockdown.bot'));
  if (found.email === null) return refuse('invalid_input', phrase('problem.lockdown.no_email'));
  return ok(await savePerson(core, { ...found, email: found.email }));
}

async function whoIs(edge: Edge, named: Named, origin: Origin): Promise<Result<Person, Problem>> {
  const member = await inSlack(edge, named);
  if (!member.ok) return member;
  if (member.value) return ok(member.value);
  const call = { signal: AbortSignal.timeout(SYSTEMS_MS), correlationId: origin.correlationId };
  const sought = await personElsewhere(edge.core, named.who, call);
  if (sought.found) return ok(sought.found);
  if (sought.ambiguous) return usage(phrase('problem.lockdown.ambiguous', { text: named.who }));
  if (sought.unread.length === 0) return unknown(named.who);
  return usage(phrase('problem.lockdown.unread', { text: named.who, systems: sought.unread.join(', ') }));
}

/** Who may, about whom, as far as Slack knows: checked before anything is opened. */
export async function wantedLockdown(edge: Edge, actor: string, text: string): Promise<Result<Wanted, Problem>> {
  const approver = await checkRight(edge.core, actor, 'lockdown');
  if (!approver.ok) return approver;
  const wanted = wantedBy(text);
  if (!wanted.ok) return wanted;
  const member = await inSlack(edge, wanted.value.named);
  if (!member.ok) return member;
  if (member.value === null && wanted.value.reason === '' && wanted.value.named.by === 'login')
    return unknown(wanted.value.named.who);
  if (wanted.value.reason === '') return usage(phrase('problem.lockdown.no_reason'));
  const person = wanted.value.beside.length > 0 ? null : member.value;
  if (person === null) return ok({ ...wanted.value, person });
  const allowed = await mayManage(edge.core, { right: 'lockdown', actor, target: person });
  return allowed.ok ? ok({ ...wanted.value, person }) : allowed;
}

/**
 * Queries Slack and the linked systems for who that is, and whether an address in the reason is a person who must not
 * be forgotten.
 */
export async function soughtEverywhere(
  edge: Edge,
  actor: string,
  { named, beside }: Wanted,
  origin: Origin,
): Promise<Result<Person, Problem>> {
  const used = await use({ core: edge.core, tx: edge.core.db }, actor, 'lookups');
  if (used.is !== 'within') return refuse('limited', phrase('problem.limited.lookups', { until: at(used.until) }));
  const found = await whoIs(edge, named, origin);
  if (!found.ok) return found;
  const others = await Promise.all(
    beside.map(async (who) => ({ who, other: await whoIs(edge, { by: 'email', who }, origin) })),
  );
  const forgotten = others.flatMap(({ who, other }) =>
    other.ok && other.value.id !== found.value.id ? [{ by: 'email', who } as const] : [],
  );
  if (forgotten.length > 0) return several([named, ...forgotten]);
  const allowed = await mayManage(edge.core, { right: 'lockdown', actor, target: found.value });
  return allowed.ok ? found : allowed;
}
