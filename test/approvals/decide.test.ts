import { beforeEach, describe, expect, it } from '@jest/globals';
import { commands } from '../../src/approvals/commands/index.js';
import { previewDecision } from '../../src/approvals/preview.js';
import type { DecisionRequest } from '../../src/approvals/request.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { choiceKey } from '../../src/evidence/rescan.js';
import type { DecisionKind } from '../../src/ports/decision-kinds.js';
import { ADA, BEA, CEM, ELI, found, ORIGIN, Scene } from '../scene.js';
import { waiting } from '../runs.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' }, mimecast: { title: 'Mimecast' } } });
}, 120_000);

const codeOf = async (action: DecisionKind, more: Partial<DecisionRequest> = {}): Promise<string> => {
  const decided = await scene.decide(action, more);
  return decided.ok ? 'decided' : decided.error.code;
};

describe('a decision', () => {
  it('stores itself, its steps, their work, the line and the record, and wakes the dispatcher', async () => {
    const before = scene.dispatched();
    const decided = await scene.decide('disable_account', { reason: '  not hers ' });
    const steps = await scene.steps();
    expect(decided).toMatchObject({ ok: true, value: { repeated: false } });
    expect(steps.map(({ system, action, status, undo_of }) => [system, action, status, undo_of])).toEqual([
      ['mimecast', 'disable_account', 'queued', null],
      ['okta', 'disable_account', 'queued', null],
    ]);
    expect(await waiting(scene.core, 'run_step')).toEqual(steps.map(({ id }) => id).sort());
    expect(await waiting(scene.core, 'sync_incident')).toEqual([scene.incident.id]);
    const { rows } = await scene.core.db.query('select reason, decided_by, correlation_id from decisions');
    expect(rows).toEqual([{ reason: 'not hers', decided_by: BEA.slackUserId, correlation_id: ORIGIN.correlationId }]);
    expect(await scene.lines()).toEqual(['timeline.decided']);
    expect((await scene.record()).at(-1)).toBe('decision.taken');
    expect(scene.dispatched()).toBeGreaterThan(before);
    expect(scene.runtime.moments.filter(([moment]) => moment === 'decision.committed')).toHaveLength(1);
  });

  it('takes the incident for whoever decides first, and leaves it with whom it is', async () => {
    const owner = async () =>
      (await scene.core.db.query<{ owner: string }>('select owner from incidents')).rows[0]?.owner;
    await scene.decide('disable_account', { actor: CEM.slackUserId });
    expect(await owner()).toBe(CEM.slackUserId);
    await scene.decide('revoke_sessions', { actor: BEA.slackUserId });
    expect(await owner()).toBe(CEM.slackUserId);
  });

  it('is one when the same window is sent off twice, also at once', async () => {
    const request = await scene.request('disable_account');
    const both = await Promise.all([commands.decide(scene.core, request), commands.decide(scene.core, request)]);
    expect(both.map((one) => one.ok)).toEqual([true, true]);
    expect(await commands.decide(scene.core, request)).toMatchObject({ ok: true, value: { repeated: true } });
    expect(await scene.steps()).toHaveLength(2);
  });

  it('seals a new password for a reset, another one for each account', async () => {
    await scene.decide('reset_password');
    const sealed = (await scene.steps()).map(({ sealed_password }) => sealed_password);
    expect(sealed).toEqual([expect.any(String), expect.any(String)]);
    expect(new Set(sealed).size).toBe(2);
  });

  it('of a lockdown opens the tasks and lets steps wait for each other', async () => {
    await scene.decide('lockdown');
    const steps = await scene.steps();
    expect(new Set(steps.map(({ status }) => status))).toEqual(new Set(['queued', 'waiting']));
    expect((await scene.core.db.query('select 1 from tasks')).rows.length).toBeGreaterThan(0);
    const free = steps.filter(({ status }) => status === 'queued').map(({ id }) => id);
    expect(await waiting(scene.core, 'run_step')).toEqual(free.sort());
  });

  it('writes ranges into the steps that need them and into its line', async () => {
    await scene.decide('limit_login_ips', { ranges: ['203.0.113.0/24'] });
    expect((await scene.steps()).map(({ ranges }) => ranges)).toEqual([['203.0.113.0/24'], ['203.0.113.0/24']]);
    expect(await scene.lines()).toEqual(['timeline.decided_ranges']);
  });
});

