import { notme, appendAuditEvent } from '../incidents/audit-event.js';
import { type Incident, incidentById, openIncidentOf } from '../incidents/incident.js';
import { use } from '../incidents/limits.js';
import { openIncident } from '../incidents/open.js';
import type { Person } from '../incidents/people.js';
import { addPost, touchIncident } from '../incidents/posts.js';
import { requestWork } from '../outbox/outbox.js';
import { RISK_LEVELS, type ReportKind } from '../ports/connector.js';
import type { Core, Origin } from '../ports/core.js';
import type { Queryable, Row, Transaction } from '../ports/database.js';
import { keepElsewhere } from '../reports/report.js';
import { type Deed, deedFor, type Heard } from './decide-report.js';
import { isReportKind } from './keep-report.js';
import type { Notice } from './notice.js';
import { dueAt, requestTelling } from './unanswered.js';

interface Within {
  readonly core: Core;
  readonly tx: Transaction;
}

/** The first report of its kind about an account within the hour; the others are counted with it. */
interface First extends Row<
  'notices',
  'id' | 'system' | 'event_id' | 'login' | 'actor' | 'ip' | 'occurred_at' | 'word' | 'is_ours' | 'taken'
> {
  readonly kind: Notice['kind'];
  readonly incident_id: string | null;
  readonly recorded_count: number;
}

async function lockFirst(tx: Queryable, workspaceId: string, id: string): Promise<First | null> {
  const { rows } = await tx.query<First>(
    `select id, system, event_id, kind, login, actor, ip, occurred_at, word, is_ours, taken, incident_id, recorded_count
     from notices where workspace_id = $1 and id = $2 and counted_with = id for update`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

async function hear({ core, tx }: Within, first: First, kind: ReportKind): Promise<Heard> {
  const { rows } = await tx.query<{ count: number; newest: Date | null; rank: number | null }>(
    `select count(*)::int as count, max(occurred_at) as newest,
       max(array_position(array['low', 'medium', 'high'], level))::int as rank
     from notices where workspace_id = $1 and counted_with = $2`,
    [core.workspaceId, first.id],
  );
  const { count = 1, newest, rank } = rows[0] ?? {};
  return {
    kind,
    count,
    level: rank == null ? null : (RISK_LEVELS[rank - 1] ?? null),
    ours: first.is_ours,
    ageMs: core.runtime.now().getTime() - (newest ?? first.occurred_at).getTime(),
  };
}

/** What somebody said is never too much; what opens without a word of anybody is, in an attack or a vendor's mistake. */
const isUnsaid = ({ kind }: Heard): boolean => kind !== 'reported';

async function withinLimit(within: Within, heard: Heard, deed: Deed): Promise<Deed> {
  if (deed !== 'open' || !isUnsaid(heard)) return deed;
  const used = await use(within, 'identity_systems', 'elsewhere');
  return used.is === 'within' ? 'open' : 'list';
}

/** What was asked or listed waits for a person's answer: it is neither asked nor listed again, but may still open. */
const isNews = (deed: Deed, { taken }: First): boolean =>
  taken === null || taken === 'kept' || deed === 'join' || deed === 'open';

/**
 * Decides what becomes of reports made elsewhere, and does it: opens the person's incident or joins it, asks the person,
 * lists it in the channel. Nothing is contained by it. Again for the same ones, with more to count, it opens no second
 * incident and asks no second time.
 */
export async function takeReport(within: Within, firstId: string, person: Person, origin: Origin): Promise<void> {
  const { core, tx } = within;
  const first = await lockFirst(tx, core.workspaceId, firstId);
  if (!first || !isReportKind(first.kind)) return;
  const heard = await hear(within, first, first.kind);
  if (first.taken === 'opened' || first.taken === 'joined') return count(within, { first, heard, origin });
  const open = await openIncidentOf(tx, core.workspaceId, person.id);
  const decided = deedFor(heard, open !== null, core.policy.reportsElsewhere);
  if (!isNews(decided, first)) return;
  const deed = await withinLimit(within, heard, decided);
  if (deed !== 'list' || first.taken !== 'listed') await carryOut(within, { first, heard, person, origin }, deed);
}

interface Counting {
  readonly first: First;
  readonly heard: Heard;
  readonly origin: Origin;
}

interface Taking extends Counting {
  readonly person: Person;
}

async function carryOut(within: Within, taking: Taking, deed: Deed): Promise<void> {
  const { core, tx } = within;
  const { first, heard, person, origin } = taking;
  switch (deed) {
    case 'keep':
      return save(within, taking, { taken: 'kept', asked: false, due: null, incidentId: null });
    case 'ask': {
      const due = dueAt(core, heard.kind === 'reported' ? 'at_risk' : heard.kind, core.runtime.now());
      await save(within, taking, { taken: 'asked', asked: true, due, incidentId: null });
      await ask(within, taking);
      return requestTelling(within, origin.correlationId);
    }
    case 'list':
      await save(within, taking, { taken: 'listed', asked: true, due: core.runtime.now(), incidentId: null });
      return requestTelling(within, origin.correlationId);
    case 'open':
    case 'join': {
      const { incident, opened } = await openIncident(core, tx, { person, actor: notme('reports'), origin });
      const taken = opened ? 'opened' : 'joined';
      await save(within, taking, { taken, asked: false, due: null, incidentId: incident.id });
      // They did what was right, and are told so, and that it was heard.
      if (opened && first.kind === 'push_denied' && first.taken !== 'asked') await ask(within, taking);
      return show(within, taking, incident);
    }
  }
}

async function save(
  { core, tx }: Within,
  { first, person }: Taking,
  now: {
    readonly taken: NonNullable<First['taken']>;
    readonly asked: boolean;
    readonly due: Date | null;
    readonly incidentId: string | null;
  },
): Promise<void> {
  await tx.query(
    `update notices set person_id = $3, taken = $4, asked = $5, due_at = $6, incident_id = $7
     where workspace_id = $1 and id = $2`,
    [core.workspaceId, first.id, person.id, now.taken, now.asked, now.due, now.incidentId],
  );
}

const ask = ({ core, tx }: Within, { first, origin }: Taking): Promise<void> =>
  requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'deliver_notice',
    ref: first.id,
    correlationId: origin.correlationId,
    now: core.runtime.now(),
  });

