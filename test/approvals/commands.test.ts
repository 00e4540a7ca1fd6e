import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { claims } from '../../src/notices/prove-claim.js';
import { openIncident } from '../../src/incidents/open.js';
import { savePerson } from '../../src/incidents/people.js';
import { WORKSPACE_CHAIN } from '../../src/incidents/workspace-event.js';
import { notme } from '../../src/incidents/audit-event.js';
import { openCore, type OpenedCore, WORKSPACE } from '../core.js';

type Commands = typeof commands;
type Requests = { readonly [K in keyof Commands]: Parameters<Commands[K]>[1] };

const ADA = { slackUserId: 'U0ADA', email: 'ada@meadow.example', name: 'Ada Okafor' };
const BEA = { slackUserId: 'U0BEA', email: 'bea@meadow.example', name: 'Bea Lindqvist' };
const ELI = { slackUserId: 'U0ELI', email: 'eli@meadow.example', name: 'Eli Brandt' };
const STEP = 'stp_1';
const WAITING = 'wai_1';
const [RITA, ADMIN, AUDITOR] = ['U0RITA', 'U0ADMIN', 'U0AUDITOR'];
const colleague = (slackUserId: string) => ({ slackUserId, email: `${slackUserId}@meadow.example`, name: slackUserId });

/** Who may do what, told here once more: a right that is changed by mistake must not pass. */
const RESPONDERS: readonly (keyof Commands)[] = [
  'take',
  'startTasks',
  'changeTask',
  'rescan',
  'retryStep',
  'completeManualStep',
];

