import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attemptStep } from '../../jobs/run-step/attempt.js';
import { stepById } from '../../src/incidents/steps.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';
import { type Held, holdSteps } from './held.js';

const { ada, bea, cem, dia } = PEOPLE;
const AT = 'meadow.example';
/** A break-glass account that the never-touch list names by an alias. */
const GLASS = { email: `emergency@${AT}`, name: 'Emergency', aliases: [`break-glass@${AT}`] };
/** Bea's second account: only Mimecast knows that it is hers. */
const BEAS = { email: `lindqvist@${AT}`, name: 'Bea L.', aliases: [`bea.private@${AT}`] };

describe('a row that says that a step was sent opens nothing', () => {
  let flow: Flow;
  let held: Held;
  beforeAll(async () => {
    flow = await startFlow({
      accounts: [GLASS, BEAS],
      people: [{ email: bea.email, aliases: [`bea.private@${AT}`] }],
      neverTouch: [`break-glass@${AT}`],
    });
    held = await holdSteps(flow);
    await flow.report(ada);
    await flow.report(dia);
    await flow.report(cem);
  }, 240_000);
  afterAll(() => flow.close());

  const sql = async <R extends object>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> =>
    (await flow.app.core.db.query<R>(text, [...values])).rows;
  const disabled = (email: string): boolean | undefined => flow.world.mimecast.user(email)?.accountDisabled;
  const link = async (login: string): Promise<void> => {
    await flow.player.press(bea.id, flow.channel, await flow.card(ada.real_name), 'incident_links');
    const { id } = await flow.player.modal(bea.id, 'links');
    await flow.player.submit(bea.id, id, { login_mimecast: login, code: flow.freshCode(bea.id) });
    await flow.player.until('the card', async () => textOf(await flow.card(ada.real_name)).includes(`${login}: `));
  };
  /** A decision of Bea's whose steps have not begun. */
  const decideHeld = async (name: string, action = 'disable_account'): Promise<readonly string[]> => {
    await held.hold(true);
    await flow.decide(bea.id, name, action);
    await held.hold(false);
    const rows = await sql<{ id: string }>(
      `select id from steps where decision_id = (select id from decisions order by decided_at desc limit 1) order by position`,
    );
    return rows.map(({ id }) => id);
  };
  /** The only step of a decision, after somebody wrote that it was sent. */
  const forged = async (name: string): Promise<string> => {
    const [step = ''] = await decideHeld(name);
    await sql('update steps set first_sent_at = $2 where id = $1', [step, flow.world.now()]);
    return step;
  };
  const refused = (step: string): Promise<unknown> =>
    flow.player.until(
      `${step} to need a human`,
      async () => (await sql(`select 1 from steps where id = $1 and status = 'needs_human'`, [step])).length > 0,
      90_000,
    );

  it('not an account of the never-touch list', async () => {
    await link(GLASS.email);
    const step = await forged(ada.real_name);
    await held.run(step);
    await refused(step);
    await flow.inChannel('This account is on the never-touch list');
    expect(disabled(GLASS.email)).toBe(false);
  }, 240_000);

  it("not the approver's own account", async () => {
    await link(BEAS.email);
    const step = await forged(ada.real_name);
    await held.run(step);
    await refused(step);
    await flow.inChannel('is your own account: somebody else has to decide about it');
    expect(disabled(BEAS.email)).toBe(false);
  }, 240_000);

  it('not an account that is linked no more', async () => {
    await link(ada.email);
    const step = await forged(ada.real_name);
    await sql('update accounts set retired_at = $2 where id = (select account_row from steps where id = $1)', [
      step,
      flow.world.now(),
    ]);
    await held.run(step);
    await refused(step);
    await flow.inChannel(`${ada.email} is no longer linked; decide it again`);
    expect(disabled(ada.email)).toBe(false);
  }, 240_000);

  it('not a protected account', async () => {
    const { core } = flow.app;
    const [known] = await sql<{ id: string }>('select id from steps where first_sent_at is not null limit 1');
    const [step, connector] = [
      await stepById(core.db, core.workspaceId, known?.id ?? ''),
      core.connectors.get('mimecast'),
    ];
    if (!step || !connector) throw new Error('nothing was decided');
    const ref = { system: 'mimecast', accountId: dia.email, login: dia.email };
    const outcome = await attemptStep({
      core,
      step: { ...step, accepted_at: null, reads: 0 },
      ref,
      account: { id: step.account_row, ...ref, state: null, problem: null, retired: false, readAt: core.runtime.now() },
      connector: {
        ...connector,
        readState: async (...asked) => {
          const state = await connector.readState(...asked);
          return state.ok ? { ok: true, value: { ...state.value, protectedBecause: 'it administers others.' } } : state;
        },
      },
      command: { kind: 'disable_account' },
      call: { signal: AbortSignal.timeout(10_000), correlationId: 'protected' },
      stopped: () => Promise.resolve(null),
      markSent: () => Promise.reject(new Error('it was to be sent')),
    });
    expect(outcome).toMatchObject({ kind: 'needs_human', why: { failure: { kind: 'protected_account' } } });
    expect(disabled(dia.email)).toBe(false);
  }, 240_000);

  it('no plan whose incident was closed', async () => {
    const step = await forged(dia.real_name);
    await flow.closeIncident(bea.id, dia.real_name);
    await held.run(step);
    await refused(step);
    await flow.inChannel('the incident was closed before this began');
    expect(disabled(dia.email)).toBe(false);
  }, 240_000);

  it('nor does another step of it that is said to have ended', async () => {
    const [first = '', ...others] = await decideHeld(cem.real_name, 'lockdown');
    expect(others.length).toBeGreaterThan(0);
    await sql(`update steps set status = 'verified', first_sent_at = $2, finished_at = $2 where id = $1`, [
      first,
      flow.world.now(),
    ]);
    await sql(`update steps set status = 'queued', after_steps = '[]', after_tries = '[]' where id = any($1)`, [
      others,
    ]);
    await flow.closeIncident(bea.id, cem.real_name);
    for (const step of others) {
      await sql(
        `insert into work (workspace_id, id, name, ref, status, run_after, correlation_id, changed_at)
         select workspace_id, 'run_step_' || id, 'run_step', id, 'pending', $2, 'forged', $2 from steps where id = $1
         on conflict do nothing`,
        [step, flow.world.now()],
      );
      await held.run(step);
      await refused(step);
    }
    expect(disabled(cem.email)).toBe(false);
  }, 240_000);
});
