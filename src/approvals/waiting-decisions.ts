import * as z from 'zod';
import type { PlannedStep } from '../containment/plan.js';
import type { StoredItem } from '../evidence/evidence.js';
import type { LinkedAccount } from '../incidents/accounts.js';
import { appendAuditEvent, slackPerson } from '../incidents/audit-event.js';
import { addLine, addPost, touchIncident } from '../incidents/posts.js';
import type { Correction } from '../incidents/links.js';
import type { Person } from '../incidents/people.js';
import { type Proof, storedProof } from '../incidents/proof.js';
import { type WaitingDecision, waitingDecisionById } from '../incidents/waiting-decisions.js';
import { requestWork } from '../outbox/outbox.js';
import { canonicalHash, canonicalJson } from '../platform/canonical.js';
import { ok, type Result } from '../platform/result.js';
import { Secret } from '../platform/secret.js';
import type { Core, Origin } from '../ports/core.js';
import { ACTION_KINDS } from '../ports/connector.js';
import type { Queryable, Transaction } from '../ports/database.js';
import { at, list, type Phrase, phrase, user } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import type { Changed } from './in-incident.js';
import { type ItemOf, whereOf } from './drawn-plan.js';
import { type Quorum, sayPeople, sayWhy } from './quorum.js';
import { overrideOf, reasonOf, type WaitingRequest, waitingRequest } from './stored-request.js';

/** One step of what was signed, as the second approver reads it. */
const planLine = z.strictObject({
  system: z.string(),
  login: z.string(),
  action: z.enum(ACTION_KINDS),
  /** How many items; `null` where it is about none, or about all that are there. */
  items: z.number().nullable(),
  /** What was chosen, as the first one saw it; an earlier version stored none. */
  chosen: z
    .array(z.strictObject({ title: z.string(), at: z.iso.datetime().nullable(), where: z.array(z.string()) }))
    .default([]),
});
export type ChosenItem = PlanLine['chosen'][number];
export type PlanLine = z.output<typeof planLine>;

/** One corrected account of what was signed. */
const linkLine = z.strictObject({
  system: z.string(),
  before: z.string(),
  after: z.string(),
  /** Whose account it is, when it is known to be somebody else's. */
  holder: z.string().nullable(),
});
export type LinkLine = z.output<typeof linkLine>;
export type SignedLine = PlanLine | LinkLine;

