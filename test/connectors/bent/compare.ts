import type {
  AccountRef,
  AccountState,
  ConnectorFailure,
  Evidence,
  EvidenceItem,
  Facts,
  Finding,
  ReadBack,
  Receipt,
  SystemEvent,
} from '../../../src/ports/connector.js';
import type { Result } from '../../../src/platform/result.js';
import { MARK, type Bending } from './mutations.js';

type Outcome<T> = Result<T, ConnectorFailure>;

/** A result, with what was seen on the way to it. */
export interface Seen<T> {
  readonly value: T;
  /** How many requests that change something were sent. */
  readonly writes: number;
  /** Whether it was told that rows could not be read. */
  readonly told: boolean;
}

interface Bent extends Pick<Bending, 'loses' | 'inList' | 'marked'> {
  /** The action is one on items. */
  readonly ofItems: boolean;
  /** The answer before it was bent, as text. */
  readonly body: string;
}

/** What a bent answer may do to a result; `null`: this one is within it, else what is wrong. */
export type Judge<T> = (right: Seen<T>, bent: Seen<T>, how: Bent) => string | null;

const shown = (value: unknown): string => JSON.stringify([value]).slice(1, -1);
const isSame = (one: unknown, other: unknown): boolean => shown(one) === shown(other);
/** The bent text itself, shown as it is, claims nothing. */
const isMarked = (value: unknown): boolean => shown(value).includes(MARK);

/** One field of a thing never makes the whole fail; a lost thing or answer may. */
function failed<T>(right: Outcome<T>, bent: Outcome<T>, { loses, marked }: Bent): string | null {
  if (bent.ok) return null;
  if (!right.ok && right.error.kind === bent.error.kind) return null;
  // What was not asked before is not on the tape.
  if (bent.error.message.includes('HTTP 503')) return null;
  // Under another name it is another thing, which is asked for and not there.
  return loses === 'all' || (marked && loses === 'thing') ? null : `fails (${bent.error.kind}: ${bent.error.message})`;
}

export const judgeFind: Judge<Outcome<AccountRef>> = ({ value: right }, { value: bent }, how) => {
  if (how.marked) return null;
  // An account that cannot be read hides no other one that fits.
  if (!right.ok && right.error.kind === 'ambiguous' && how.loses !== 'extra') return null;
  if (!right.ok) return bent.ok ? `finds ${bent.value.login}, where it was ${right.error.kind}` : null;
  if (!bent.ok) {
    if (how.loses === 'thing' && bent.error.kind !== 'not_found') return null;
    if (bent.error.kind === 'not_found') return 'says that there is no account';
    return failed(right, bent, how);
  }
  return bent.value.accountId === right.value.accountId || isMarked(bent) ? null : 'finds somebody else';
};

/** Another id, readably: somebody else, or something else. */
const isOther = ({ marked, loses }: Bent): boolean => marked && loses !== 'detail';

export const judgeState: Judge<Outcome<AccountState>> = ({ value: right }, { value: bent }, how) => {
  if (!right.ok || !bent.ok) return bent.ok ? null : failed(right, bent, how);
  if (isOther(how)) return null;
  for (const [name, value] of Object.entries(bent.value)) {
    const before = right.value[name as keyof AccountState];
    if (value === null || isSame(value, before) || isMarked(value)) continue;
    if (Array.isArray(value) && name === 'adminRoles' && Array.isArray(before) && value.length >= before.length)
      continue;
    // The reason names what it can.
    if (name === 'protectedBecause' && before !== null) continue;
    return `${name} was ${shown(before)} and is ${shown(value)}`;
  }
  return null;
};

export const judgeReadBack: Judge<Outcome<ReadBack>> = ({ value: right }, { value: bent }, how) => {
  if (!right.ok || !bent.ok) return bent.ok ? null : failed(right, bent, how);
  if (isOther(how)) return null;
  const { verdict } = bent.value;
  return verdict === right.value.verdict || verdict === 'cannot_tell'
    ? null
    : `was ${right.value.verdict} and is ${verdict} (${bent.value.observed})`;
};

/** `null` says that there is nothing to restore; of an item, a text may be its name. */
export const judgeFacts: Judge<Outcome<Facts>> = ({ value: right }, { value: bent }, { marked, loses, ofItems }) => {
  if (!right.ok || !bent.ok || (marked && loses !== 'detail')) return null;
  for (const [name, value] of Object.entries(bent.value)) {
    if (isMarked([name, value]) || isSame(value, right.value[name])) continue;
    if (value === null && name !== 'second_email') continue;
    if (ofItems && typeof value === 'string' && value !== '') continue;
    return `saves ${name} as ${shown(value)}, where it was ${shown(right.value[name])}`;
  }
  return null;
};

/** What was not seen to be right is not told as right. */
export const judgeDoctor: Judge<readonly Finding[]> = ({ value: right }, { value: bent }) => {
  const praised = bent.find(({ subject, verdict }) => {
    const before = right.find((one) => one.subject === subject)?.verdict;
    return verdict === 'ok' && before !== 'ok' && before !== 'cannot_tell';
  });
  return praised === undefined ? null : `says that ${praised.subject} is ok (${praised.detail})`;
};

