import { beforeEach, describe, expect, it } from '@jest/globals';
import { collectEvidence } from '../../jobs/handlers/collect-evidence.js';
import { rescan } from '../../jobs/handlers/rescan.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { newestEvidenceOf } from '../../src/evidence/rescan.js';
import type { EvidenceItem, EvidenceSection } from '../../src/ports/connector.js';
import { requestWork, type WorkName } from '../../src/outbox/outbox.js';
import { runOnce } from '../runs.js';
import { BEA, found, ORIGIN, Scene } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
}, 120_000);

const set = (change: string, ...values: readonly unknown[]): Promise<unknown> => scene.core.db.query(change, values);
async function run(name: WorkName): Promise<unknown> {
  const { core } = scene;
  const work = { workspaceId: core.workspaceId, name, ref: scene.incident.id, correlationId: 'cor' } as const;
  await requestWork(core.db, { ...work, now: core.runtime.now() });
  return runOnce(core, name, scene.incident.id, (one) =>
    name === 'rescan' ? rescan(core, one) : collectEvidence(core, one),
  );
}
const item = (id: string, more: Partial<EvidenceItem> = {}): EvidenceItem => ({
  id,
  title: `item ${id}`,
  at: scene.runtime.now(),
  ...more,
});
const hide = (section: EvidenceSection, message = 'not allowed'): void => {
  scene.okta.hidden[section] = { kind: 'permission', message };
};
const FORWARD = { givesMailTo: ['collector@evil.example'] } as const;
const newest = async () => found((await newestEvidenceOf(scene.core, scene.core.db, scene.incident.id))[0]);
const last = async (key: string): Promise<string> =>
  JSON.stringify(found((await scene.said()).findLast((body) => 'phrase' in body && body.phrase?.key === key)));
const has = async (key: string): Promise<boolean> => (await scene.lines()).includes(key);

describe('the evidence of an incident', () => {
  it('is kept once, told, and shown as a picture when there are sign-ins', async () => {
    scene.okta.items.sign_ins = [item('one')];
    expect(await run('collect_evidence')).toBe('completed');
    await run('collect_evidence');
    const lines = await scene.lines();
    expect(lines.filter((key) => key === 'timeline.evidence')).toHaveLength(1);
    expect((await scene.record()).filter((action) => action === 'evidence.kept')).toHaveLength(1);
    expect((await scene.core.db.query(`select 1 from posts where body->>'kind' = 'sign_ins'`)).rows).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ['timeline.evidence.nothing_odd', () => undefined],
    ['timeline.evidence.nothing_odd_partly', () => hide('grants')],
    [
      'timeline.evidence.odd',
      () => {
        scene.okta.items.mail_rules = [item('rule', FORWARD), item('twin', FORWARD)];
      },
    ],
    [
      'timeline.evidence.odd',
      () => {
        hide('grants');
        hide('roles', 'another reason');
        scene.okta.items.mail_rules = [item('rule', FORWARD)];
      },
    ],
  ])('is judged in one line: %s', async (key, prepare) => {
    prepare();
    await run('collect_evidence');
    expect(await has(key)).toBe(true);
  });

  it('that does not open is said, and nothing is called odd in it', async () => {
    await run('collect_evidence');
    await set(`update evidence set sealed = 'of another key', summary = '{}'`);
    await set(`delete from posts where body->>'kind' = 'line'`);
    await run('collect_evidence');
    expect(await has('timeline.evidence.nothing_odd_partly')).toBe(true);
    expect((await newest()).evidence).toBeNull();
  });

  it.each(['closed', 'without accounts', 'not connected'])(
    'is not collected for an incident that is %s',
    async (how) => {
      if (how === 'closed') await set(`update incidents set status = 'closed'`);
      if (how === 'without accounts') await set('delete from accounts');
      if (how === 'not connected') await set('update accounts set login = null, account_id = null');
      expect(await run('collect_evidence')).toBe('completed');
      expect(await scene.lines()).toEqual([]);
    },
  );
});

describe('another look', () => {
  it('tells what was not there before, what can be a way back first', async () => {
    scene.okta.items.sign_ins = [item('old')];
    await run('collect_evidence');
    scene.okta.items.sign_ins = [item('old'), item('new', { at: null })];
    scene.okta.items.factors = [item('phone')];
    expect(await run('rescan')).toBe('completed');
    const said = await last('timeline.look.new');
    expect(said.indexOf('item phone')).toBeLessThan(said.indexOf('item new'));
    expect(said).not.toContain('item old');
    expect((await newest()).evidence?.factors).toMatchObject({ items: [{ id: 'phone' }] });
  });

  it('names twelve, and counts the rest', async () => {
    await run('collect_evidence');
    scene.okta.items.sessions = Array.from({ length: 15 }, (_, index) => item(`s${index}`));
    await run('rescan');
    expect(await last('timeline.look.new')).toContain('timeline.look.more');
  });

  it('says that nothing is new', async () => {
    await run('collect_evidence');
    await run('rescan');
    expect(await has('timeline.look.nothing')).toBe(true);
  });

  it('lists what is read for the first time, and what was empty', async () => {
    hide('factors');
    hide('grants');
    await run('collect_evidence');
    delete scene.okta.hidden.factors;
    delete scene.okta.hidden.grants;
    scene.okta.items.factors = [item('phone')];
    await run('rescan');
    const said = await last('timeline.look.nothing');
    expect(said).toContain('item phone');
    expect(said).toContain('timeline.look.empty');
  });

  it('of an account that is seen for the first time has nothing to compare with', async () => {
    await run('rescan');
    expect(await has('timeline.look.incomparable')).toBe(true);
    expect((await newest()).look).toBeNull();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a system that refuses all', () => hideAll('permission')],
    ['a system that shows nothing of it', () => hideAll('unsupported')],
    [
      'an account that is not known',
      () => set(`update accounts set login = null, account_id = null, problem = 'asked again'`),
    ],
    [
      'an account that nobody has looked for',
      () => set('update accounts set login = null, account_id = null, problem = null'),
    ],
    ['a system that is not connected any more', () => set(`update accounts set system = 'retired_system'`)],
    ['a look that does not open', () => set(`update evidence set sealed = 'of another key'`)],
  ])('says what could not be read: %s', async (_what, change) => {
    await run('collect_evidence');
    await change();
    await run('rescan');
    const key = (await scene.lines()).at(-1) ?? '';
    expect(key).toMatch(/^timeline\.look\.(incomparable|nothing)$/);
  });
  const hideAll = (kind: 'permission' | 'unsupported'): Promise<void> => {
    for (const section of SECTIONS) scene.okta.hidden[section] = { kind, message: 'not to be had' };
    return Promise.resolve();
  };
  const SECTIONS: readonly EvidenceSection[] = [
    'sign_ins',
    'factors',
    'sessions',
    'grants',
    'app_passwords',
    'mail_rules',
    'devices',
    'roles',
    'groups',
    'recovery',
    'changes',
  ];

  it('is not taken of an incident that is closed', async () => {
    await set(`update incidents set status = 'closed'`);
    expect(await run('rescan')).toBe('completed');
    expect(await scene.lines()).toEqual([]);
  });
});

