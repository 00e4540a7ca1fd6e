import { z } from 'zod';
import { canonicalJson } from '../../canonical.js';
import { ok } from '../../result.js';
import type { AccountRef, CallContext } from '../port.js';
import type { GoogleApi } from './api.js';
import { openMailbox, type Mailbox } from './gmail.js';
import type { Answer } from './handler.js';
import { readList } from './pages.js';
import { savedJson } from './saved-json.js';
import { SCOPE } from './scopes.js';

const labels = z.array(z.string()).catch([]).default([]);

const filter = z.object({
  id: z.string().min(1),
  criteria: z.record(z.string(), z.json()).catch({}).default({}),
  action: z.object({
    addLabelIds: labels,
    removeLabelIds: labels,
    forward: z.string().optional().catch(undefined),
  }),
});
export type Filter = z.output<typeof filter>;

const autoForwarding = z.object({
  enabled: z.boolean().default(false),
  emailAddress: z.string().optional(),
  disposition: z.string().optional(),
});
export type AutoForwarding = z.output<typeof autoForwarding>;

const delegate = z.object({ delegateEmail: z.string().min(3), verificationStatus: z.string().catch('').default('') });
const address = z.object({ forwardingEmail: z.string().min(3), verificationStatus: z.string().catch('').default('') });

/** Everything in a mailbox that sends mail elsewhere, hides it, or lets somebody else read it. */
export interface MailRules {
  readonly autoForwarding: AutoForwarding;
  /** Only filters that forward, delete, archive, mark as read or send to spam: sorting by label harms nobody. */
  readonly filters: readonly Filter[];
  readonly delegates: readonly z.output<typeof delegate>[];
  readonly addresses: readonly z.output<typeof address>[];
}

const HIDING_ADDED = new Set(['TRASH', 'SPAM']);
const HIDING_REMOVED = new Set(['INBOX', 'UNREAD']);

export const forwards = ({ action }: Filter): boolean => action.forward !== undefined;

export const isSuspect = (one: Filter): boolean =>
  forwards(one) ||
  one.action.addLabelIds.some((label) => HIDING_ADDED.has(label)) ||
  one.action.removeLabelIds.some((label) => HIDING_REMOVED.has(label));

const savedFilter = z.strictObject({
  criteria: z.record(z.string(), z.json()),
  action: z.strictObject({
    addLabelIds: z.array(z.string()).optional(),
    removeLabelIds: z.array(z.string()).optional(),
    forward: z.string().optional(),
  }),
});
export type SavedFilter = z.output<typeof savedFilter>;

/** What `capture` saved, read again. */
export const savedRules = z.object({
  auto_forwarding: savedJson.pipe(autoForwarding),
  filters: z.array(z.string()),
  delegates: z.array(z.string()),
  forwarding_addresses: z.array(z.string()),
});
export type SavedRules = z.output<typeof savedRules>;

export const parseFilter = savedJson.pipe(savedFilter);

/** The form in which a filter is saved and made again; Gmail gives it a new id then. */
export const filterText = ({ criteria, action }: Filter): string =>
  canonicalJson({
    criteria,
    action: {
      ...(action.addLabelIds.length === 0 ? {} : { addLabelIds: action.addLabelIds }),
      ...(action.removeLabelIds.length === 0 ? {} : { removeLabelIds: action.removeLabelIds }),
      ...(action.forward === undefined ? {} : { forward: action.forward }),
    },
  });

export const autoForwardingText = ({ enabled, emailAddress, disposition }: AutoForwarding): string =>
  enabled
    ? canonicalJson({
        enabled,
        ...(emailAddress === undefined ? {} : { emailAddress }),
        ...(disposition === undefined ? {} : { disposition }),
      })
    : canonicalJson({ enabled });

export const ruleId = {
  autoForwarding: 'auto_forwarding',
  filter: (id: string): string => `filter:${id}`,
  delegate: (email: string): string => `delegate:${email}`,
  address: (email: string): string => `forwarding_address:${email}`,
} as const;

/** The ids of the rules, as evidence shows them. */
export function idsOf(rules: MailRules): readonly string[] {
  return [
    ...(rules.autoForwarding.enabled ? [ruleId.autoForwarding] : []),
    ...rules.filters.map(({ id }) => ruleId.filter(id)),
    ...rules.delegates.map(({ delegateEmail }) => ruleId.delegate(delegateEmail)),
    ...rules.addresses.map(({ forwardingEmail }) => ruleId.address(forwardingEmail)),
  ];
}

export interface OpenRules {
  readonly mailbox: Mailbox;
  readonly rules: MailRules;
}

/** Gmail gives these lists whole, in one page. */
export async function readRules(api: GoogleApi, account: AccountRef, call: CallContext): Answer<OpenRules> {
  const opened = await openMailbox(api, account, call);
  if (!opened.ok) return opened;
  const mailbox = opened.value;
  const of = (part: string) => mailbox.request(part, SCOPE.gmailSettings);
  const [forwarding, filters, delegates, addresses] = await Promise.all([
    api.read(of('autoForwarding'), autoForwarding),
    readList(api, of('filters'), { key: 'filter', item: filter, maxPages: 1 }),
    readList(api, of('delegates'), { key: 'delegates', item: delegate, maxPages: 1 }),
    readList(api, of('forwardingAddresses'), { key: 'forwardingAddresses', item: address, maxPages: 1 }),
  ]);
  if (!forwarding.ok) return forwarding;
  if (!filters.ok) return filters;
  if (!delegates.ok) return delegates;
  if (!addresses.ok) return addresses;
  const rules: MailRules = {
    autoForwarding: forwarding.value,
    filters: filters.value.items.filter(isSuspect),
    delegates: delegates.value.items,
    addresses: addresses.value.items,
  };
  return ok({ mailbox, rules });
}