describe('a decision is refused', () => {
  it.each<[string, DecisionKind, Partial<DecisionRequest>, string]>([
    ['without a reason', 'disable_account', { reason: ' x ' }, 'invalid_input'],
    ['for whoever is no approver', 'disable_account', { actor: ELI.slackUserId }, 'not_an_approver'],
    ['for the person whom it is about', 'disable_account', { actor: ADA.slackUserId }, 'not_an_approver'],
    ['when another plan was shown', 'disable_account', { shown: 'another' }, 'plan_changed'],
    ['without ranges where they are needed', 'limit_login_ips', {}, 'invalid_input'],
    ['without an address to block', 'block_address', {}, 'invalid_input'],
    ['when nothing was chosen', 'revoke_grants', { chosen: new Map([['acc', []]]) }, 'invalid_input'],
    ['when something unknown was chosen', 'revoke_grants', { chosen: new Map([['acc', ['x']]]) }, 'plan_changed'],
    ['when it lets somebody in before the check-list is done', 'enable_account', {}, 'checklist_open'],
    ['for an incident that is not there', 'disable_account', { incidentId: 'inc_x' }, 'unknown_incident'],
  ])('%s', async (_why, action, more, wanted) => {
    expect(await codeOf(action, more)).toBe(wanted);
    expect(await scene.steps()).toEqual([]);
    const refused = (await scene.record()).filter((one) => one === 'decision.refused');
    // A window that could not be opened is one try, the submit another.
    expect(refused.length > 0).toBe(wanted !== 'unknown_incident');
  });

  it("when the person's own recent address does not fit, unless that is accepted", async () => {
    const { core } = scene;
    await core.db.query(
      `insert into sign_ins (workspace_id, system, event_id, login, ip, occurred_at) values ($1, 'okta', 'e1', $2, '198.51.100.9', $3)`,
      [core.workspaceId, ADA.email, scene.runtime.now()],
    );
    const ranges = ['203.0.113.0/24'];
    expect(await codeOf('limit_login_ips', { ranges })).toBe('invalid_input');
    expect(await codeOf('limit_login_ips', { ranges: ['198.51.100.0/24'] })).toBe('decided');
    expect(await codeOf('block_address', { ranges })).toBe('decided');
    expect(await codeOf('limit_login_ips', { ranges, outsideAccepted: true, seen: 9 })).toBe('already_running');
  });

  it('when somebody was faster, and when the same runs already', async () => {
    const request = await scene.request('disable_account', { actor: CEM.slackUserId });
    await scene.decide('disable_account');
    expect(await commands.decide(scene.core, request)).toMatchObject({ error: { code: 'already_decided' } });
    expect(await codeOf('disable_account')).toBe('already_running');
  });

  it('when an account was linked since the window was opened', async () => {
    const request = await scene.request('disable_account');
    await scene.link(scene.okta.add('other', 'okta/other'));
    expect(await commands.decide(scene.core, request)).toMatchObject({ error: { code: 'plan_changed' } });
  });

  it('when the incident is closed, or no account is known yet', async () => {
    await scene.core.db.query('delete from accounts');
    expect(await codeOf('disable_account')).toBe('not_ready');
    await scene.core.db.query(`update incidents set status = 'closed'`);
    expect(await codeOf('disable_account')).toBe('incident_closed');
  });

  it('when there is nothing to do anywhere', async () => {
    const none = { capabilities: { quarantine: { route: 'none' } } } as const;
    scene = await Scene.open({ systems: { okta: none } });
    expect(await codeOf('quarantine')).toBe('nothing_to_do');
  });

  it('without the code that is asked for', async () => {
    scene = await Scene.open({ policy: { uncoded: [] } });
    expect(await codeOf('disable_account')).toBe('code_refused');
  });
});

describe('letting somebody in early', () => {
  it('is possible with a reason, which record and thread tell', async () => {
    expect(await codeOf('enable_account', { override: 'she stands beside me' })).toBe('decided');
    expect(await scene.record()).toContain('recovery.overridden');
    expect(await scene.lines()).toContain('timeline.recovery_overridden');
  });
});

describe('a decision on things that were chosen', () => {
  const GRANTS = [
    { id: 'g1', title: 'Mail Backup', at: null },
    { id: 'g2', title: 'Notes', at: null },
  ];
  beforeEach(async () => {
    scene.okta.items.grants = GRANTS;
    const account = found((await scene.account()).id);
    const evidence = await scene.okta.evidence();
    for (const { id } of await accounts())
      await saveEvidence(scene.core, scene.core.db, { incidentId: scene.incident.id, accountRow: id, evidence });
    expect(account).toBeDefined();
  });
  const accounts = async () => {
    const preview = await previewDecision(
      scene.core,
      { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN },
      'revoke_grants',
    );
    return preview.ok ? preview.value.systems.map(({ account }) => account) : [];
  };

  it('offers them, and plans those only', async () => {
    const [first] = await accounts();
    const chosen = new Map([[found(first).id, [choiceKey({ id: 'g2' })]]]);
    expect(await codeOf('revoke_grants', { chosen })).toBe('decided');
    expect((await scene.steps()).map(({ account_row, items }) => [account_row, items])).toEqual([
      [found(first).id, ['g2']],
    ]);
  });

  it('is no decision when everything was left out', async () => {
    const [first] = await accounts();
    expect(await codeOf('revoke_grants', { chosen: new Map([[found(first).id, []]]) })).toBe('invalid_input');
  });
});
