import { at, phrase, user } from '../../src/texts/phrase.js';
import type { Core } from '../../src/ports/core.js';
import type { Transaction } from '../../src/ports/database.js';
import { incidentById } from '../../src/incidents/incident.js';
import { addLine, addPost, postedAt, touchIncident } from '../../src/incidents/posts.js';
import { type Person, personOfIncident } from '../../src/incidents/people.js';
import { notme, appendAuditEvent } from '../../src/incidents/audit-event.js';
import { sayOnCall } from '../../src/incidents/on-call.js';
import { type WaitingDecision, waitingDecisionById } from '../../src/incidents/waiting-decisions.js';
import { settleWaiting } from '../../src/approvals/waiting-decisions.js';
import type { Outcome, Run } from '../worker.js';

/**
 * A decision waits for its second approver: those on call are reminded of it in the thread, after as long again each
 * approver who may sign gets a direct message, and when its time is over it ends undone, and the thread says so.
 */
export async function mindWaiting(core: Core, run: Run): Promise<Outcome> {
  const row = await waitingDecisionById(core.db, core.workspaceId, run.work.ref);
  if (row?.status !== 'waiting') return 'completed';
  const [incident, person] = await Promise.all([
    incidentById(core.db, core.workspaceId, row.incident_id),
    personOfIncident(core.db, core.workspaceId, row.incident_id),
  ]);
  if (!incident || !person) return 'completed';
  const leftMs = row.expires_at.getTime() - core.runtime.now().getTime();
  if (leftMs <= 0 || incident.status === 'closed') {
    await expire(core, run, row);
    return 'completed';
  }
  const nextMs = await remind(core, run, row, { reference: incident.reference, person });
  return { againInMs: Math.min(leftMs, nextMs ?? leftMs) };
}

interface About {
  readonly reference: string;
  readonly person: Person;
}

const keyOf = (row: WaitingDecision, what: 'reminded' | 'escalated'): string => `${what}_${row.id}`;

/** @returns in how many ms the next reminder is due; `null`: none is left */
async function remind(core: Core, run: Run, row: WaitingDecision, about: About): Promise<number | null> {
  const { remindMs } = core.policy.twoApprovers;
  const reminded = await postedAt(core.db, core.workspaceId, row.incident_id, keyOf(row, 'reminded'));
  const due = (reminded ?? row.signed_at).getTime() + remindMs - core.runtime.now().getTime();
  if (await postedAt(core.db, core.workspaceId, row.incident_id, keyOf(row, 'escalated'))) return null;
  if (due > 0) return due;
  if (reminded === null) {
    await tell(core, run, row, async (tx) => {
      const who = sayOnCall(core.policy.onCall, about.person.slack_user_id);
      const line = phrase('timeline.waiting_reminded', { who, first: user(row.signed_by), until: at(row.expires_at) });
      await addLine({ core, tx }, row.incident_id, keyOf(row, 'reminded'), line);
      return { action: 'decision.reminded', detail: { waiting: row.id } };
    });
    return remindMs;
  }
  await escalate(core, run, row, about);
  return null;
}

/** Never the person it is about: the attacker may have their Slack account. */
async function escalate(core: Core, run: Run, row: WaitingDecision, { reference, person }: About): Promise<void> {
  const { signed_by: first, incident_id: incidentId, expires_at: end } = row;
  const approvers = (await core.roles.all(['approver'])).filter((id) => id !== person.slack_user_id && id !== first);
  const said = phrase('tell.waiting', { reference, name: person.name, first: user(first), until: at(end) });
  await tell(core, run, row, async (tx) => {
    for (const one of approvers)
      await addPost({ core, tx }, incidentId, `waiting_${row.id}_${one}`, { kind: 'tell', user: one, phrase: said });
    const line = phrase(approvers.length === 0 ? 'timeline.waiting_nobody' : 'timeline.waiting_escalated');
    await addLine({ core, tx }, incidentId, keyOf(row, 'escalated'), line);
    return { action: 'decision.escalated', detail: { waiting: row.id, approvers: [...approvers] } };
  });
}

async function expire(core: Core, run: Run, row: WaitingDecision): Promise<void> {
  await tell(core, run, row, async (tx) => {
    if (!(await settleWaiting(core, tx, row.id, 'expired'))) return null;
    const line = phrase('timeline.waiting_expired', { who: user(row.signed_by) });
    await addLine({ core, tx }, row.incident_id, `expired_${row.id}`, line);
    return { action: 'decision.expired', detail: { waiting: row.id, subject: row.subject, signed_by: row.signed_by } };
  });
}

type Recorded = Pick<Parameters<typeof appendAuditEvent>[3], 'action' | 'detail'>;

async function tell(
  core: Core,
  run: Run,
  row: WaitingDecision,
  change: (tx: Transaction) => Promise<Recorded | null>,
): Promise<void> {
  await run.commit(async (tx) => {
    const recorded = await change(tx);
    if (recorded === null) return;
    const origin = { surface: 'job', correlationId: run.work.correlation_id };
    await appendAuditEvent(core, tx, row.incident_id, { actor: notme('worker'), origin, ...recorded });
    await touchIncident(core, tx, row.incident_id, run.work.correlation_id);
  });
  core.dispatch();
}