describe('what a lockdown left for later', () => {
  const offered = async (): Promise<readonly string[]> =>
    (await scene.said()).flatMap((body) =>
      body.kind === 'offer'
        ? [`${/plan\.later\.\w+/.exec(JSON.stringify(body.phrase.values))?.[0] ?? '-'} ${body.actions.join()}`.trim()]
        : [],
    );
  const open = async () =>
    found(
      (await scene.core.db.query<{ unplanned: { action: string | null }[] }>('select unplanned from decisions'))
        .rows[0],
    ).unplanned.map(({ action }) => action);

  it('is named in the window and in the thread, and read at once', async () => {
    const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
    expect(await previewDecision(scene.core, clicked, 'lockdown')).toMatchObject({
      ok: true,
      value: { unplanned: [{ key: 'plan.unplanned_line' }] },
    });
    await scene.decide('lockdown');
    expect(await has('timeline.unplanned')).toBe(true);
    expect(await open()).toEqual(expect.arrayContaining(['disable_mail_rules']));
  });

  it('is offered when it is read and something stands out, and over when nothing does', async () => {
    await scene.decide('lockdown');
    scene.okta.items.mail_rules = [item('rule', FORWARD)];
    await run('collect_evidence');
    expect((await offered()).join()).toContain('disable_mail_rules');
    expect(await open()).toEqual([]);
  });

  it('is said to hold nothing odd', async () => {
    await scene.decide('lockdown');
    await run('collect_evidence');
    expect(await offered()).toEqual(['plan.later.nothing']);
    expect(await open()).toEqual([]);
  });

  it('that was refused is said once, and stays open for a look that reads it', async () => {
    hide('mail_rules');
    await scene.decide('lockdown');
    await run('collect_evidence');
    expect(await open()).toEqual(['disable_mail_rules']);
    const told = (await offered()).length;
    await run('rescan');
    expect((await offered()).length).toBe(told);
    delete scene.okta.hidden.mail_rules;
    scene.okta.items.mail_rules = [item('rule', FORWARD)];
    await run('rescan');
    expect(await open()).toEqual([]);
    expect((await offered()).at(-1)).toContain('disable_mail_rules');
  });

  it('that somebody decided meanwhile is not offered', async () => {
    await scene.decide('lockdown');
    await set(
      `insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, position, status, created_at)
       select workspace_id, 'stp_other', decision_id, incident_id, account_row, system, 'disable_mail_rules', 9, 'queued', created_at from steps limit 1`,
    );
    await set(
      `insert into decisions (workspace_id, id, incident_id, action, reason, ranges, decided_by, decided_at, request_key, correlation_id)
       select workspace_id, 'dec_other', incident_id, 'disable_mail_rules', reason, ranges, decided_by, decided_at, 'key', 'cor' from decisions`,
    );
    await set(`update steps set decision_id = 'dec_other' where id = 'stp_other'`);
    scene.okta.items.mail_rules = [item('rule', FORWARD)];
    await run('collect_evidence');
    expect((await offered()).join()).not.toContain('disable_mail_rules');
  });

  it.each([
    ['plan.later.absent', `update accounts set account_id = null, login = null, problem = 'no account there'`],
    ['plan.later.found lockdown', ''],
  ])('of a whole account that was not known: %s', async (wanted, change) => {
    await scene.link(scene.okta.add('spare@meadow.example'));
    const known = await scene.core.db.query('select * from accounts');
    await set(`update accounts set account_id = null, login = null, problem = 'asked again'`);
    await set(
      `insert into decisions (workspace_id, id, incident_id, action, reason, ranges, decided_by, decided_at, request_key, correlation_id, unplanned)
       values ($1, 'dec_1', $2, 'lockdown', 'x', '[]', 'U', $3, 'key', 'cor', '[{"system":"okta","action":null,"told":false},{"system":"gone","action":null,"told":false},{"what":"is this"}]')`,
      scene.core.workspaceId,
      scene.incident.id,
      scene.runtime.now(),
    );
    await run('rescan');
    expect(await open()).toEqual([null, null]);
    await set(change === '' ? `update accounts set account_id = 'okta/x', login = 'x', problem = null` : change);
    expect(known.rows.length).toBeGreaterThan(0);
    await run('rescan');
    expect(await offered()).toEqual([wanted]);
    expect(await open()).toEqual([null]);
  });
});
