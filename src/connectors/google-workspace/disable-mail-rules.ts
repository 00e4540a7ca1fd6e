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
  writeReplies,
  type AutoForwarding,
  type Filter,
  type MailRules,
  type OpenRules,
} from './mail-rules.js';
import { savedAddress, textOfSendAs } from './send-as.js';
import { savedJson } from './shapes.js';
import { SCOPE } from './scopes.js';
import type { Body } from './bodies.js';
import type { GoogleAction } from './user.js';
import { notAllShown, type Tools } from './tools.js';

const MANY = 'rules, delegates, forwarding and send-as addresses';

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
  send_as: z.array(z.string()),
  replies_to: z.string(),
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
  send_as: rules.aliases.flatMap((one) => textOfSendAs(one) ?? []).sort(),
  replies_to: rules.replies,
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
  const senders = z.array(savedAddress).safeParse(missingFrom(now.send_as, before.send_as));
  if (!filters.success || !senders.success) return Promise.resolve(err(FOREIGN_FACTS));
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
    ...senders.data.filter(({ ownServer }) => ownServer !== true).map((one) => make('sendAs', gmailSharing, one)),
    ...(before.replies_to === '' || before.replies_to === now.replies_to
      ? []
      : [() => writeReplies(mailbox, before.replies_to)]),
    ...(json.enabled === true && forwardingText(json) !== now.auto_forwarding ? [forward] : []),
  ]);
}

/** Whether each of them is told so far that it could be made again. */
const isTold = ({ filters, addresses, aliases, replies }: MailRules): boolean =>
  replies !== null &&
  filters.every(({ criteria }) => criteria !== null) &&
  addresses.every(({ verificationStatus }) => verificationStatus !== '') &&
  aliases.every(({ isPrimary, written }) => isPrimary !== null && written !== null);

function cannotRestore(before: Facts): string | null {
  const { data } = savedRules.safeParse(before);
  if (data === undefined) return null;
  const senders = data.send_as.flatMap((text) => savedAddress.safeParse(text).data ?? []);
  const named = (own: boolean): readonly string[] =>
    senders.filter(({ ownServer }) => (ownServer === true) === own).map(({ sendAsEmail }) => sendAsEmail);
  const asked = [...data.forwarding_addresses.map(emailOf), ...named(false)];
  const parts = [
    asked.length === 0
      ? ''
      : `Gmail asks the owners of ${asked.join(', ')} to confirm again before mail can be sent there, or as them.`,
    named(true).length === 0
      ? ''
      : `Sending as ${named(true).join(', ')} went through a server whose password Gmail does not show: the person adds it again.`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(' ');
}

/** Stops forwarding and deletes filters that forward or hide, delegates, forwarding addresses and send-as addresses. */
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
          'Mail that was forwarded already, and signatures, the vacation reply and mail that is fetched from other accounts: look at them in Gmail',
        ),
      ],
      clicks: (_command, { login }) =>
        step(
          'Look at what the API leaves in Gmail',
          `Sit down with the person, signed in to Gmail as ${login}`,
          'In Gmail open Settings > See all settings > General: compare the signature and the vacation responder',
          'Under Accounts compare Check mail from other accounts',
        ),
    },
  );
  return {
    ...action,
    undo: {
      cannotRestore,
      capture: (task) =>
        mapped(readRules(api, task), ({ rules, complete }): Facts => {
          return complete && isTold(rules) ? factsOf(rules) : {};
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
