import { beforeEach, describe, expect, it } from '@jest/globals';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import type { DecisionRequest } from '../../src/approvals/request.js';
import type { TwoApprovers } from '../../src/ports/core.js';
import type { DecisionKind, PersonKind } from '../../src/ports/decision-kinds.js';
import type { Result } from '../../src/platform/result.js';
import { reportNotMe } from '../../src/reports/report.js';
import type { Problem } from '../../src/texts/problem.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { waiting } from '../runs.js';
import { ADA, BEA, CEM, ELI, found, incidentAbout, MINUTE_MS, ORIGIN, Scene, type SceneOptions } from '../scene.js';

const DIA = { slackUserId: 'U0DIA', email: 'dia@meadow.example', name: 'Dia Rahman' };
const RETURN = { override: 'she stands beside me' };
const FOUR_EYES: TwoApprovers = {
  actions: ['enable_account', 'remove_admin_roles', 'block_address'],
  targets: ['vip', 'administrator', 'service_account', 'approver'],
  expireMs: 60 * MINUTE_MS,
  remindMs: 10 * MINUTE_MS,
};
const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.code);

let scene: Scene;

async function open({ policy, ...more }: SceneOptions = {}): Promise<void> {
  scene = await Scene.open({
    systems: { okta: { title: 'Okta' } },
    approvers: [BEA.slackUserId, CEM.slackUserId, DIA.slackUserId],
    people: [ADA, BEA, CEM, DIA, ELI],
    policy: { uncoded: [], twoApprovers: FOUR_EYES, ...policy },
    ...more,
  });
  for (const one of [BEA, CEM, DIA]) await enrolForCodes(scene.core, one);
}
beforeEach(() => open(), 120_000);

const code = () => codeNow(scene.runtime);
const decide = async (action: DecisionKind, more: Partial<DecisionRequest> = {}): Promise<string> =>
  codeOf(await scene.decide(action, { ...RETURN, given: code(), ...more }));
const count = async (table: 'decisions' | 'steps'): Promise<number> =>
  (await scene.core.db.query(`select 1 from ${table}`)).rows.length;
const waitingRow = async () =>
  found(
    (
      await scene.core.db.query<{ id: string; status: string }>(
        'select id, status from waiting_decisions order by signed_at desc, id desc',
      )
    ).rows[0],
  );

/** The button and the window of the second approver. */
async function countersign(actor = CEM.slackUserId, given = code(), requestKey = `second_${actor}`): Promise<string> {
  const { id: waitingId } = await waitingRow();
  const preview = await previewCountersign(scene.core, { actor, origin: ORIGIN }, waitingId);
  if (!preview.ok) return preview.error.code;
  const { shown } = preview.value;
  return codeOf(await commands.countersign(scene.core, { waitingId, actor, shown, given, requestKey, origin: ORIGIN }));
}
const kindOf = (kind: PersonKind) => ({ policy: { kinds: new Map([[ADA.email, kind]]) } });

