import { beforeEach, describe, expect, it } from '@jest/globals';
import { generateSync, ScureBase32Plugin } from 'otplib';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { previewLinks } from '../../src/approvals/linked-accounts.js';
import { enrol, seedContext } from '../../src/approvals/enrolment.js';
import { allowedOutside } from '../../src/approvals/in-workspace.js';
import { liftableBy } from '../../src/approvals/liftable.js';
import { WORKSPACE_CHAIN } from '../../src/incidents/workspace-event.js';
import { acknowledgeNotices, openFromNotice } from '../../src/notices/see-to.js';
import { recordRefusal } from '../../src/approvals/refusals.js';
import { Secret } from '../../src/platform/secret.js';
import { phrase } from '../../src/texts/phrase.js';
import { refuse } from '../../src/texts/problem.js';
import { BEA, CEM, found, incidentAbout, ORIGIN, Scene } from '../scene.js';

/** What the played runtime's bytes make of an enrolment. */
const SEED = new ScureBase32Plugin().encode(Buffer.alloc(20));

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ policy: { uncoded: [] } });
}, 120_000);

const enrolled = async (): Promise<void> => {
  const { core } = scene;
  const request = { tx: core.db, runtime: core.runtime, sealer: core.sealer, workspaceId: core.workspaceId };
  await enrol({ ...request, userId: BEA.slackUserId, label: BEA.email, email: BEA.email });
};
const codeNow = (): string => generateSync({ secret: SEED, epoch: scene.runtime.now().getTime() / 1000 });
const decide = async (code: string): Promise<string> => {
  const decided = await scene.decide('disable_account', { given: typedCode(code) });
  return decided.ok ? 'decided' : decided.error.phrase.key;
};

describe('the one-time code of a decision', () => {
  it('is asked for, spent, and kept with what it was given for', async () => {
    await enrolled();
    expect(await decide(codeNow())).toBe('decided');
    const { rows } = await scene.core.db.query<{ proof: unknown }>('select proof from decisions');
    const timeStep = Math.floor(scene.runtime.now().getTime() / 30_000);
    expect(rows[0]?.proof).toEqual({ kind: 'totp', timeStep });
    expect((await scene.run((await scene.lastStep()).id)).status).toBe('verified');
  });

  it.each<[string, () => Promise<string>]>([
    ['problem.code.malformed', () => Promise.resolve('12')],
    ['problem.code.wrong', () => Promise.resolve('000000')],
    [
      'problem.code.replayed',
      async () => {
        await scene.decide('revoke_sessions', { given: typedCode(codeNow()) });
        return codeNow();
      },
    ],
    [
      'problem.code.unreadable',
      async () => {
        const { core } = scene;
        const sealed = core.sealer.seal(new Secret(SEED), seedContext(core.workspaceId, 'U0SOMEBODY'));
        await core.db.query('update totp_enrolments set sealed_seed = $1', [sealed]);
        return codeNow();
      },
    ],
  ])('is refused: %s', async (key, typed) => {
    await enrolled();
    expect(await decide(await typed())).toBe(key);
  });

  it('is refused for an approver who has none', async () => {
    expect(await decide('000000')).toBe('problem.code.not_enrolled');
  });

  it('locks after five wrong ones: the thread and the record say so once', async () => {
    await enrolled();
    const answers: string[] = [];
    for (let tries = 0; tries < 6; tries += 1) answers.push(await decide('000000'));
    expect(answers).toEqual([
      ...Array<string>(4).fill('problem.code.wrong'),
      ...Array<string>(2).fill('problem.code.locked'),
    ]);
    expect((await scene.lines()).filter((line) => line === 'announce.locked')).toHaveLength(1);
    expect((await scene.record()).filter((action) => action === 'approver.locked')).toHaveLength(1);
  });

  it('is asked for before accounts are corrected, and for the undo', async () => {
    await enrolled();
    const { core } = scene;
    const shown = found(await previewLinks(core, scene.incident.id, BEA.slackUserId));
    expect(shown.needsCode).toBe(true);
    const typed = new Map([['okta', 'ada.admin']]);
    const correction = {
      incidentId: scene.incident.id,
      actor: BEA.slackUserId,
      origin: ORIGIN,
      typed,
      confirms: false,
      shown: shown.seen,
      requestKey: 'links_1',
    };
    expect(await commands.correctAccounts(core, { ...correction, given: typedCode('000000') })).toMatchObject({
      ok: false,
      error: { code: 'code_refused' },
    });
    await scene.decide('disable_account', { given: typedCode(codeNow()) });
    const { id } = await scene.lastStep();
    await scene.run(id);
    const late = { override: 'she is here' };
    expect(await scene.undo(id, { ...late, given: typedCode('000000') })).toMatchObject({
      ok: false,
      error: { code: 'code_refused' },
    });
    scene.runtime.move(60_000);
    expect(await scene.undo(id, { ...late, given: typedCode(codeNow()) })).toMatchObject({ ok: true });
    scene.runtime.move(60_000);
    await scene.run((await scene.lastStep()).id);
    expect(await commands.correctAccounts(core, { ...correction, given: typedCode(codeNow()) })).toMatchObject({
      ok: true,
    });
  });
});

