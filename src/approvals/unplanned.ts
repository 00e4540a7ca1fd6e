import * as z from 'zod';
import { DECISION_KINDS, type DecisionKind } from '../ports/decision-kinds.js';
import { list, phrase, type Phrase, type PhraseValue, text } from '../texts/phrase.js';
import { LOCKDOWN } from '../containment/step-order.js';
import { requestWork } from '../outbox/outbox.js';
import { canonicalHash } from '../platform/canonical.js';
import { type Connector, isItemAction, ITEM_ACTIONS, type ItemAction } from '../ports/connector.js';
import type { Core } from '../ports/core.js';
import { accountsOf, isAbsent, type LinkedAccount } from '../incidents/accounts.js';
import type { Snapshot } from '../evidence/evidence.js';
import type { Incident } from '../incidents/incident.js';
import { newestEvidenceOf } from '../evidence/rescan.js';
import { anomaliesIn, type Anomaly } from '../evidence/anomalies.js';
import { addLine, addPost, type Within } from '../incidents/posts.js';
import { type Step, stepsOf } from '../incidents/steps.js';
import type { Queryable, Row } from '../ports/database.js';
import { readEach } from '../platform/read-each.js';

/** What a lockdown removes only where the evidence flags it: without the evidence it cannot be planned. */
const ODD_ACTIONS: readonly ItemAction[] = LOCKDOWN.flatMap(({ action, items }) =>
  items === 'odd' && isItemAction(action) ? [action] : [],
);

/** What a lockdown does not plan: it is not read yet, or what was read does not say whether it is the attacker's. */
export interface Unplanned {
  readonly system: string;
  /** `null`: nothing at all, because the account itself is not known. */
  readonly action: ItemAction | null;
  readonly why: PhraseValue;
  /** The system was queried and could not tell; else it has not been queried yet. */
  readonly refused: boolean;
  /** It was read, and what was read does not say: looking once more tells no more. */
  readonly undated?: true;
}

/** A lockdown never leaves anything out silently: what cannot be planned yet is named. */
export function unplannedIn(
  { connectors }: Pick<Core, 'connectors'>,
  accounts: readonly LinkedAccount[],
  { snapshots, odd }: Pick<Known, 'snapshots' | 'odd'>,
): readonly Unplanned[] {
  return accounts.flatMap((account): readonly Unplanned[] => {
    const connector = connectors.get(account.system);
    if (!connector || isAbsent(account)) return [];
    if (account.accountId !== null)
      return [...unreadIn(account, connector, snapshots), ...undatedIn(account, connector, { snapshots, odd })];
    return [{ system: account.system, action: null, why: account.problem ?? text('plan.not_read'), refused: false }];
  });
}

/** Rules are judged by what they do; no system dates them. */
const DATED: readonly ItemAction[] = ODD_ACTIONS.filter((action) => action !== 'disable_mail_rules');
const MOST_NAMED = 5;

/** What nobody can call old either: without a time, a sign-in method of last year looks like one of last night. */
function undatedIn(
  { id, system }: LinkedAccount,
  { capabilities }: Connector,
  { snapshots, odd }: Pick<Known, 'snapshots' | 'odd'>,
): readonly Unplanned[] {
  const snapshot = snapshots.find(({ accountRow }) => accountRow === id);
  return DATED.flatMap((action): readonly Unplanned[] => {
    const kept = snapshot?.evidence?.[ITEM_ACTIONS[action]];
    if (capabilities[action].route !== 'native' || kept === undefined || 'unavailable' in kept) return [];
    const taken = (item: string): boolean => odd.some((one) => one.system === system && one.itemId === item);
    const open = kept.items.filter((item) => item.at === null && !taken(item.id));
    if (open.length === 0) return [];
    const more = open.length > MOST_NAMED ? [`+${open.length - MOST_NAMED}`] : [];
    const names = [...open.slice(0, MOST_NAMED).map(({ title }) => title), ...more].join('; ');
    return [{ system, action, why: list([phrase('plan.undated', { names })]), refused: true, undated: true }];
  });
}

function unreadIn(
  { id, system }: LinkedAccount,
  { capabilities }: Connector,
  snapshots: readonly Snapshot[],
): readonly Unplanned[] {
  const snapshot = snapshots.find(({ accountRow }) => accountRow === id);
  return ODD_ACTIONS.flatMap((action) => {
    const able = capabilities[action].route === 'native' || capabilities[action].route === 'group';
    const unread = able ? unreadOf(snapshot, action) : null;
    return unread === null ? [] : [{ system, action, ...unread }];
  });
}