describe('what takes two approvers', () => {
  it.each<[string, SceneOptions, DecisionKind, boolean]>([
    ['an ordinary decision about an ordinary person', {}, 'disable_account', false],
    ['a grave action', {}, 'enable_account', true],
    ['any decision about a VIP', kindOf('vip'), 'disable_account', true],
    ['a lockdown of a VIP', kindOf('vip'), 'lockdown', true],
    ['any decision about a service account', kindOf('service_account'), 'revoke_sessions', true],
    ['one about an administrator in notme.yml', kindOf('administrator'), 'disable_account', true],
    ['one about somebody called ordinary', kindOf('ordinary'), 'disable_account', false],
    [
      'one about a VIP by Slack id',
      { policy: { kinds: new Map([[ADA.slackUserId, 'vip']]) } },
      'disable_account',
      true,
    ],
    [
      'one about an approver',
      { approvers: [ADA.slackUserId, BEA.slackUserId, CEM.slackUserId] },
      'disable_account',
      true,
    ],
    [
      'any decision, where ordinary people are named',
      { policy: { twoApprovers: { ...FOUR_EYES, targets: ['ordinary'] } } },
      'disable_account',
      true,
    ],
    [
      'a grave action, where none is named',
      { policy: { twoApprovers: { ...FOUR_EYES, actions: [] } } },
      'enable_account',
      false,
    ],
  ])('%s', async (_, options, action, two) => {
    await open(options);
    expect(await decide(action)).toBe('done');
    expect([await count('decisions'), (await count('steps')) > 0]).toEqual(two ? [0, false] : [1, true]);
  });

  it.each([
    ['an administrator', { adminRoles: ['Super admin'] }],
    ['a service account', { use: 'service' }],
  ])('a decision about what the system itself calls %s', async (_, state) => {
    await scene.core.db.query('update accounts set state = state || $1::jsonb', [JSON.stringify(state)]);
    const { rows } = await scene.core.db.query('select 1 from accounts where state is not null');
    if (rows.length === 0) await storeState(state);
    expect(await decide('disable_account')).toBe('done');
    expect(await count('decisions')).toBe(0);
  });

  it('asks for a proof of each, also where decisions are left without a code', async () => {
    await open({ policy: { uncoded: ['enable_account'] } });
    expect(await decide('enable_account', { given: typedCode('') })).toBe('code_refused');
    expect(await decide('enable_account')).toBe('done');
    expect(await countersign(CEM.slackUserId, typedCode(''))).toBe('code_refused');
    expect(await count('decisions')).toBe(0);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['there is no other approver', () => open({ approvers: [BEA.slackUserId] })],
    [
      'the others have neither code nor passkey',
      () => scene.core.db.query('delete from totp_enrolments where user_id <> $1', [BEA.slackUserId]),
    ],
    [
      'the others have reported their own accounts',
      async () => {
        for (const one of [CEM, DIA]) await report((await incidentAbout(scene.core, one)).person);
      },
    ],
  ])('is refused where %s: only break-glass runs it', async (_what, prepare) => {
    await prepare();
    expect(await decide('enable_account')).toBe('nobody_second');
    expect(await decide('enable_account', { breakGlass: 'nobody else is awake at this hour' })).toBe('done');
  });
});

/** What a look at the account would have stored. */
async function storeState(more: object): Promise<void> {
  const state = {
    enabled: true,
    locked: null,
    mustChangePassword: null,
    passwordChangedAt: null,
    twoStepRequired: null,
    loginRanges: null,
    protectedBecause: null,
    authority: null,
    adminRoles: null,
    use: null,
    readAt: scene.runtime.now().toISOString(),
    ...more,
  };
  await scene.core.db.query('update accounts set state = $1', [JSON.stringify(state)]);
}

describe('the first signature', () => {
  beforeEach(async () => {
    expect(await decide('enable_account')).toBe('done');
  });

  it('waits, runs nothing, and is in the thread and the record', async () => {
    expect([await count('decisions'), await count('steps')]).toEqual([0, 0]);
    expect(await waiting(scene.core, 'run_step')).toEqual([]);
    expect(await scene.lines()).toContain('timeline.waiting');
    expect(await scene.record()).toContain('decision.signed');
  });

  it('is not given twice, by nobody: it is signed second', async () => {
    scene.runtime.move(MINUTE_MS);
    expect(await decide('enable_account', { actor: CEM.slackUserId })).toBe('already_waiting');
    expect(await decide('enable_account')).toBe('already_waiting');
    expect(await count('decisions')).toBe(0);
  });

  it('is one when its window is sent off twice', async () => {
    await open();
    const request = await scene.request('enable_account', { ...RETURN, given: code() });
    const both = await Promise.all([commands.decide(scene.core, request), commands.decide(scene.core, request)]);
    expect(both.map(codeOf)).toEqual(['done', 'done']);
    expect((await scene.core.db.query('select 1 from waiting_decisions')).rows).toHaveLength(1);
  });
});

