import { z } from 'zod';
import type { EvidenceItem, Receipt } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import type { GoogleApi } from './api.js';
import { isGone } from './errors.js';
import { openMailbox, type Mailbox } from './gmail.js';
import { SCOPE, type Scope } from './scopes.js';
import { isOwn, repliesOf, sendAs, sendAsItem, type SendAs } from './send-as.js';
import { word } from './shapes.js';

const labels = z.array(z.string().min(1)).default([]);

const criterion = z.string().optional();
const whether = z.boolean().optional();

/** `FilterCriteria` of the Gmail API, as far as it is known. */
const known = z.looseObject({
  from: criterion,
  to: criterion,
  subject: criterion,
  query: criterion,
  negatedQuery: criterion,
  hasAttachment: whether,
  excludeChats: whether,
  size: z.number().optional(),
  sizeComparison: criterion,
});

/** What is not known is kept too: an undo makes the filter again. */
const criteria = z.record(z.string(), z.json()).refine((all) => known.safeParse(all).success);

export const filter = z.object({
  id: z.string().min(1),
  /** `null`: they cannot be read; without them it would be about all mail. */
  criteria: criteria.default({}).nullable().catch(null),
  action: z.object({
    addLabelIds: labels,
    removeLabelIds: labels,
    forward: z.string().optional(),
  }),
});
export type Filter = z.output<typeof filter>;

export const autoForwarding = z.object({
  /** `null`: Gmail does not tell. */
  enabled: z.boolean().nullable().catch(null).default(null),
  emailAddress: z.string().optional(),
  disposition: z.string().optional(),
});
export type AutoForwarding = z.output<typeof autoForwarding>;

export const delegate = z.object({ delegateEmail: z.string().min(3), verificationStatus: word });
export const address = z.object({ forwardingEmail: z.string().min(3), verificationStatus: word });

/** Everything in a mailbox that sends mail elsewhere, hides it, or lets somebody else read it. */
export interface MailRules {
  /** `null`: it cannot be read. */
  readonly autoForwarding: AutoForwarding | null;
  /** Only filters that forward, delete, archive, mark as read or send to spam: sorting by label harms nobody. */
  readonly filters: readonly Filter[];
  readonly delegates: readonly z.output<typeof delegate>[];
  readonly addresses: readonly z.output<typeof address>[];
  /** Addresses that the person sends as, besides the own one. */
  readonly aliases: readonly SendAs[];
  /** Where replies to the own address go, empty: nowhere else; `null`: it cannot be read. */
  readonly replies: string | null;
}

const HIDING_ADDED = new Set(['TRASH', 'SPAM']);
const HIDING_REMOVED = new Set(['INBOX', 'UNREAD']);

/** Deleted, or sent to spam: nobody looks there. */
const discards = ({ action }: Filter): boolean => action.addLabelIds.some((label) => HIDING_ADDED.has(label));

/** One that does nothing is no filter of Gmail's: what it does is not told. */
const isUntold = ({ action: { forward, addLabelIds, removeLabelIds } }: Filter): boolean =>
  forward === undefined && addLabelIds.length + removeLabelIds.length === 0;

const isSuspect = (one: Filter): boolean =>
  isUntold(one) ||
  one.action.forward !== undefined ||
  discards(one) ||
  one.action.removeLabelIds.some((label) => HIDING_REMOVED.has(label));

/** A rule as evidence shows it, and how it is removed. */
export interface Rule {
  readonly item: EvidenceItem;
  /** It may be off: it is stopped all the same, and proves nothing. */
  readonly untold?: true;
  remove(): Answer<Receipt>;
}

const LONGEST = 300;

function deedOf(one: Filter): string {
  if (one.action.forward !== undefined) return `Forward to ${one.action.forward}`;
  if (one.action.addLabelIds.includes('TRASH')) return 'Delete';
  if (one.action.addLabelIds.includes('SPAM')) return 'Send to spam';
  return one.action.removeLabelIds.includes('INBOX') ? 'Skip the inbox' : 'Mark as read';
}

