import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { en } from '../../src/texts/en.js';
import { typedCode } from '../../src/approvals/check-proof.js';
import { enrol } from '../../src/approvals/enrolment.js';
import { holderByAddress } from '../../src/approvals/own.js';
import { mayDecide } from '../../src/approvals/policy.js';
import { askWhose, mayDecideOn } from '../../src/approvals/whose.js';
import type { AccountRef, Connector } from '../../src/ports/connector.js';
import type { Core } from '../../src/ports/core.js';
import { correctLinks } from '../../src/approvals/commands/correct-links.js';
import { type Person, personBySlackId, savePerson, savePersonWithoutSlack } from '../../src/incidents/people.js';
import { stepById } from '../../src/incidents/steps.js';
import { ok } from '../../src/platform/result.js';
import { runStep } from '../../jobs/run-step/run-step.js';
import type { Run } from '../../jobs/worker.js';
import { type Flow, PEOPLE, startFlow } from './flow.js';
import { holdSteps } from './held.js';

const { ada, cem } = PEOPLE;
const PRIVATE = 'cem.private@elsewhere.example';
const NUMBER = '4711';
const CEMS: AccountRef = { system: 'mimecast', accountId: cem.email, login: cem.email };
const refusal = (key: string) => ({ ok: false, error: { phrase: { key } } });
const UNKNOWN = refusal('problem.own_unknown');