describe('the second signature', () => {
  beforeEach(async () => {
    expect(await decide('enable_account')).toBe('done');
  });

  it('runs it, with both in the rows, the thread and the record', async () => {
    expect(await countersign()).toBe('done');
    const { rows } = await scene.core.db.query<{ decided_by: string; second: { by: string; proof: object } }>(
      'select decided_by, second from decisions',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.decided_by).toBe(BEA.slackUserId);
    expect(rows[0]?.second).toMatchObject({ by: CEM.slackUserId, proof: { kind: 'totp' } });
    expect((await waitingRow()).status).toBe('decided');
    expect(await scene.lines()).toContain('timeline.decided_by_two');
    expect(await scene.record()).toContain('decision.taken');
    expect((await scene.run((await scene.lastStep()).id)).status).toBe('verified');
  });

  it('is one when its window is sent off twice, and a later one is told who decided', async () => {
    expect(await countersign()).toBe('done');
    const { id: waitingId } = await waitingRow();
    const late = await previewCountersign(scene.core, { actor: DIA.slackUserId, origin: ORIGIN }, waitingId);
    expect(late.ok ? '' : [late.error.code, late.error.phrase.key]).toEqual(['already_decided', 'problem.decided.two']);
    expect(await count('decisions')).toBe(1);
  });

  it.each<[string, string, () => unknown]>([
    ['the same Slack user', BEA.slackUserId, () => undefined],
    ['the person it is about', ADA.slackUserId, () => undefined],
    ['somebody who is no approver', ELI.slackUserId, () => undefined],
    [
      'another Slack user with an account of the first',
      CEM.slackUserId,
      async () => {
        const bea = (await incidentAbout(scene.core, BEA)).person;
        const cem = (await incidentAbout(scene.core, CEM)).person;
        const ref = scene.okta.add('shared@meadow.example');
        await scene.link(ref, bea);
        await scene.link(ref, cem);
      },
    ],
    [
      'somebody with an open incident of their own',
      CEM.slackUserId,
      async () => {
        const { person } = await incidentAbout(scene.core, CEM);
        await report(person);
      },
    ],
    [
      'whoever reported it',
      CEM.slackUserId,
      () =>
        scene.core.db.query(
          `insert into reports (workspace_id, id, incident_id, surface, reporter, said, source_key, reported_at)
           values ($1, 'rep_1', $2, 'dm', $3, 'not me', 'ev_1', now())`,
          [scene.core.workspaceId, scene.incident.id, CEM.slackUserId],
        ),
    ],
  ])('is refused to %s', async (_, actor, arrange) => {
    await arrange();
    expect(await countersign(actor)).not.toBe('done');
    expect(await count('decisions')).toBe(0);
    expect(await scene.record()).toContain('decision.refused');
  });

  it('is refused to another Slack user with the address of the first', async () => {
    await open({
      policy: { identifiers: new Map([[BEA.email, { aliases: [CEM.email], employeeId: null, logins: {} }]]) },
    });
    expect(await decide('enable_account')).toBe('done');
    expect(await countersign()).toBe('not_a_second');
  });

  it('is refused to the person it is about, an approver too', async () => {
    await open({ approvers: [ADA.slackUserId, BEA.slackUserId, CEM.slackUserId] });
    await enrolForCodes(scene.core, ADA);
    expect(await decide('disable_account')).toBe('done');
    expect(await countersign(ADA.slackUserId)).toBe('own_account');
    expect(await countersign()).toBe('done');
  });

  it('needs a code of its own', async () => {
    expect(await countersign(CEM.slackUserId, typedCode('000000'))).toBe('code_refused');
    expect(await count('decisions')).toBe(0);
  });

  it('is refused when the first may not decide any more', async () => {
    const { id: waitingId } = await waitingRow();
    const later = {
      ...scene.core,
      roles: { ...scene.core.roles, has: (id: string) => Promise.resolve(id !== BEA.slackUserId) },
    };
    const preview = await previewCountersign(later, { actor: CEM.slackUserId, origin: ORIGIN }, waitingId);
    expect(codeOf(preview)).toBe('not_an_approver');
  });

  it('is refused for another plan, which says what changed: the first decides again', async () => {
    await scene.link(scene.okta.add('ada.king@meadow.example'));
    const { id: waitingId } = await waitingRow();
    const asked = { waitingId, actor: CEM.slackUserId, shown: '', given: code(), requestKey: 'v', origin: ORIGIN };
    const refused = await commands.countersign(scene.core, asked);
    expect(refused.ok ? '' : refused.error.phrase.key).toBe('problem.quorum.changed');
    expect(JSON.stringify(refused)).toContain('ada.king@meadow.example');
    expect((await waitingRow()).status).toBe('outdated');
    expect(await scene.lines()).toContain('timeline.waiting_outdated');
    scene.runtime.move(MINUTE_MS);
    expect(await decide('enable_account')).toBe('done');
    expect((await waitingRow()).status).toBe('waiting');
  });

  it('is refused when its time is over, whatever the row says', async () => {
    scene.runtime.move(61 * MINUTE_MS);
    await scene.core.db.query(`update waiting_decisions set expires_at = expires_at + interval '1 day'`);
    expect(await countersign()).toBe('too_late');
    expect(await decide('enable_account')).toBe('done');
    expect((await waitingRow()).status).toBe('waiting');
  });

  it('is refused for a row that somebody wrote to the database', async () => {
    await scene.core.db.query('update waiting_decisions set signed_by = $1', [DIA.slackUserId]);
    expect(await countersign()).toBe('outdated');
    expect(await count('decisions')).toBe(0);
  });
});

