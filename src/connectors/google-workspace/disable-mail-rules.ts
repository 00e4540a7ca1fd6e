import { err, ok } from '../../result.js';
import type { Receipt } from '../port.js';
import { settle, type Mailbox } from './gmail.js';
import {
  chosenOf,
  doesNotHold,
  each,
  holds,
  isChosen,
  type Answer,
  type Handler,
  type Task,
  type Tools,
} from './handler.js';
import {
  autoForwardingText,
  filterText,
  idsOf,
  parseFilter,
  readRules,
  ruleId,
  type MailRules,
  savedRules,
  type SavedFilter,
  type SavedRules,
} from './mail-rules.js';
import { unreadableFacts } from './saved-json.js';
import { SCOPE } from './scopes.js';

const gone = ({ kind }: { kind: string }): boolean => kind === 'not_found';
const there = ({ kind, message }: { kind: string; message: string }): boolean =>
  kind === 'conflict' || /exists/i.test(message);

type Step = () => Answer<Receipt>;

/** Forwarding is stopped before anything else: each step that fails later leaves no mail flowing out. */
function removals(mailbox: Mailbox, rules: MailRules, chosen: (id: string) => boolean): readonly Step[] {
  const steps: Step[] = [];
  const drop = (part: string, scope: typeof SCOPE.gmailSettings | typeof SCOPE.gmailSharing): void =>
    void steps.push(async () => settle(await mailbox.write('DELETE', part, scope), gone));
  if (rules.autoForwarding.enabled && chosen(ruleId.autoForwarding)) {
    const off = { enabled: false };
    steps.push(async () => settle(await mailbox.write('PUT', 'autoForwarding', SCOPE.gmailSharing, off), () => false));
  }
  for (const { id } of rules.filters)
    if (chosen(ruleId.filter(id))) drop(`filters/${encodeURIComponent(id)}`, SCOPE.gmailSettings);
  for (const { delegateEmail } of rules.delegates)
    if (chosen(ruleId.delegate(delegateEmail)))
      drop(`delegates/${encodeURIComponent(delegateEmail)}`, SCOPE.gmailSharing);
  for (const { forwardingEmail } of rules.addresses)
    if (chosen(ruleId.address(forwardingEmail)))
      drop(`forwardingAddresses/${encodeURIComponent(forwardingEmail)}`, SCOPE.gmailSharing);
  return steps;
}

/** By contents, not by id: what is made again has a new id. */
const factsOf = (rules: MailRules) => ({
  auto_forwarding: autoForwardingText(rules.autoForwarding),
  filters: rules.filters.map(filterText).sort(),
  delegates: rules.delegates.map(({ delegateEmail }) => delegateEmail).sort(),
  forwarding_addresses: rules.addresses.map((one) => `${one.forwardingEmail} (${one.verificationStatus})`).sort(),
});

/** How often each text of `saved` is still wanted: two equal filters are two. */
function missing(saved: readonly string[], present: readonly string[]): readonly string[] {
  const left = [...present];
  return saved.filter((text) => {
    const index = left.indexOf(text);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

const emailOf = (text: string): string => text.replace(/ \([^()]*\)$/, '');

/**
 * Addresses come first: what forwards may only name one that is there. It comes last, because Gmail may refuse it.
 * `null` when a saved filter cannot be read.
 */
function returns(mailbox: Mailbox, rules: MailRules, before: SavedRules): readonly Step[] | null {
  const now = factsOf(rules);
  const create =
    (part: string, scope: typeof SCOPE.gmailSettings | typeof SCOPE.gmailSharing, json: unknown): Step =>
    async () =>
      settle(await mailbox.write('POST', part, scope, json), there);
  const filters = parseFilters(missing(before.filters, now.filters));
  if (filters === null) return null;
  const make = (filter: SavedFilter): Step => create('filters', SCOPE.gmailSettings, filter);
  const forwarding = before.auto_forwarding;
  const forward: Step = async () =>
    settle(await mailbox.write('PUT', 'autoForwarding', SCOPE.gmailSharing, forwarding), () => false);
  const changed = forwarding.enabled && autoForwardingText(forwarding) !== now.auto_forwarding;
  return [
    ...missing(before.forwarding_addresses.map(emailOf), now.forwarding_addresses.map(emailOf)).map((forwardingEmail) =>
      create('forwardingAddresses', SCOPE.gmailSharing, { forwardingEmail }),
    ),
    ...filters.filter(({ action }) => action.forward === undefined).map(make),
    ...missing(before.delegates, now.delegates).map((delegateEmail) =>
      create('delegates', SCOPE.gmailSharing, { delegateEmail }),
    ),
    ...filters.filter(({ action }) => action.forward !== undefined).map(make),
    ...(changed ? [forward] : []),
  ];
}

function parseFilters(texts: readonly string[]): readonly SavedFilter[] | null {
  const parsed = texts.map((text) => parseFilter.safeParse(text));
  const good = parsed.flatMap((one) => (one.success ? [one.data] : []));
  return good.length === texts.length ? good : null;
}

/** Stops forwarding and deletes filters that forward or hide, delegates and forwarding addresses. */
export function disableMailRules(tools: Tools): Handler {
  const read = ({ account, call }: Task) => readRules(tools.api, account, call);
  return {
    capability: {
      route: 'native',
      undo: 'restore',
      effectiveWithinSeconds: 0,
      permissions: [SCOPE.readUsers, SCOPE.gmailSettings, SCOPE.gmailSharing],
    },
    survives: [
      {
        what: 'Mail that was forwarded already, and send-as addresses, signatures and the vacation reply: look at them in Gmail',
        forSeconds: null,
      },
    ],
    async perform(task) {
      const now = await read(task);
      if (!now.ok) return now;
      const { mailbox, rules } = now.value;
      return each(
        removals(mailbox, rules, (id) => isChosen(chosenOf(task.command), id)),
        (step) => step(),
      );
    },
    async judge(task) {
      const now = await read(task);
      if (!now.ok) return now;
      const left = idsOf(now.value.rules).filter((id) => isChosen(chosenOf(task.command), id));
      return ok(
        left.length === 0
          ? holds('None of the chosen rules, delegates and forwarding addresses is left in Gmail.')
          : doesNotHold(`${left.length} of the chosen rules, delegates and forwarding addresses are still in Gmail.`),
      );
    },
    async capture(task) {
      const now = await read(task);
      return now.ok ? ok(factsOf(now.value.rules)) : now;
    },
    async restore(task, before) {
      const saved = savedRules.safeParse(before);
      if (!saved.success) return unreadableFacts('mail rules');
      const now = await read(task);
      if (!now.ok) return now;
      const steps = returns(now.value.mailbox, now.value.rules, saved.data);
      if (steps === null) return unreadableFacts('mail rules');
      const done = await each(steps, (step) => step());
      if (done.ok || (done.error.kind !== 'invalid_input' && done.error.kind !== 'conflict')) return done;
      return err({
        kind: 'conflict',
        message: `${done.error.message} A forwarding address outside the company must be confirmed by its owner again before mail can be sent there.`,
      });
    },
  };
}
