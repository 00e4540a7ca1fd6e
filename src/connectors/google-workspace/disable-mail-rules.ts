import { z } from 'zod';
import { canonicalJson } from '../../platform/canonical.js';
import { err } from '../../platform/result.js';
import type { Facts, Receipt } from '../../ports/connector.js';
import { FOREIGN_FACTS, lasting, native, refuse, step, type Answer } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { inTurn } from '../kit/in-turn.js';
import { itemAction } from '../kit/items.js';
import { missingFrom } from '../kit/undo-list.js';
import type { GoogleFailure } from './errors.js';
import {
  autoForwarding,
  readRules,
  type AutoForwarding,
  type Filter,
  type MailRules,
  type OpenRules,
} from './mail-rules.js';
import { savedJson } from './shapes.js';
import { SCOPE } from './scopes.js';
import type { Body } from './bodies.js';
import type { GoogleAction } from './user.js';
import { notAllShown, type Tools } from './tools.js';

const MANY = 'rules, delegates and forwarding addresses';

const savedFilter = z.strictObject({
  criteria: z.record(z.string(), z.json()),
  action: z.strictObject({
    addLabelIds: z.array(z.string()).optional(),
    removeLabelIds: z.array(z.string()).optional(),
    forward: z.string().optional(),
  }),
});

/** The saved settings, parsed. */
const savedRules = z.object({
  auto_forwarding: savedJson.pipe(autoForwarding),
  filters: z.array(z.string()),
  delegates: z.array(z.string()),
  forwarding_addresses: z.array(z.string()),
});

/** The form in which a filter is saved and restored; Gmail gives it a new id then. */
const filterText = ({ criteria, action: { addLabelIds, removeLabelIds, forward } }: Filter): string =>
  canonicalJson({
    criteria,
    action: {
      ...(addLabelIds.length === 0 ? {} : { addLabelIds }),
      ...(removeLabelIds.length === 0 ? {} : { removeLabelIds }),
      ...(forward === undefined ? {} : { forward }),
    },
  });

function forwardingText(forwarding: AutoForwarding | null): string | null {
  return forwarding === null ? null : textOfForwarding(forwarding);
}

function textOfForwarding({ enabled, emailAddress, disposition }: AutoForwarding): string {
  if (!enabled) return canonicalJson({ enabled });
  return canonicalJson({
    enabled,
    ...(emailAddress === undefined ? {} : { emailAddress }),
    ...(disposition === undefined ? {} : { disposition }),
  });
}

/** By contents, not by id: a restored one has a new id. */
const factsOf = (rules: MailRules) => ({
  auto_forwarding: forwardingText(rules.autoForwarding),
  filters: rules.filters.map(filterText).sort(),
  delegates: rules.delegates.map(({ delegateEmail }) => delegateEmail).sort(),
  forwarding_addresses: rules.addresses.map((one) => `${one.forwardingEmail} (${one.verificationStatus})`).sort(),
});

const emailOf = (text: string): string => text.replace(/ \([^()]*\)$/, '');

const isThere = ({ kind, message }: GoogleFailure): boolean => kind === 'conflict' || /exists/i.test(message);

/** Addresses come first: forwarding may only name an existing one. It comes last, because Gmail may refuse it. */
function putBack({ mailbox, rules }: OpenRules, before: z.output<typeof savedRules>): Answer<Receipt> {
  const now = factsOf(rules);
  const { gmailSettings, gmailSharing } = SCOPE;
  const make = (part: string, scope: typeof gmailSettings | typeof gmailSharing, json: Body) => () =>
    mailbox.change(part, { method: 'POST', scope, json }, isThere);
  const addresses = missingFrom(now.forwarding_addresses.map(emailOf), before.forwarding_addresses.map(emailOf));
  const filters = z.array(savedJson.pipe(savedFilter)).safeParse(missingFrom(now.filters, before.filters));
  if (!filters.success) return Promise.resolve(err(FOREIGN_FACTS));
  const made = (forwarding: boolean) =>
    filters.data
      .filter(({ action }) => (action.forward !== undefined) === forwarding)
      .map((one) => make('filters', gmailSettings, one));
  const json = before.auto_forwarding;
  const forward = () =>
    mailbox.change('autoForwarding', { method: 'PUT', scope: gmailSharing, json: { ...json, enabled: true } });
  return inTurn([
    ...addresses.map((forwardingEmail) => make('forwardingAddresses', gmailSharing, { forwardingEmail })),
    ...made(false),
    ...missingFrom(now.delegates, before.delegates).map((delegateEmail) =>
      make('delegates', gmailSharing, { delegateEmail }),
    ),
    ...made(true),
    ...(json.enabled === true && forwardingText(json) !== now.auto_forwarding ? [forward] : []),
  ]);
}

/** Stops forwarding and deletes filters that forward or hide, delegates and forwarding addresses. */
export function disableMailRules({ api }: Tools): GoogleAction<'disable_mail_rules'> {
  const action: GoogleAction<'disable_mail_rules'> = itemAction(
    {
      words: { nothingLeft: `None of the chosen ${MANY} is left in Gmail.`, unread: notAllShown(MANY) },
      list: (target) => readRules(api, target),
      id: ({ item }) => item.id,
      title: ({ item }) => item.title,
      harmless: ({ untold }) => (untold ? null : false),
      change: (rule) => rule.remove(),
    },
    {
      can: native(SCOPE.readUsers, SCOPE.gmailSettings, SCOPE.gmailSharing),
      residual: [
        lasting(
          'Mail that was forwarded already, and send-as addresses, signatures and the vacation reply: look at them in Gmail',
        ),
      ],
      clicks: (_command, { login }) =>
        step(
          'Look at what the API leaves in Gmail',
          `Sit down with the person, signed in to Gmail as ${login}`,
          'In Gmail open Settings > See all settings > General: compare the signature and the vacation responder',
          'Under Accounts compare Send mail as, Reply-to, and Check mail from other accounts',
        ),
    },
  );
  return {
    ...action,
    undo: {
      cannotRestore(before) {
        const { data } = savedRules.safeParse(before);
        return data === undefined || data.forwarding_addresses.length === 0
          ? null
          : `Gmail asks the owners of ${data.forwarding_addresses.map(emailOf).join(', ')} to confirm the forwarding again before mail can be sent there.`;
      },
      capture: (task) =>
        mapped(readRules(api, task), ({ rules, complete }): Facts => {
          const isRead = complete && rules.filters.every(({ criteria }) => criteria !== null);
          return isRead && rules.addresses.every(({ verificationStatus }) => verificationStatus !== '')
            ? factsOf(rules)
            : {};
        }),
      async restore(task, before) {
        const saved = savedRules.safeParse(before);
        if (!saved.success) return err(FOREIGN_FACTS);
        const now = await readRules(api, task);
        if (!now.ok) return now;
        const done = await putBack(now.value, saved.data);
        if (done.ok || (done.error.kind !== 'invalid_input' && done.error.kind !== 'conflict')) return done;
        return refuse(
          'conflict',
          `${done.error.message} A forwarding address outside the company must be confirmed by its owner again before mail can be sent there.`,
        );
      },
    },
  };
}