/** "Already done" is said only of what was read. */
export const judgeDeed: Judge<Outcome<Receipt>> = (right, bent) =>
  bent.value.ok && bent.writes === 0 && right.writes > 0 ? 'says that it is done, and sent nothing' : null;

/** A number may be a time as well, in milliseconds or in seconds. */
const isNumber = (at: Date | null): boolean => [7, 7000].includes(at?.getTime() ?? 0);

/** Each field of the item is as it was, or not told; titles and details may be other words. */
function itemWrong(right: EvidenceItem, bent: EvidenceItem, body: string): string | null {
  const { at, succeeded, hidesMail, givesMailTo } = bent;
  if (isNumber(at)) return null;
  if (at !== null && !isSame(at, right.at) && !body.includes(at.toISOString().slice(0, 19)))
    return `at is ${shown(at)}`;
  if (succeeded !== undefined && succeeded !== right.succeeded) return `succeeded is ${shown(succeeded)}`;
  if (hidesMail === false && right.hidesMail === true) return 'hides mail no more';
  if (givesMailTo?.length === 0 && right.givesMailTo?.length !== 0)
    return `gives mail to ${shown(givesMailTo)}, was ${shown(right.givesMailTo)}`;
  return bent.title === '' ? 'has no title' : null;
}

type Section = Evidence[keyof Evidence];
type Shown = Extract<Section, { readonly items: unknown }>;

/** What is there no more, although the answer was about other things. */
function lossWrong(gone: readonly EvidenceItem[], isWhole: boolean, { loses, inList, marked }: Bent): string | null {
  const titles = gone.map(({ title }) => title).join(', ');
  // The bent text may be the id of what it was before.
  const renamed = marked && loses !== 'detail' ? 1 : 0;
  if (gone.length > renamed && isWhole) return `lost ${titles}, and says it is complete`;
  if (loses === 'all' || !inList) return null;
  return gone.length > (loses === 'thing' ? 1 : 0) ? `lost ${titles}` : null;
}

function changeWrong(right: Shown, bent: Shown, { loses, body, marked }: Bent): string | null {
  const now = new Map(bent.items.map((item) => [item.id, item]));
  for (const item of right.items) {
    const other = now.get(item.id);
    if (other === undefined || isSame(item, other)) continue;
    if (loses === 'extra' && isMarked(other)) continue;
    // Another id, readably: a label that is not the trash hides nothing.
    if (marked && loses === 'thing') continue;
    const wrong = loses === 'extra' ? `is ${shown(other)}` : itemWrong(item, other, body);
    if (wrong !== null) return `${item.title}: ${wrong}`;
  }
  return null;
}

function sectionWrong(right: Section, bent: Section, how: Bent): string | null {
  if ('unavailable' in right) return 'unavailable' in bent || !bent.complete ? null : 'is available and complete';
  if ('unavailable' in bent)
    return how.loses === 'all' || bent.unavailable.message.includes('HTTP 503') || (how.marked && how.loses === 'thing')
      ? null
      : `is lost (${bent.unavailable.kind}: ${bent.unavailable.message})`;
  if (!right.complete && bent.complete) return 'is complete now';
  const ids = new Set(bent.items.map(({ id }) => id));
  // As many as before: one of them under another id.
  const fewer = right.items.length - bent.items.length;
  const gone = fewer > 0 ? right.items.filter(({ id }) => !ids.has(id)) : [];
  const lost = lossWrong(gone, bent.complete, how);
  return lost ?? (how.loses === 'all' ? null : changeWrong(right, bent, how));
}

export const judgeEvidence: Judge<Evidence> = ({ value: right }, { value: bent }, how) => {
  for (const [name, section] of Object.entries(bent)) {
    const wrong = sectionWrong(right[name as keyof Evidence], section, how);
    if (wrong !== null) return `${name}: ${wrong}`;
  }
  return null;
};

export type Polled = Outcome<{ readonly events: readonly SystemEvent[]; readonly cursor: string }>;

function eventWrong(right: SystemEvent, bent: SystemEvent, { loses }: Bent): string | null {
  if (bent.kind !== right.kind || (bent.login !== right.login && loses === 'detail'))
    return `${shown(right)} is ${shown(bent)}`;
  if (!isSame(bent.occurredAt, right.occurredAt)) return `${right.eventId} is at ${shown(bent.occurredAt)}`;
  return bent.own === true && right.own !== true ? `${right.eventId} is ours now` : null;
}

export const judgeEvents: Judge<Polled> = ({ value: right }, { value: bent, told }, how) => {
  if (!right.ok || !bent.ok) return bent.ok ? null : failed(right, bent, how);
  const now = new Map(bent.value.events.map((event) => [event.eventId, event]));
  const fewer = right.value.events.length - bent.value.events.length;
  const gone = fewer > 0 ? right.value.events.filter(({ eventId }) => !now.has(eventId)) : [];
  // Another kind, another result, another person: nothing that is reported, readably.
  if (gone.length > (how.marked ? 1 : 0) && !told) return `lost ${gone.length} events without a word`;
  if (gone.length > 1 && how.loses !== 'all') return `lost ${gone.length} events`;
  for (const event of right.value.events) {
    const other = now.get(event.eventId);
    const wrong = other === undefined || isMarked(other) ? null : eventWrong(event, other, how);
    if (wrong !== null) return wrong;
  }
  return null;
};
