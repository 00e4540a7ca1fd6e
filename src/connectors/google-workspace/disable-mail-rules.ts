import { err, ok } from '../../result.js';
import type { Facts, Receipt } from '../port.js';
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
  parseAutoForwarding,
  readRules,
  ruleId,
  type MailRules,
} from './mail-rules.js';
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
function missing(saved: Facts[string] | undefined, present: readonly string[]): readonly string[] {
  const left = [...present];
  return (typeof saved === 'object' && saved !== null ? saved : []).filter((text) => {
    const index = left.indexOf(text);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

const emailOf = (text: string): string => text.replace(/ \([^()]*\)$/, '');

/** Addresses come first: filters and forwarding may only name an address that is there. */
function returns(mailbox: Mailbox, rules: MailRules, before: Facts): readonly Step[] {
  const now = factsOf(rules);
  const create =
    (part: string, scope: typeof SCOPE.gmailSettings | typeof SCOPE.gmailSharing, json: unknown): Step =>
    async () =>
      settle(await mailbox.write('POST', part, scope, json), there);
  const steps: Step[] = [];
  const addresses = now.forwarding_addresses.map(emailOf);
  const wanted = before['forwarding_addresses'];
  const savedAddresses = typeof wanted === 'object' && wanted !== null ? wanted.map(emailOf) : [];
  for (const forwardingEmail of missing(savedAddresses, addresses))
    steps.push(create('forwardingAddresses', SCOPE.gmailSharing, { forwardingEmail }));
  for (const text of missing(before['filters'], now.filters))
    steps.push(create('filters', SCOPE.gmailSettings, JSON.parse(text)));
  for (const delegateEmail of missing(before['delegates'], now.delegates))
    steps.push(create('delegates', SCOPE.gmailSharing, { delegateEmail }));
  const forwarding = before['auto_forwarding'];
  if (typeof forwarding === 'string' && forwarding !== now.auto_forwarding) {
    const json = parseAutoForwarding(forwarding);
    if (json?.enabled === true)
      steps.push(async () =>
        settle(await mailbox.write('PUT', 'autoForwarding', SCOPE.gmailSharing, json), () => false),
      );
  }
  return steps;
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
      const now = await read(task);
      if (!now.ok) return now;
      const done = await each(returns(now.value.mailbox, now.value.rules, before), (step) => step());
      if (done.ok || (done.error.kind !== 'invalid_input' && done.error.kind !== 'conflict')) return done;
      return err({
        kind: 'conflict',
        message: `${done.error.message} A forwarding address outside the company must be confirmed by its owner again before mail can be sent there.`,
      });
    },
  };
}