describe('an approver whose e-mail address Slack does not give, or gives another one', () => {
  let flow: Flow;
  let target: Person;
  let mailOnly: Person;
  beforeAll(async () => {
    flow = await startFlow({ people: [{ email: cem.email, employee_id: NUMBER }] });
    await flow.report(ada);
    const { core } = flow.app;
    const known = await personBySlackId(core.db, core.workspaceId, ada.id);
    if (!known) throw new Error('Ada is not known');
    target = known;
    mailOnly = await savePersonWithoutSlack(core, core.db, cem.email);
  }, 240_000);
  afterAll(() => flow.close());

  const member = (slackUserId: string, email: string) => ({
    slackUserId,
    email,
    name: 'Cem Aydin',
    title: null,
    manager: null,
    timeZone: 'UTC',
    standing: 'member' as const,
  });
  /** The app while Slack tells this address of everybody. */
  const telling = (email: string | null): Core => ({
    ...flow.app.core,
    people: {
      ...flow.app.core.people,
      bySlackId: (id) => Promise.resolve({ ...member(id, ''), email }),
    },
  });
  const mimecast = (): Connector => {
    const connector = flow.app.core.connectors.get('mimecast');
    if (!connector) throw new Error('Mimecast is not linked');
    return connector;
  };
  const askAbout = (core: Core, account: AccountRef, connector = mimecast()) =>
    askWhose(
      core,
      { actor: cem.id, account },
      { connector, call: { signal: AbortSignal.timeout(10_000), correlationId: 'own' } },
    );
  const forget = async (): Promise<void> => {
    await flow.app.core.db.query('delete from people where slack_user_id = $1', [cem.id]);
    await flow.app.core.db.query('delete from earlier_addresses');
  };
  /** Cem was seen under each of these addresses, the last one now. */
  const seenAs = async (...emails: readonly string[]): Promise<void> => {
    await forget();
    await flow.app.core.db.query('delete from people where slack_user_id is null');
    for (const email of emails) await savePerson(flow.app.core, member(cem.id, email));
    mailOnly = await savePersonWithoutSlack(flow.app.core, flow.app.core.db, cem.email);
  };

  it('decides nothing, corrects nothing and has nothing sent while no address is known', async () => {
    const core = telling(null);
    expect(await mayDecide(core, cem.id, mailOnly)).toMatchObject(UNKNOWN);
    expect(await mayDecide(core, cem.id, target)).toMatchObject(UNKNOWN);
    expect(await mayDecideOn(core, { actor: cem.id, target, accounts: [CEMS] })).toMatchObject(UNKNOWN);
    expect(await askAbout(core, CEMS)).toMatchObject({ ok: false, error: { problem: UNKNOWN.error } });
    const { rows } = await core.db.query<{ id: string }>('select id from incidents limit 1');
    const correction = {
      incidentId: rows[0]?.id ?? '',
      actor: cem.id,
      typed: new Map(),
      confirms: false,
      shown: '',
      requestKey: 'links',
      given: typedCode(''),
    };
    const origin = { surface: 'button', correlationId: 'own' } as const;
    expect(await correctLinks(core, { ...correction, origin })).toMatchObject(UNKNOWN);
  });

  it('is told what mends it: the scope, or an entry in notme.yml', () => {
    expect(en['problem.own_unknown']).toMatch(/users:read\.email.*workspace\.people/);
  });

  it('decides nothing either after his address has become that of somebody else, and his own is not told', async () => {
    await savePerson(flow.app.core, member('U0LEFT', 'left@meadow.example'));
    await savePerson(flow.app.core, member('U0HEIR', 'heir@meadow.example'));
    await savePerson(flow.app.core, member('U0HEIR', 'left@meadow.example'));
    const roles: Core['roles'] = {
      ...flow.app.core.roles,
      has: () => Promise.resolve(true),
      standing: () => Promise.resolve('member'),
    };
    expect(await mayDecide({ ...telling(null), roles }, 'U0LEFT', target)).toMatchObject(UNKNOWN);
    await flow.app.core.db.query("delete from people where slack_user_id in ('U0LEFT', 'U0HEIR')");
  });

  it('has his step asked about again later when it runs, and it runs once Slack tells', async () => {
    const held = await holdSteps(flow);
    await held.hold(true);
    await flow.decide(cem.id, ada.real_name, 'disable_account');
    await held.hold(false);
    const { core } = flow.app;
    const { rows } = await core.db.query<{ id: string }>('select id from steps');
    const ref = rows[0]?.id ?? '';
    await forget();
    const [workspaceId, id] = [core.workspaceId, `run_step_${ref}`];
    const work = { workspace_id: workspaceId, id, name: 'run_step', ref, wanted: 1, attempt: 1 } as const;
    const run: Run = {
      work: { ...work, run_after: core.runtime.now(), correlation_id: 'own' },
      lease: { workspaceId, id, token: 'of a test', wanted: 1 },
      signal: AbortSignal.timeout(10_000),
      progress: () => undefined,
      startedAt: core.runtime.now(),
      commit: (change) => core.db.transaction(change),
    };
    expect(await runStep(telling(null), run)).toEqual({ againInMs: expect.any(Number) });
    expect((await stepById(core.db, core.workspaceId, ref))?.finished_at).toBeNull();
    await held.run(ref);
    await flow.inChannel('*Mimecast: Disable* verified');
  }, 240_000);

  it('is known by the address that he had before', async () => {
    await seenAs(cem.email, 'cem.second@meadow.example', PRIVATE);
    const core = telling(PRIVATE);
    expect(await mayDecide(core, cem.id, mailOnly)).toMatchObject(refusal('problem.own_account'));
    expect(await mayDecideOn(core, { actor: cem.id, target, accounts: [CEMS] })).toMatchObject(
      refusal('problem.own_login'),
    );
    expect(await askAbout(core, { ...CEMS, login: 'another spelling' })).toMatchObject({
      ok: false,
      error: { problem: { phrase: { key: 'problem.own_login' } } },
    });
  });

  it('is known by the address that he was enrolled with, also when he was never seen under it', async () => {
    const { core } = flow.app;
    await seenAs(PRIVATE);
    const enrolled = { userId: cem.id, label: cem.email, email: 'Cem@Meadow.example' };
    const { db: tx, runtime, sealer, workspaceId } = core;
    await enrol({ tx, runtime, sealer, workspaceId, ...enrolled });
    expect(await mayDecide(telling(PRIVATE), cem.id, mailOnly)).toMatchObject(refusal('problem.own_account'));
  });

  it('is named as whose account it is when it is linked to somebody else by hand', async () => {
    await seenAs('cem.second@meadow.example', PRIVATE);
    const { core } = flow.app;
    const account = { system: 'mimecast', login: 'Cem.Second@meadow.example' };
    expect(await holderByAddress(core, core.db, target.id, account)).toBe('Cem Aydin');
  });

  it('is not known by an address that has become another member’s', async () => {
    await seenAs(cem.email, PRIVATE);
    const { core } = flow.app;
    const heir = await savePerson(core, { ...member('U0HEIR', cem.email), name: 'Cem Demir' });
    expect(await mayDecide(telling(PRIVATE), cem.id, heir)).toMatchObject({ ok: true });
    expect(await holderByAddress(core, core.db, target.id, CEMS)).toBe('Cem Demir');
    // Once the other member has it no more, it may be Cem's again: nobody else is known for it.
    await savePerson(core, member('U0HEIR', 'heir@meadow.example'));
    const again = await savePersonWithoutSlack(core, core.db, cem.email);
    expect(await mayDecide(telling(PRIVATE), cem.id, again)).toMatchObject(refusal('problem.own_account'));
    await core.db.query("delete from people where slack_user_id = 'U0HEIR'");
  });

  it('is known by his personnel number, where no address leads to the account', async () => {
    await seenAs(cem.email, PRIVATE);
    const account = { system: 'mimecast', accountId: 'only-by-number', login: 'p4711' };
    const connector: Connector = {
      ...mimecast(),
      find: (identifiers, call) =>
        identifiers.employeeId === NUMBER ? Promise.resolve(ok(account)) : mimecast().find(identifiers, call),
    };
    expect(await askAbout(telling(PRIVATE), account, connector)).toMatchObject({
      ok: false,
      error: { problem: { phrase: { key: 'problem.own_login' } } },
    });
  });

  it('is known by an address that could not be kept because the rows cannot be merged now', async () => {
    await seenAs('cem.second@meadow.example');
    const { core } = flow.app;
    const person = await personBySlackId(core.db, core.workspaceId, cem.id);
    const open = `insert into incidents (workspace_id, id, reference, person_id, status, opened_at, channel)
      values ($1, $2, $2, $3, 'open', now(), 'C1')`;
    await core.db.query(open, [core.workspaceId, 'N-801', person?.id]);
    await core.db.query(open, [core.workspaceId, 'N-802', mailOnly.id]);
    await core.db.query("update people set updated_at = now() - interval '2 days' where slack_user_id = $1", [cem.id]);
    expect(await mayDecide(telling(cem.email), cem.id, mailOnly)).toMatchObject(refusal('problem.own_account'));
  });
});