describe('every command that changes an incident', () => {
  let opened: OpenedCore;
  let incidentId = '';
  beforeAll(async () => {
    // Ada is an approver too: an incident about an approver is where it is tempting to decide for oneself.
    opened = await openCore({
      roles: {
        responder: [RITA],
        approver: [ADA.slackUserId, BEA.slackUserId],
        administrator: [ADMIN],
        auditor: [AUDITOR],
      },
      people: [ADA, BEA, ELI, ...[RITA, ADMIN, AUDITOR].map(colleague)],
    });
    const { core } = opened;
    const person = await savePerson(core, { ...ADA, title: null, manager: null, timeZone: 'UTC', standing: 'member' });
    const origin = { surface: 'dm', correlationId: 'cor_1' };
    const { incident } = await core.db.transaction((tx) =>
      openIncident(core, tx, { person, actor: notme('test'), origin }),
    );
    incidentId = incident.id;
    await core.db.query(
      `insert into decisions (workspace_id, id, incident_id, action, reason, ranges, decided_by, decided_at, request_key, correlation_id)
       values ($1, 'dec_1', $2, 'disable_account', 'not hers', '[]', $3, now(), 'view_1', 'cor_1')`,
      [WORKSPACE, incidentId, BEA.slackUserId],
    );
    await core.db.query(
      `insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, position, status, created_at)
       values ($1, $2, 'dec_1', $3, 'acc_1', 'mimecast', 'disable_account', 0, 'needs_human', now())`,
      [WORKSPACE, STEP, incidentId],
    );
    await core.db.query(
      `insert into decisions (workspace_id, id, incident_id, action, reason, ranges, decided_by, decided_at, request_key, correlation_id,
         break_glass)
       values ($1, 'dec_2', $2, 'enable_account', 'hers', '[]', '${ELI.slackUserId}', now(), 'view_2', 'cor_1', 'nobody else was awake')`,
      [WORKSPACE, incidentId],
    );
    await core.db.query(
      `insert into waiting_decisions (workspace_id, id, incident_id, subject, sealed, signed_by, signed_at, expires_at, request_key, status)
       values ($1, $2, $3, 'enable_account', 'nothing', 'U0GONE', now(), now() + interval '1 hour', 'view_3', 'waiting')`,
      [WORKSPACE, WAITING, incidentId],
    );
  }, 60_000);
  afterAll(() => opened.close());

  const requests = (actor: string): Requests => {
    const origin = { surface: 'button', correlationId: 'cor_2' };
    const on = { incidentId, actor, origin };
    const typed = {
      reason: 'because',
      given: typedCode('000000'),
      override: '',
      breakGlass: '',
      shown: '',
      requestKey: `view_${actor}`,
    };
    return {
      take: on,
      close: { ...on, outcome: 'benign', reason: 'because' },
      startTasks: on,
      changeTask: { ...on, task: 'verify_reporter', move: 'take' },
      rescan: on,
      correctAccounts: {
        ...on,
        typed: new Map([['mimecast', 'x@meadow.example']]),
        confirms: false,
        shown: '',
        requestKey: 'links',
        given: typedCode('000000'),
      },
      retryStep: { stepId: STEP, actor, origin },
      completeManualStep: { stepId: STEP, actor, origin },
      decide: {
        ...on,
        ...typed,
        action: 'disable_account',
        ranges: [],
        chosen: new Map(),
        outsideAccepted: false,
        seen: 0,
      },
      countersign: { ...typed, waitingId: WAITING, actor, origin },
      signReview: { ...typed, decisionId: 'dec_2', actor, origin },
      undo: { ...typed, stepId: STEP, actor, origin },
      liftLock: { ...typed, lockedUser: ADA.slackUserId, actor, origin },
      approveEnrolment: { ...typed, enrolled: ADA.slackUserId, actor, origin },
      holdOwn: on,
    };
  };
  const run = (name: keyof Commands, actor: string) =>
    // The key ties the request to its command; TypeScript cannot follow that through the lookup.
    (commands[name] as (core: OpenedCore['core'], request: unknown) => ReturnType<Commands['take']>)(
      opened.core,
      requests(actor)[name],
    );
  const isForAdministrators = (name: keyof Commands): boolean =>
    name === 'liftLock' || name === 'signReview' || name === 'approveEnrolment';
  const refusalOf = (name: keyof Commands): string =>
    RESPONDERS.includes(name) || isForAdministrators(name) ? 'not_in_role' : 'not_an_approver';
  const TABLES = ['incidents', 'decisions', 'steps', 'tasks', 'account_links', 'work'];
  const rowsOf = async (tables = TABLES): Promise<string> => {
    const all = await Promise.all(tables.map((table) => opened.core.db.query(`select * from ${table} order by 1, 2`)));
    return JSON.stringify(all.map(({ rows }) => rows));
  };
  const refusals = async (actor: string): Promise<readonly unknown[]> => {
    const { rows } = await opened.core.db.query<{ detail: { problem: string } }>(
      `select detail from record_entries where actor_id = $3 and
         ((incident_id = $1 and action = 'decision.refused') or (incident_id = $2 and action = 'attempt.refused'))`,
      [incidentId, WORKSPACE_CHAIN, actor],
    );
    return rows.map(({ detail }) => detail.problem);
  };

  it.each(Object.keys(commands) as (keyof Commands)[])(
    '%s: refuses a stranger and the person whom it is about, changes nothing, and leaves both in the record',
    async (name) => {
      const before = await rowsOf();
      // A hold is for the person alone, and only after a report of their own: there is none here.
      const own = name === 'holdOwn';
      for (const [actor, code] of [
        [ELI.slackUserId, own ? 'not_own_incident' : refusalOf(name)],
        // For administrators alone, and she is an approver.
        [ADA.slackUserId, own ? 'not_own_incident' : name === 'approveEnrolment' ? 'not_in_role' : 'own_account'],
      ] as const) {
        const known = await refusals(actor);
        expect(await run(name, actor)).toMatchObject({ ok: false, error: { code } });
        expect(await refusals(actor)).toEqual([...known, code]);
      }
      expect(await rowsOf()).toBe(before);
    },
  );

  it.each((Object.keys(commands) as (keyof Commands)[]).filter((name) => name !== 'holdOwn'))(
    '%s: is for the roles that may, and for no other',
    async (name) => {
      const refused = refusalOf(name);
      const authority = ['not_in_role', 'not_an_approver', 'not_a_member', 'no_approvers', 'actor_unknown'];
      const tried = async (actor: string): Promise<string> => {
        const done = await run(name, actor);
        return done.ok || !authority.includes(done.error.code) ? 'may' : done.error.code;
      };
      expect(await tried(ADMIN)).toBe(isForAdministrators(name) ? 'may' : refused);
      expect(await tried(AUDITOR)).toBe(name === 'signReview' ? 'may' : refused);
      expect(await tried(RITA)).toBe(RESPONDERS.includes(name) ? 'may' : refused);
      expect(await tried(BEA.slackUserId)).toBe(name === 'approveEnrolment' ? refused : 'may');
    },
  );

  it.each([RITA, ADMIN, AUDITOR, BEA.slackUserId, ELI.slackUserId])(
    'proving that it was somebody is for them alone, and for nobody in a role: %s',
    async (actor) => {
      const { core } = opened;
      const noticeId = `not_${'0'.repeat(32)}`;
      await core.db.query(
        `insert into notices (workspace_id, id, system, event_id, kind, login, occurred_at, noticed_at, person_id, answer)
         select $1, $2, 'mimecast', 'e1', 'password_reset', $3, now(), now(), person_id, 'me' from incidents where id = $4
         on conflict do nothing`,
        [WORKSPACE, noticeId, ADA.email, incidentId],
      );
      const origin = { surface: 'modal', correlationId: 'cor_3' };
      const proving = { noticeId, shown: 'f'.repeat(64), actor, given: typedCode('000000'), origin };
      const tables = [...TABLES.filter((table) => table !== 'work'), 'notices', 'totp_attempts', 'totp_used_steps'];
      const before = await rowsOf(tables);
      expect(await claims.provable(core, proving)).toMatchObject({ ok: false, error: { code: 'outdated' } });
      expect(await claims.prove(core, proving)).toMatchObject({ ok: false, error: { code: 'outdated' } });
      expect(await rowsOf(tables)).toBe(before);
      const { rows } = await core.db.query(
        `select 1 from record_entries where action = 'notice.foreign_answer' and actor_id = $1`,
        [actor],
      );
      expect(rows).toHaveLength(2);
    },
  );
});