const signedFirst = z.strictObject({
  request: waitingRequest,
  /** The binding that the first proof covers. */
  plan: z.string(),
  proof: storedProof,
  lines: z.array(z.union([planLine, linkLine])),
  signedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type SignedFirst = z.output<typeof signedFirst>;

const contextOf = (core: Core, row: Pick<WaitingDecision, 'id' | 'incident_id' | 'subject' | 'signed_by'>): string =>
  `waiting_decision/${core.workspaceId}/${row.incident_id}/${row.id}/${row.subject}/${row.signed_by}`;

/** What the first approver signed; `null` when this row was not written by Notme. */
export function openWaiting(core: Core, row: WaitingDecision): SignedFirst | null {
  const opened = core.sealer.open(row.sealed, contextOf(core, row));
  if (opened.ok) return signedFirst.parse(JSON.parse(opened.value.reveal()));
  core.log.error(
    { waiting: row.id, incident: row.incident_id, why: opened.error },
    'a decision that waits for its second approver was not stored by Notme: it is not signed. Find out who wrote it to the database',
  );
  return null;
}

/** The plan of a decision, step by step, with the systems' own names. */
export const boundLines = (
  core: Core,
  accounts: readonly LinkedAccount[],
  steps: readonly Pick<PlannedStep, 'accountRow' | 'system' | 'action' | 'items'>[],
  itemOf: ItemOf,
): readonly PlanLine[] =>
  steps.map(({ accountRow, system, action, items }) => {
    const ids = items === null || items === 'all' ? null : items;
    return {
      system: core.connectors.get(system)?.title ?? system,
      login: accounts.find(({ id }) => id === accountRow)?.login ?? '',
      action,
      items: ids?.length ?? null,
      chosen: (ids ?? []).map((id) => asChosen(id, itemOf(accountRow, action, id))),
    };
  });

/** One of the same name is another one: by when it was made, where and by whom, as the first window tells them apart. */
export function asChosen(id: string, item: StoredItem | null): ChosenItem {
  if (item === null) return { title: id, at: null, where: [] };
  return { title: item.title, at: item.at?.toISOString() ?? null, where: [...whereOf(item)] };
}

/** What is stored when the first approver signs. */
export interface First {
  readonly request: WaitingRequest;
  /** A kind of decision, or the undo of a step. */
  readonly subject: string;
  /** The thread's line about what is decided. */
  readonly said: Phrase;
  readonly lines: readonly SignedLine[];
  readonly proof: Proof | null;
  readonly plan: string;
  readonly quorum: Quorum;
}

/** Stores it for the second approver, with the incident locked: nothing runs, and everybody who may sign is named. */
export async function keepWaiting(
  core: Core,
  tx: Transaction,
  incidentId: string,
  { request, subject, said, lines, proof, plan, quorum }: First,
): Promise<Result<Changed<string>, Problem>> {
  const free = await makeRoom(core, tx, incidentId, { subject, request });
  if (!free.ok) return free;
  const now = core.runtime.now();
  const id = core.runtime.newId('wai');
  const expires = new Date(now.getTime() + core.policy.twoApprovers.expireMs);
  const times = { signedAt: now.toISOString(), expiresAt: expires.toISOString() };
  const signed = { request, plan, proof, lines: [...lines], ...times } satisfies SignedFirst;
  const row = { id, incident_id: incidentId, subject, signed_by: request.actor };
  const sealed = core.sealer.seal(new Secret(JSON.stringify(signed)), contextOf(core, row));
  await tx.query(
    `insert into waiting_decisions
       (workspace_id, id, incident_id, subject, sealed, signed_by, signed_at, expires_at, request_key, status)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting')`,
    [core.workspaceId, id, incidentId, subject, sealed, request.actor, now, expires, request.requestKey],
  );
  const line = phrase('timeline.waiting', {
    line: list([said]),
    why: sayWhy(quorum.why),
    who: sayPeople(quorum.others),
    until: at(expires),
  });
  await addPost({ core, tx }, incidentId, `waiting_${id}`, { kind: 'waiting', waiting: id, phrase: line });
  const { correlationId } = request.origin;
  const delayMs = Math.min(core.policy.twoApprovers.remindMs, core.policy.twoApprovers.expireMs);
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'mind_waiting', ref: id, correlationId, now, delayMs });
  const detail = { waiting: id, subject, plan, proof: proof?.kind ?? null, until: expires.toISOString() };
  return ok({ value: id, trace: { record: { action: 'decision.signed', why: reasonOf(request), detail } } });
}

/** What may differ between two that are about the same: what was drawn, and what was typed and chosen there. */
const contentOf = (request: WaitingRequest): string =>
  canonicalJson({
    shown: request.shown,
    ...(request.command === 'decide' ? { ranges: request.ranges, chosen: request.chosen } : {}),
  });

/**
 * One at a time: what waits already is signed, not decided again; unless its time is over, or its plan is another one.
 * Then it ends, and the thread says which of both.
 */