function unreadOf(snapshot: Snapshot | undefined, action: ItemAction): Pick<Unplanned, 'why' | 'refused'> | null {
  const section = snapshot?.evidence?.[ITEM_ACTIONS[action]];
  if (section === undefined) return { why: text('plan.not_read'), refused: false };
  return 'unavailable' in section ? { why: section.unavailable.message, refused: true } : null;
}

const sayActions = (actions: readonly (ItemAction | null)[]): PhraseValue =>
  list(
    actions.map((action) => phrase(action === null ? 'plan.whole_account' : `action.${action}`)),
    ', ',
  );

const titleOf = ({ connectors }: Pick<Core, 'connectors'>, system: string): string =>
  connectors.get(system)?.title ?? system;

/** One line for each system and reason. */
export function sayUnplanned(core: Pick<Core, 'connectors'>, unplanned: readonly Unplanned[]): readonly Phrase[] {
  const keyOf = ({ system, why }: Unplanned): string => JSON.stringify([system, why]);
  return [...new Set(unplanned.map(keyOf))].flatMap((key) => {
    const group = unplanned.filter((one) => keyOf(one) === key);
    const [first] = group;
    if (!first) return [];
    const what = sayActions(group.map(({ action }) => action));
    return [phrase('plan.unplanned_line', { system: titleOf(core, first.system), what, why: first.why })];
  });
}

interface Decided {
  readonly incidentId: string;
  readonly decisionId: string;
  readonly correlationId: string;
}

/** Says in the thread what the lockdown leaves for later, stores it with the decision, and has it read now. */
export async function keepUnplanned(
  core: Core,
  tx: Queryable,
  unplanned: readonly Unplanned[],
  { incidentId, decisionId, correlationId }: Decided,
): Promise<void> {
  if (unplanned.length === 0) return;
  const line = phrase('timeline.unplanned', { lines: list(sayUnplanned(core, unplanned)) });
  await addLine({ core, tx }, incidentId, `unplanned_${decisionId}`, line);
  const later = unplanned.filter(({ undated }) => undated === undefined);
  if (later.length === 0) return;
  const open = later.map(({ system, action, refused }) => ({ system, action, told: refused }));
  await saveOpen(core, tx, decisionId, open);
  // Read at once; what arrived during the decision is offered at once, too, because the decision was made without it.
  const name = later.some(({ action }) => action === null) ? 'read_accounts' : 'collect_evidence';
  const now = core.runtime.now();
  await requestWork(tx, { workspaceId: core.workspaceId, name, ref: incidentId, correlationId, now });
}

const saveOpen = async (core: Core, tx: Queryable, decisionId: string, open: readonly Open[]): Promise<void> => {
  await tx.query('update decisions set unplanned = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    decisionId,
    JSON.stringify(open),
  ]);
};

const itemAction = z.custom<ItemAction>((value) => DECISION_KINDS.some((kind) => kind === value && isItem(kind)));
const isItem = (kind: DecisionKind): kind is ItemAction => kind !== 'lockdown' && isItemAction(kind);
const openSchema = z.object({
  system: z.string(),
  action: itemAction.nullable(),
  /** The thread already says that it could not be read. */
  told: z.boolean(),
});
type Open = z.output<typeof openSchema>;

const readOpen = (core: Core, decision: string, unplanned: unknown): readonly Open[] =>
  readEach(openSchema, unplanned, (entry) =>
    core.log.error({ decision, entry }, 'what a lockdown left for later cannot be read and is not offered'),
  );

interface Known {
  readonly accounts: readonly LinkedAccount[];
  readonly snapshots: readonly Snapshot[];
  readonly odd: readonly Anomaly[];
  readonly steps: readonly Step[];
}

/** What to say about one of them now, what to offer, and whether it stays open. */
interface Judged {
  readonly line: Phrase | null;
  readonly offer: DecisionKind | null;
  readonly rest: Open | null;
}

/**
 * What lockdowns left for later and has been read by now is offered in the thread, or reported as free of anomalies.
 */