const report = (person: Parameters<typeof reportNotMe>[1]) =>
  reportNotMe(scene.core, person, {
    surface: 'dm',
    said: 'not me',
    noticeId: null,
    sourceKey: `ev_${person.id}`,
    origin: ORIGIN,
  });

describe('before its first call, a step', () => {
  const runLast = async (): Promise<string> => {
    const step = await scene.run((await scene.lastStep()).id);
    return `${step.status} ${step.result?.problem ?? ''}`.trim();
  };
  const performed = () => scene.okta.asked.filter((one) => one.startsWith('perform'));

  it.each<[string, string]>([
    ['was taken out of it', 'update decisions set second = null'],
    ['was put in place of another', `update decisions set second = jsonb_set(second, '{by}', '"U0DIA"')`],
    ['was exchanged for a broken glass', `update decisions set second = null, break_glass = 'no time'`],
  ])('sends nothing when its second signature %s in the database', async (_, sql) => {
    await decide('enable_account');
    await countersign();
    await scene.core.db.query(sql);
    expect(await runLast()).toBe('needs_human not_authentic');
    expect(performed()).toEqual([]);
  });

  it('sends nothing when a second signature was written to a decision of one', async () => {
    await decide('disable_account');
    const second = {
      by: CEM.slackUserId,
      at: scene.runtime.now().toISOString(),
      plan: 'x',
      proof: { kind: 'totp', timeStep: 1 },
    };
    await scene.core.db.query('update decisions set second = $1', [JSON.stringify(second)]);
    expect(await runLast()).toBe('needs_human not_authentic');
    expect(performed()).toEqual([]);
  });

  it('sends nothing when one approver decided what takes two by now', async () => {
    await decide('disable_account');
    await storeState({ adminRoles: ['Super admin'] });
    expect(await runLast()).toBe('needs_human one_approver');
    expect(performed()).toEqual([]);
  });

  it('sends nothing when the second is no approver any more', async () => {
    await decide('enable_account');
    await countersign();
    const gone = { ...scene.core.roles, has: (id: string) => Promise.resolve(id !== CEM.slackUserId) };
    Object.assign(scene.core, { roles: gone });
    expect(await runLast()).toBe('needs_human approver');
    expect(performed()).toEqual([]);
  });
});

describe('an undo', () => {
  const undo = async (action: DecisionKind): Promise<string> => {
    await decide(action);
    const { id } = await scene.run((await scene.lastStep()).id);
    scene.runtime.move(MINUTE_MS);
    return codeOf(await scene.undo(id, { ...RETURN, given: code() }));
  };

  it('that lets somebody in again waits for the second approver, who runs it', async () => {
    expect(await undo('disable_account')).toBe('done');
    expect(await count('decisions')).toBe(1);
    expect(await countersign()).toBe('done');
    expect((await scene.run((await scene.lastStep()).id)).status).toBe('verified');
  });

  it('of what is not grave is for one', async () => {
    expect(await undo('require_two_step')).toBe('done');
    expect(await count('decisions')).toBe(2);
  });
});
