import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askWhose, mayDecideOn } from '../../src/approvals/whose.js';
import type { LinkedAccount } from '../../src/incidents/accounts.js';
import { type Person, personBySlackId } from '../../src/incidents/people.js';
import { decisionById, stepsOf } from '../../src/incidents/steps.js';
import { barredAccount } from '../../jobs/run-step/whose-account.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;
const AT = 'meadow.example';
/** A break-glass account that the never-touch list names by an alias. */
const GLASS = { email: `emergency@${AT}`, name: 'Emergency', aliases: [`break-glass@${AT}`] };
/** Bea's second account: Mimecast knows her address as an alias of it too. */
const BEAS = { email: `lindqvist@${AT}`, name: 'Bea L.', aliases: [`bea.private@${AT}`] };
const SPARE = { email: `ada.old@${AT}`, name: 'Ada, before she was married' };

describe('account ids, not typed texts, decide whose an account is', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({
      accounts: [GLASS, BEAS, SPARE, { email: `aydin@${AT}`, name: 'Cem A.', aliases: [`c.aydin@${AT}`] }],
      people: [
        { email: cem.email, aliases: [`aydin@${AT}`] },
        { email: bea.email, aliases: [`bea.private@${AT}`] },
      ],
      neverTouch: [`break-glass@${AT}`],
    });
    await flow.report(dia);
    await flow.report(ada);
  }, 240_000);
  afterAll(() => flow.close());

  const disabled = (email: string): boolean | undefined => flow.world.mimecast.user(email)?.accountDisabled;
  const link = async (approver: string, login: string): Promise<string> => {
    await flow.player.press(approver, flow.channel, await flow.card(ada.real_name), 'incident_links');
    const { id } = await flow.player.modal(approver, 'links');
    return flow.player.submit(approver, id, { login_mimecast: login, code: flow.freshCode(approver) });
  };
  const cardWith = (text: string) =>
    flow.player.until(`the card of Ada with "${text}"`, async () =>
      textOf(await flow.card(ada.real_name)).includes(text),
    );
  const adasAccount = async (): Promise<LinkedAccount> => {
    const { rows } = await flow.app.core.db.query<{ id: string; account_id: string; login: string }>(
      `select a.id, a.account_id, a.login from accounts a join people p on p.id = a.person_id
       where p.email = $1 and a.retired_at is null and a.account_id is not null`,
      [ada.email],
    );
    const [row] = rows;
    if (!row) throw new Error('Ada has no account');
    const rest = { system: 'mimecast', state: null, problem: null, retired: false, readAt: new Date(0) };
    return { id: row.id, accountId: row.account_id, login: row.login, ...rest };
  };
  const person = async (slackId: string): Promise<Person> => {
    const found = await personBySlackId(flow.app.core.db, flow.app.core.workspaceId, slackId);
    if (!found) throw new Error(`${slackId} is not known`);
    return found;
  };
  const lookUp = () => {
    const connector = flow.app.core.connectors.get('mimecast');
    if (!connector) throw new Error('Mimecast is not linked');
    return { connector, call: { signal: AbortSignal.timeout(10_000), correlationId: 'whose' } };
  };

  it('asks for a code before a link is corrected, and tells which login replaces which', async () => {
    await flow.player.press(bea.id, flow.channel, await flow.card(ada.real_name), 'incident_links');
    const { id } = await flow.player.modal(bea.id, 'links');
    const submit = (code: string) => flow.player.submit(bea.id, id, { login_mimecast: SPARE.email, code });
    await expect(submit('')).rejects.toThrow(/required/);
    await expect(submit('000000')).rejects.toThrow(/Wrong code/);
    const links = async () => (await flow.app.core.db.query('select 1 from account_links')).rows.length;
    expect(await links()).toBe(0);
    expect(await submit(flow.freshCode(bea.id))).toBe('cleared');
    expect(await links()).toBe(1);
    await flow.inChannel(`*Mimecast*: ${ada.email} → ${SPARE.email}`);
    await cardWith(`${SPARE.email}: `);
  }, 240_000);

  it('refuses an approver who linked his own account under another spelling, at the decision', async () => {
    await link(cem.id, `c.aydin@${AT}`);
    await cardWith(`aydin@${AT}: `);
    await flow.player.press(cem.id, flow.channel, await flow.card(ada.real_name), 'incident_action.disable_account');
    await flow.toldPrivately(cem.id, 'is your own account: somebody else has to decide about it');
    expect(disabled(`aydin@${AT}`)).toBe(false);
    const claim = { actor: cem.id, target: await person(ada.id), accounts: [await adasAccount()] };
    const own = { ok: false, error: { phrase: { key: 'problem.own_login' } } };
    expect(await mayDecideOn(flow.app.core, claim)).toMatchObject(own);
    expect(await mayDecideOn(flow.app.core, { ...claim, undo: true })).toMatchObject(own);
  }, 240_000);

  it('leaves an account that belongs to somebody else to a second approver, and refuses it when it turns out so', async () => {
    await link(bea.id, dia.email);
    await flow.inChannel(`*the account of ${dia.real_name}*`);
    await cardWith(`aydin@${AT}: `);
    const theirs = { ...(await adasAccount()), accountId: dia.email, login: dia.email };
    const claim = { actor: bea.id, target: await person(ada.id), accounts: [theirs] };
    expect(await mayDecideOn(flow.app.core, claim)).toMatchObject({
      ok: false,
      error: { phrase: { key: 'problem.somebody_elses', values: { name: dia.real_name } } },
    });
    // What was done to the wrong person's account can still be taken back.
    expect((await mayDecideOn(flow.app.core, { ...claim, undo: true })).ok).toBe(true);
  }, 240_000);

  it('refuses it again in the job, when only the system itself knows whose it is', async () => {
    await link(bea.id, BEAS.email);
    await cardWith(`${BEAS.email}: `);
    await flow.decide(bea.id, ada.real_name, 'disable_account');
    await flow.inChannel('is your own account: somebody else has to decide about it');
    expect(disabled(BEAS.email)).toBe(false);
  }, 240_000);

  it('refuses a never-touch account that was reached by another name, in the job', async () => {
    await link(bea.id, GLASS.email);
    await cardWith(`${GLASS.email}: `);
    await flow.decide(bea.id, ada.real_name, 'disable_account');
    await flow.inChannel('This account is on the never-touch list');
    expect(disabled(GLASS.email)).toBe(false);
  }, 240_000);

  it('refuses it also when the row was changed after the decision', async () => {
    const { core } = flow.app;
    const account = { ...(await adasAccount()), accountId: GLASS.email, login: SPARE.email };
    expect(await askWhose(core, { actor: cem.id, account }, lookUp())).toMatchObject({
      ok: false,
      error: { problem: { phrase: { key: 'problem.never_touch' } } },
    });
    const { rows } = await core.db.query<{ incident_id: string }>('select incident_id from steps limit 1');
    const [step] = await stepsOf(core.db, core.workspaceId, rows[0]?.incident_id ?? '');
    const decision = step && (await decisionById(core.db, core.workspaceId, step.decision_id));
    if (!step || !decision) throw new Error('nothing was decided');
    const about = { account, decision: { ...decision, decided_by: cem.id }, person: await person(ada.id) };
    // By a call of its own, and by a group that was prepared: both change the account.
    const { capabilities } = lookUp().connector;
    expect(capabilities.require_two_step.route).toBe('group');
    for (const action of ['disable_account', 'require_two_step'] as const) {
      // Also when the row says that it was sent before.
      for (const first_sent_at of [null, core.runtime.now()]) {
        expect(await barredAccount(core, { ...step, action, first_sent_at }, about, lookUp().call)).toMatchObject({
          kind: 'needs_human',
          why: { kind: 'barred', phrase: { key: 'problem.never_touch' } },
        });
      }
    }
  }, 240_000);
});