async function makeRoom(
  core: Core,
  tx: Transaction,
  incidentId: string,
  { subject, request }: Pick<First, 'subject' | 'request'>,
): Promise<Result<null, Problem>> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from waiting_decisions where workspace_id = $1 and incident_id = $2 and subject = $3 and status = 'waiting'`,
    [core.workspaceId, incidentId, subject],
  );
  const row = rows[0] ? await waitingDecisionById(tx, core.workspaceId, rows[0].id) : null;
  if (!row) return ok(null);
  const signed = openWaiting(core, row);
  const who = user(row.signed_by);
  if (signed && isOpen(core, signed) && contentOf(signed.request) === contentOf(request))
    return refuse('already_waiting', phrase('problem.quorum.waiting', { who, until: at(row.expires_at) }));
  const isOver = signed !== null && !isOpen(core, signed);
  await endWaiting(core, tx, row, {
    ...request,
    status: isOver ? 'expired' : 'outdated',
    line: isOver
      ? phrase('timeline.waiting_expired', { who })
      : phrase('timeline.waiting_replaced', { who, by: user(request.actor) }),
  });
  return ok(null);
}

interface By {
  readonly actor: string;
  readonly origin: Origin;
}

/** It waits no longer, undone: the record and the thread say why. @returns `false` when it did not any more */
async function endWaiting(
  core: Core,
  tx: Transaction,
  row: WaitingDecision,
  { actor, origin, status, line }: By & { readonly status: 'expired' | 'outdated'; readonly line: Phrase },
): Promise<boolean> {
  if (!(await settleWaiting(core, tx, row.id, status))) return false;
  await appendAuditEvent(core, tx, row.incident_id, {
    actor: slackPerson(actor),
    action: `decision.${status}`,
    origin,
    detail: { waiting: row.id, subject: row.subject, signed_by: row.signed_by },
  });
  await addLine({ core, tx }, row.incident_id, `${status}_${row.id}`, line);
  return true;
}

/** The plan is another one: it waits no longer, and the thread says what is different. */
export async function outdate(
  core: Core,
  row: WaitingDecision,
  { actor, origin }: By,
  problem: Problem,
): Promise<void> {
  await core.db.transaction(async (tx) => {
    const line = phrase('timeline.waiting_outdated', { what: list([problem.phrase]) });
    if (await endWaiting(core, tx, row, { actor, origin, status: 'outdated', line }))
      await touchIncident(core, tx, row.incident_id, origin.correlationId);
  });
  core.dispatch();
}

/** By the time that is sealed, whatever the row says. */
export const isOpen = (core: Core, { expiresAt }: SignedFirst): boolean => new Date(expiresAt) > core.runtime.now();

/** It waits no longer. @returns `false` when it did not any more */
export async function settleWaiting(
  core: Core,
  tx: Queryable,
  id: string,
  status: 'decided' | 'expired' | 'outdated',
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update waiting_decisions set status = $3, ended_at = $4 where workspace_id = $1 and id = $2 and status = 'waiting'`,
    [core.workspaceId, id, status, core.runtime.now()],
  );
  return rowCount > 0;
}

/** Its items are not compared: what can be chosen now says nothing about what was. */
const keyOf = ({ system, login, action }: PlanLine): string => canonicalJson({ system, login, action });

/** What differs between the plan that was signed and the one that there is now. */
export function sayChanges(signed: readonly SignedLine[], now: readonly SignedLine[]): Phrase {
  const plans = (lines: readonly SignedLine[]): readonly PlanLine[] => lines.filter((line) => 'action' in line);
  const missingIn = (these: readonly SignedLine[], those: readonly SignedLine[]): readonly PlanLine[] =>
    plans(these).filter((line) => !plans(those).some((other) => keyOf(other) === keyOf(line)));
  const lines = [
    ...missingIn(now, signed).map((line) => phrase('quorum.changed.new', sayPlanLine(line))),
    ...missingIn(signed, now).map((line) => phrase('quorum.changed.gone', sayPlanLine(line))),
  ];
  return lines.length === 0 ? phrase('quorum.changed.else') : phrase('quorum.changed', { lines: list(lines) });
}

export const sayPlanLine = ({ system, login, action }: PlanLine) => ({
  system,
  login,
  action: { key: `action.${action}` as const },
});

/** About whom it is, as the second approver reads it. */
export interface About {
  readonly person: Person;
  /** Their accounts that were named by hand and count. */
  readonly corrected: readonly Correction[];
}

/** What the second window shows: another one is refused. */
export const shownOf = (
  row: WaitingDecision,
  { plan, lines, request }: SignedFirst,
  { person, corrected }: About,
): string =>
  canonicalHash({
    waiting: row.id,
    first: row.signed_by,
    plan,
    lines: lines.map((line) => ({ ...line })),
    override: overrideOf(request),
    person: person.id,
    name: person.name,
    corrected: corrected.map((one) => ({ ...one, at: one.at.toISOString() })),
  });