function wordsOf({ criteria }: Filter): string {
  if (criteria === null) return 'mail that is not told';
  const words = Object.entries(criteria).map(
    ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return words.length === 0 ? 'all mail' : words.join(', ');
}

const forwardingItem = ({ emailAddress, disposition }: AutoForwarding): EvidenceItem => ({
  id: 'auto_forwarding',
  title: `Forward all mail to ${emailAddress ?? 'an address that Gmail does not show'}`,
  at: null,
  givesMailTo: emailAddress === undefined ? [] : [emailAddress],
  detail: disposition ?? '',
});

const filterItem = (one: Filter): EvidenceItem => ({
  id: `filter:${one.id}`,
  title: `${deedOf(one)}: ${wordsOf(one)}`.slice(0, LONGEST),
  at: null,
  givesMailTo: one.action.forward === undefined ? [] : [one.action.forward],
  hidesMail: discards(one),
});

const addressItem = (kind: string, title: string, email: string, detail: string): EvidenceItem => ({
  id: `${kind}:${email}`,
  title: `${title} ${email}`,
  at: null,
  givesMailTo: [email],
  detail,
});

/** Whether Gmail says that it forwards, or that it does not. */
const isTold = (forwarding: AutoForwarding | null): boolean => forwarding !== null && forwarding.enabled !== null;

/** Forwarding first: if a later removal fails, no mail flows out. Gmail does not say when they were created. */
function rulesOf(mailbox: Mailbox, rules: MailRules): readonly Rule[] {
  const { autoForwarding, filters, delegates, addresses } = rules;
  const { gmailSettings, gmailSharing } = SCOPE;
  const dropped = (part: string, id: string, scope: Scope) => (): Answer<Receipt> =>
    mailbox.change(`${part}/${encodeURIComponent(id)}`, { method: 'DELETE', scope }, isGone);
  const stopped = (): Answer<Receipt> =>
    mailbox.change('autoForwarding', { method: 'PUT', scope: gmailSharing, json: { enabled: false } });
  const unknown: EvidenceItem = { id: 'auto_forwarding', title: 'Forwarding that cannot be read', at: null };
  return [
    ...(isTold(autoForwarding) ? [] : [{ item: unknown, untold: true as const, remove: stopped }]),
    ...(autoForwarding?.enabled ? [{ item: forwardingItem(autoForwarding), remove: stopped }] : []),
    ...filters.map((one) => ({ item: filterItem(one), remove: dropped('filters', one.id, gmailSettings) })),
    ...delegates.map(({ delegateEmail: email, verificationStatus: status }) => ({
      item: addressItem('delegate', 'Delegate', email, status),
      remove: dropped('delegates', email, gmailSharing),
    })),
    ...addresses.map(({ forwardingEmail: email, verificationStatus: status }) => ({
      item: addressItem('forwarding_address', 'Forwarding address', email, status),
      remove: dropped('forwardingAddresses', email, gmailSharing),
    })),
    ...rules.aliases.map((one) => ({
      item: sendAsItem(one),
      ...(one.isPrimary === null ? { untold: true as const } : {}),
      remove: dropped('sendAs', one.email, gmailSharing),
    })),
    ...repliesElsewhere(mailbox, rules),
  ];
}

/** Only the own address can be changed without being deleted, and that by its owner alone. */
function repliesElsewhere(mailbox: Mailbox, { replies }: MailRules): readonly Rule[] {
  if (replies === '') return [];
  const remove = (): Answer<Receipt> => writeReplies(mailbox, '');
  if (replies === null)
    return [{ item: { id: 'reply_to', title: 'Replies that cannot be read', at: null }, untold: true, remove }];
  return [{ item: { id: 'reply_to', title: `Replies go to ${replies}`, at: null, givesMailTo: [replies] }, remove }];
}

export const writeReplies = (mailbox: Mailbox, replyToAddress: string): Answer<Receipt> =>
  mailbox.change(`sendAs/${encodeURIComponent(mailbox.owner)}`, {
    method: 'PATCH',
    scope: SCOPE.gmailSettings,
    json: { replyToAddress },
  });

export interface OpenRules {
  readonly mailbox: Mailbox;
  readonly rules: MailRules;
  readonly items: readonly Rule[];
  /** False when Gmail has more of them than it showed, or an unreadable one. */
  readonly complete: boolean;
}

export async function readRules(api: GoogleApi, target: Target): Answer<OpenRules> {
  const opened = await openMailbox(api, target);
  if (!opened.ok) return opened;
  const mailbox = opened.value;
  const read = allOf([
    mailbox.read('autoForwarding', autoForwarding.nullable().catch(null)),
    mailbox.list('filters', { key: 'filter', item: filter }),
    mailbox.list('delegates', { key: 'delegates', item: delegate }),
    mailbox.list('forwardingAddresses', { key: 'forwardingAddresses', item: address }),
    mailbox.list('sendAs', { key: 'sendAs', item: sendAs }),
  ]);
  return mapped(read, ([forwarding, filters, delegates, addresses, senders]) => {
    const own = senders.items.find((one) => isOwn(one, mailbox.owner));
    const rules: MailRules = {
      autoForwarding: forwarding,
      filters: filters.items.filter(isSuspect),
      delegates: delegates.items,
      addresses: addresses.items,
      aliases: senders.items.filter((one) => !isOwn(one, mailbox.owner)),
      replies: repliesOf(own, mailbox.owner),
    };
    const whole = [filters, delegates, addresses, senders].every(({ complete }) => complete);
    // Gmail always shows the own address: an answer without it does not show all.
    const complete = isTold(forwarding) && whole && own !== undefined;
    return { mailbox, rules, items: rulesOf(mailbox, rules), complete };
  });
}