describe('an approver about whom an incident is open', () => {
  const suspended = refuse('suspended', phrase('problem.suspect.alone', { reference: 'N-1' })).error;
  const reported = async () => {
    const { incident } = await incidentAbout(scene.core, CEM);
    await scene.core.db.query(
      `insert into reports (workspace_id, id, incident_id, surface, reporter, said, source_key, reported_at)
       values ($1, 'rep_1', $2, 'dm', $3, 'not me', 'key', $4)`,
      [scene.core.workspaceId, incident.id, CEM.slackUserId, scene.runtime.now()],
    );
    return incident;
  };
  const entries = async (incidentId: string) =>
    (
      await scene.core.db.query<{ action: string }>('select action from record_entries where incident_id = $1', [
        incidentId,
      ])
    ).rows.map(({ action }) => action);

  it('is told of in the thread that he tries to decide in, once for each kind of try', async () => {
    await reported();
    for (let tries = 0; tries < 2; tries += 1)
      expect(await scene.decide('disable_account', { actor: CEM.slackUserId })).toMatchObject({
        ok: false,
        error: { code: 'suspended' },
      });
    expect((await scene.lines()).filter((line) => line === 'timeline.suspect')).toHaveLength(1);
  });

  it('is told of in his own incident, when the try belongs to no other', async () => {
    const incident = await reported();
    const attempt = { action: 'lockdown', incidentId: null, actor: CEM.slackUserId, origin: ORIGIN };
    await recordRefusal(scene.core, attempt, suspended);
    expect(await entries(incident.id)).toContain('decision.refused');
  });

  const outside = async (): Promise<readonly unknown[]> => {
    const { rows } = await scene.core.db.query<{ said: unknown }>(
      `select jsonb_build_array(detail->>'action', detail->>'problem') as said from record_entries
       where incident_id = $1 and action = 'attempt.refused' order by seq`,
      [WORKSPACE_CHAIN],
    );
    return rows.map(({ said }) => said);
  };

  it('is told of in his own incident, too, when he tries something in another', async () => {
    const incident = await reported();
    const before = (await entries(scene.incident.id)).length;
    await scene.decide('disable_account', { actor: CEM.slackUserId });
    expect((await entries(incident.id)).filter((one) => one === 'decision.refused')).toHaveLength(2);
    expect((await entries(scene.incident.id)).slice(before)).toEqual(['decision.refused', 'decision.refused']);
    expect(await outside()).toEqual([]);
  });

  it('is told of there when he corrects accounts, presses the doctor, lifts a lock, or sees to a notice', async () => {
    const incident = await reported();
    const by = { actor: CEM.slackUserId, origin: ORIGIN };
    await commands.correctAccounts(scene.core, {
      incidentId: scene.incident.id,
      typed: new Map(),
      confirms: false,
      shown: '',
      requestKey: 'links_2',
      given: typedCode(codeNow()),
      ...by,
    });
    await allowedOutside(scene.core, { action: 'doctor', right: 'doctor', ...by });
    await liftableBy(scene.core, { lockedUser: BEA.slackUserId, ...by });
    await commands.liftLock(scene.core, {
      lockedUser: BEA.slackUserId,
      requestKey: 'view_lift',
      given: typedCode(codeNow()),
      ...by,
    });
    await scene.core.db.query(
      `insert into notices (workspace_id, id, system, event_id, kind, login, occurred_at, noticed_at, person_id)
       values ($1, 'not_1', 'okta', 'ev_1', 'password_reset', $2, now(), now(), $3)`,
      [scene.core.workspaceId, scene.person.email, scene.person.id],
    );
    await openFromNotice(scene.core, 'not_1', by);
    await acknowledgeNotices(scene.core, 'not_1', by);
    const tried = ['doctor', 'lift_lock', 'lift_lock', 'notice.open', 'notice.settle'];
    expect(await outside()).toEqual(tried.map((action) => [action, 'suspended']));
    expect((await entries(incident.id)).filter((one) => one === 'decision.refused')).toHaveLength(1 + tried.length);
  });

  it('of any other refusal nothing is kept there', async () => {
    const incident = await reported();
    const attempt = { action: 'lockdown', incidentId: null, actor: CEM.slackUserId, origin: ORIGIN };
    await recordRefusal(scene.core, attempt, refuse('invalid_input', phrase('problem.reason')).error);
    await recordRefusal(scene.core, { ...attempt, actor: 'U0NOBODY' }, suspended);
    expect(await entries(incident.id)).not.toContain('decision.refused');
  });
});