async function show(within: Within, taking: Taking, incident: Incident): Promise<void> {
  const { core, tx } = within;
  const { first, person, origin } = taking;
  // Their own word, as if they had said it to Notme; what is about our own doing tells nothing against them.
  if (first.kind === 'reported' && !first.is_ours)
    await keepElsewhere(within, incident, person, {
      said: [core.connectors.get(first.system)?.title ?? first.system, first.word ?? ''].filter(Boolean).join(': '),
      noticeId: first.id,
      sourceKey: `elsewhere_${first.id}`,
    });
  await record(within, taking, incident.id);
  await addPost(within, incident.id, `elsewhere_${first.id}`, { kind: 'elsewhere', notice: first.id });
  await touchIncident(core, tx, incident.id, origin.correlationId);
}

/** Who said what, of which account, when and from where, by the system's word. */
async function record({ core, tx }: Within, { first, heard, origin }: Counting, incidentId: string): Promise<void> {
  await appendAuditEvent(core, tx, incidentId, {
    actor: notme('reports'),
    action: 'report.elsewhere',
    origin,
    detail: {
      system: first.system,
      kind: first.kind,
      said_by: first.kind === 'at_risk' ? 'system' : 'person',
      login: first.login,
      actor: first.actor,
      event: first.event_id,
      word: first.word,
      level: heard.level,
      ip: first.ip,
      occurred_at: first.occurred_at.toISOString(),
      count: heard.count,
      notice: first.id,
    },
  });
  await tx.query('update notices set recorded_count = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    first.id,
    heard.count,
  ]);
}

/** More of what an incident has already: its line counts them; the record is told each time they have doubled. */
async function count(within: Within, counting: Counting): Promise<void> {
  const { core, tx } = within;
  const { first, heard, origin } = counting;
  const incident = first.incident_id === null ? null : await incidentById(tx, core.workspaceId, first.incident_id);
  if (incident?.status !== 'open') return;
  if (heard.count >= 2 * first.recorded_count) await record(within, counting, incident.id);
  await touchIncident(core, tx, incident.id, origin.correlationId);
}