export async function offerUnplanned({ core, tx }: Within, incident: Incident): Promise<void> {
  const { rows } = await tx.query<Row<'decisions', 'id' | 'unplanned'>>(
    `select id, unplanned from decisions where workspace_id = $1 and incident_id = $2 and unplanned <> '[]'::jsonb
     order by decided_at, id for update`,
    [core.workspaceId, incident.id],
  );
  if (rows.length === 0) return;
  const [accounts, snapshots, steps] = await Promise.all([
    accountsOf(tx, core.workspaceId, incident.person_id),
    newestEvidenceOf(core, tx, incident.id),
    stepsOf(tx, core.workspaceId, incident.id),
  ]);
  const known = { accounts, snapshots, steps, odd: anomaliesIn(snapshots, { opened: incident.opened_at, accounts }) };
  const judged = rows.flatMap(({ id, unplanned }) =>
    readOpen(core, id, unplanned).map((open) => ({ id, open, ...judge(core, open, id, known) })),
  );
  for (const { id } of rows) {
    const rest = judged.flatMap((one) => (one.id === id ? (one.rest ?? []) : []));
    await saveOpen(core, tx, id, rest);
  }
  await postOffer({ core, tx }, incident.id, judged);
}

/** Left out of two lockdowns, it is offered once. */
async function postOffer(
  within: Within,
  incidentId: string,
  judged: readonly (Judged & { readonly id: string; readonly open: Open })[],
): Promise<void> {
  const told = judged.filter(({ line }) => line !== null);
  if (told.length === 0) return;
  const once = new Map(told.map((one) => [`${one.open.system}/${one.open.action}`, one]));
  const lines = [...once.values()].flatMap(({ line }) => line ?? []);
  const actions = [...new Set(told.flatMap(({ offer }) => offer ?? []))];
  const key = canonicalHash(told.map(({ id, open }) => ({ id, ...open })));
  await addPost(within, incidentId, `offer_${key}`, {
    kind: 'offer',
    phrase: phrase(actions.length === 0 ? 'timeline.unplanned.nothing' : 'timeline.unplanned.offer', {
      lines: list(lines),
    }),
    actions,
  });
}

function judge(core: Core, open: Open, decisionId: string, known: Known): Judged {
  const { system, action } = open;
  const account = known.accounts.find((one) => one.system === system);
  const names = { system: titleOf(core, system), what: sayActions([action]) };
  const ended = (line: Phrase | null, offer: DecisionKind | null = null): Judged => ({ line, offer, rest: null });
  const waits: Judged = { line: null, offer: null, rest: open };
  if (!account) return waits;
  if (isAbsent(account)) return ended(phrase('plan.later.absent', names));
  if (account.accountId === null) return waits;
  if (action === null) return ended(phrase('plan.later.found', names), 'lockdown');
  if (known.steps.some((step) => isAnswer(step, { account, action, decisionId }))) return ended(null);
  const unread = unreadOf(
    known.snapshots.find(({ accountRow }) => accountRow === account.id),
    action,
  );
  if (unread === null) {
    const count = countOdd(known, system, action);
    if (count > 0 || !isCut(known, account.id, action)) return ended(...sayRead(names, count, action));
    // It stays open until a look reads all of it, and is reported once.
    return {
      line: open.told ? null : phrase('plan.later.nothing_in_part', names),
      offer: null,
      rest: { ...open, told: true },
    };
  }
  if (!unread.refused || open.told) return waits;
  return {
    line: phrase('plan.later.refused', { ...names, why: unread.why }),
    offer: null,
    rest: { ...open, told: true },
  };
}

/** Only part of it was read: what is missing there may exist all the same. */
function isCut({ snapshots }: Known, accountRow: string, action: ItemAction): boolean {
  const section = snapshots.find((one) => one.accountRow === accountRow)?.evidence?.[ITEM_ACTIONS[action]];
  return section !== undefined && 'items' in section && !section.complete;
}

const countOdd = ({ odd }: Known, system: string, action: ItemAction): number =>
  odd.filter((one) => one.system === system && one.section === ITEM_ACTIONS[action]).length;

const sayRead = (
  names: { readonly system: string; readonly what: PhraseValue },
  count: number,
  action: ItemAction,
): [Phrase, ItemAction | null] =>
  count === 0 ? [phrase('plan.later.nothing', names), null] : [phrase('plan.later.odd', { ...names, count }), action];

/** Somebody decided it meanwhile. */
const isAnswer = (
  step: Step,
  { account, action, decisionId }: { account: LinkedAccount; action: ItemAction; decisionId: string },
): boolean => step.account_row === account.id && step.action === action && step.decision_id !== decisionId;
