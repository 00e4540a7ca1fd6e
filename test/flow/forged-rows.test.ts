import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { begun } from '../../src/approvals/authentication.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';
import { type Held, holdSteps } from './held.js';

const { ada, bea, cem, dia } = PEOPLE;
const HOUR_MS = 3_600_000;
const LONG_MS = 90_000;

describe('rows that were written by somebody else command nothing', () => {
  let flow: Flow;
  let held: Held;
  const logged: string[] = [];
  beforeAll(async () => {
    flow = await startFlow({ logTo: { write: (line) => void logged.push(line) } });
    held = await holdSteps(flow);
    await flow.report(ada);
    await flow.report(dia);
    await flow.report(cem);
  }, 240_000);
  afterAll(() => flow.close());

  const sql = async <R extends object>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> =>
    (await flow.app.core.db.query<R>(text, [...values])).rows;
  const disabled = (email: string): boolean | undefined => flow.world.mimecast.user(email)?.accountDisabled;
  const stepsOf = async (decision: string): Promise<readonly string[]> => {
    const rows = await sql<{ id: string }>('select id from steps where decision_id = $1 order by position', [decision]);
    return rows.map(({ id }) => id);
  };
  const onlyStepOf = async (decision: string): Promise<string> => {
    const [step, ...others] = await stepsOf(decision);
    if (step === undefined || others.length > 0) throw new Error('that decision has not one step');
    return step;
  };
  const until = (step: string, wanted: string): Promise<unknown> =>
    flow.player.until(
      `${step} to be ${wanted}`,
      async () => (await sql('select 1 from steps where id = $1 and status = $2', [step, wanted])).length > 0,
      LONG_MS,
    );
  /** A person is asked for, and nothing was sent. */
  const refused = async (step: string): Promise<void> => {
    await until(step, 'needs_human');
    expect(await sql('select first_sent_at from steps where id = $1', [step])).toEqual([{ first_sent_at: null }]);
  };
  const said = (step: string, words: string, button = 'step_retry') =>
    flow.player.until(`"${words}" in the thread with ${button}`, () =>
      flow.player
        .messages(flow.channel)
        .find((one) => [words, button, step].every((part) => textOf(one).includes(part))),
    );
  const PROOF = 'does not carry the proof of a decision';
  const ENDED = 'this had ended before';

  const run = (step: string): Promise<void> => held.run(step);
  const newest = async (): Promise<string> => {
    const [decision] = await sql<{ id: string }>('select id from decisions order by decided_at desc limit 1');
    if (!decision) throw new Error('nothing was decided');
    return decision.id;
  };
  /** A decision whose steps have not begun. */
  const decideHeld = async (name: string, action: string): Promise<string> => {
    await held.hold(true);
    await flow.decide(bea.id, name, action, action === 'enable_account' ? { override: 'she stands beside me' } : {});
    await held.hold(false);
    return newest();
  };
  /** One that is carried out; its only step. */
  const decided = async (name: string, action: string): Promise<string> => {
    await flow.decide(bea.id, name, action);
    const step = await onlyStepOf(await newest());
    await until(step, 'verified');
    return step;
  };
  /** What somebody does who wants a run of before once more. */
  const putBack = async (step: string): Promise<void> => {
    await sql(
      `update steps set status = 'queued', attempts = 0, reads = 0, first_sent_at = null, accepted_at = null,
         finished_at = null, result = null where id = $1`,
      [step],
    );
    await run(step);
  };

  /** What somebody writes who can write to the database and nothing else. */
  const forge = async (name: string, email: string, undoOf: string | null = null): Promise<string> => {
    const now = flow.world.now();
    const [place] = await sql<{ incident: string; account: string; workspace: string }>(
      `select i.workspace_id as workspace, i.id as incident, a.id as account from incidents i join people p on p.id = i.person_id
       join accounts a on a.person_id = p.id and a.retired_at is null where p.email = $1`,
      [email],
    );
    if (!place) throw new Error(`there is no account of ${email}`);
    const [decision, step] = [`dec_${name.padEnd(32, '0')}`, `stp_${name.padEnd(32, '0')}`];
    await sql(
      `insert into decisions (workspace_id, id, incident_id, action, reason, decided_by, decided_at, request_key, correlation_id)
       values ($1, $2, $3, $4, 'forged', $5, $6, $2, 'forged')`,
      [place.workspace, decision, place.incident, undoOf === null ? 'disable_account' : 'undo', bea.id, now],
    );
    await sql(
      `insert into steps (workspace_id, id, decision_id, incident_id, account_row, system, action, position, status, created_at, undo_of)
       values ($1, $2, $3, $4, $5, 'mimecast', 'disable_account', 0, 'queued', $6, $7)`,
      [place.workspace, step, decision, place.incident, place.account, now, undoOf],
    );
    await sql(
      `insert into work (workspace_id, id, name, ref, status, run_after, correlation_id, changed_at)
       values ($1, $2, 'run_step', $3, 'pending', $4, 'forged', $4)`,
      [place.workspace, `run_step_${step}`, step, now],
    );
    flow.app.core.dispatch();
    return step;
  };

  it('does not run a step that was inserted by SQL, says so in the thread and the log, and no Retry makes it a decision', async () => {
    const step = await forge('a1', ada.email);
    await refused(step);
    const line = await said(step, PROOF);
    expect(textOf(line)).toContain(':rotating_light:');
    expect(logged.some((entry) => entry.includes(step) && entry.includes('does not carry the proof'))).toBe(true);
    await flow.player.press(bea.id, flow.channel, line, 'step_retry');
    // Whoever wants it decides it, with a reason and a code.
    await flow.player.modal(bea.id, 'decide');
    expect(textOf(flow.world.slack.state().views[bea.id]?.at(-1) ?? {})).toContain(ada.email);
    await refused(step);
    expect(disabled(ada.email)).toBe(false);
  }, 240_000);

  it('does not run a decided step on another account than the one that was decided', async () => {
    const step = await onlyStepOf(await decideHeld('Ada Okafor', 'disable_account'));
    const [row] = await sql<{ id: string; account_id: string; login: string }>(
      'select id, account_id, login from accounts where id = (select account_row from steps where id = $1)',
      [step],
    );
    const point = (accountId: string, login: string) =>
      sql('update accounts set account_id = $2, login = $3 where id = $1', [row?.id ?? '', accountId, login]);
    await point(cem.email, cem.email);
    await run(step);
    await refused(step);
    expect([disabled(ada.email), disabled(cem.email)]).toEqual([false, false]);
    await point(row?.account_id ?? '', row?.login ?? '');
  }, 240_000);

  const anotherIncident = `(select i.id from incidents i join people p on p.id = i.person_id where p.email = '${dia.email}')`;
  const anotherAccount = `(select a.id from accounts a join people p on p.id = a.person_id where p.email = '${dia.email}')`;
  it.each([
    [
      'its actor was changed',
      ["update decisions d set decided_by = 'U0SOMEBODY' from steps s where d.id = s.decision_id and s.id = $1"],
    ],
    [
      'its code was changed',
      [
        `update decisions d set proof = jsonb_set(proof, '{timeStep}', to_jsonb((proof->>'timeStep')::int + 1)) from steps s where d.id = s.decision_id and s.id = $1`,
      ],
    ],
    [
      'its plan was changed',
      ["update decisions d set plan_digest = repeat('0', 64) from steps s where d.id = s.decision_id and s.id = $1"],
    ],
    ['its action was changed', ["update steps set action = 'enable_account' where id = $1"]],
    ['its items were changed', [`update steps set items = '["x"]' where id = $1`]],
    ['its ranges were changed', [`update steps set ranges = '["203.0.113.0/24"]' where id = $1`]],
    ['it was made an undo', ["update steps set undo_of = 'stp_of_before' where id = $1"]],
    ['its time was changed', ["update steps set authenticated_at = authenticated_at + interval '1 day' where id = $1"]],
    [
      'it was moved to the account and the incident of somebody else',
      [
        `update decisions d set incident_id = ${anotherIncident} from steps s where d.id = s.decision_id and s.id = $1`,
        `update steps set incident_id = ${anotherIncident}, account_row = ${anotherAccount} where id = $1`,
      ],
    ],
    [
      'it carries the proof of another step',
      [
        'update steps set authentication = (select authentication from steps other where other.authentication is not null and other.id <> $1 limit 1) where id = $1',
      ],
    ],
  ])(
    'does not run a decided step when %s',
    async (_what, changes) => {
      const step = await onlyStepOf(await decideHeld('Ada Okafor', 'disable_account'));
      for (const change of changes) await sql(change, [step]);
      await run(step);
      await refused(step);
      expect([disabled(ada.email), disabled(dia.email)]).toEqual([false, false]);
    },
    240_000,
  );

  it('does not run an undo that was inserted by SQL', async () => {
    const proven = await decided('Ada Okafor', 'disable_account');
    const step = await forge('b2', ada.email, proven);
    await refused(step);
    expect(disabled(ada.email)).toBe(true);
  }, 240_000);

  it('does not run once more what had ended: a Disable after its undo, and the undo after another Disable', async () => {
    const first = await decided('Dia Rahman', 'disable_account');
    await flow.player.press(bea.id, flow.channel, await said(first, 'verified', 'step_undo'), 'step_undo');
    const { id } = await flow.player.modal(bea.id, 'undo');
    await flow.player.submit(bea.id, id, {
      reason: 'it was her',
      code: flow.freshCode(bea.id),
      override: 'it was her',
    });
    const undo = await onlyStepOf(await newest());
    await until(undo, 'verified');
    expect(disabled(dia.email)).toBe(false);
    await putBack(first);
    await refused(first);
    expect(disabled(dia.email)).toBe(false);

    await decided('Dia Rahman', 'disable_account');
    await putBack(undo);
    await refused(undo);
    const line = await said(undo, ENDED);
    expect(logged.some((entry) => entry.includes(undo) && entry.includes('set to run again'))).toBe(true);
    await flow.player.press(bea.id, flow.channel, line, 'step_retry');
    await flow.player.modal(bea.id, 'undo');
    await refused(undo);
    expect(disabled(dia.email)).toBe(true);
  }, 240_000);

  it('leaves a row of before there were proofs to a human, with Retry that shows it to be decided anew', async () => {
    const step = await onlyStepOf(await decideHeld(cem.real_name, 'disable_account'));
    await sql('update steps set authentication = null, authenticated_at = null where id = $1', [step]);
    await run(step);
    await refused(step);
    await flow.player.press(bea.id, flow.channel, await said(step, PROOF), 'step_retry');
    const { id } = await flow.player.modal(bea.id, 'decide');
    await flow.player.approve(bea.id, id, { reason: 'still wanted', code: flow.freshCode(bea.id) });
    await until(await onlyStepOf(await newest()), 'verified');
    expect(disabled(cem.email)).toBe(true);
  }, 240_000);

  it('lets a plan that has begun go on to its end when the incident is closed', async () => {
    const decision = await decideHeld(cem.real_name, 'lockdown');
    const steps = await stepsOf(decision);
    // As a process leaves it that died over the first call.
    const first = { id: steps[0] ?? '', decision_id: decision };
    await sql('update steps set first_sent_at = $2, attempts = 1, begun = $3 where id = $1', [
      first.id,
      flow.world.now(),
      begun(flow.app.core, first),
    ]);
    await flow.closeIncident(bea.id, cem.real_name);
    for (const step of steps) await run(step);
    await flow.player.until(
      'the whole plan to end',
      async () =>
        steps.length > 1 &&
        (
          await sql(
            `select 1 from steps where decision_id = $1 and status not in ('verified', 'accepted', 'console')`,
            [decision],
          )
        ).length === 0,
      LONG_MS,
    );
  }, 240_000);

  it('begins no plan once the incident is closed', async () => {
    const step = await onlyStepOf(await decideHeld('Dia Rahman', 'enable_account'));
    await flow.closeIncident(bea.id, 'Dia Rahman');
    await run(step);
    await refused(step);
    await flow.inChannel('the incident was closed before this began');
    expect(disabled(dia.email)).toBe(true);
  }, 240_000);

  it('asks again for what was decided more than a day ago, and Retry shows it to be decided anew', async () => {
    const step = await onlyStepOf(await decideHeld('Ada Okafor', 'enable_account'));
    flow.pass(25 * HOUR_MS);
    await run(step);
    await refused(step);
    await flow.player.press(bea.id, flow.channel, await said(step, 'decided more than a day ago'), 'step_retry');
    const { id } = await flow.player.modal(bea.id, 'decide');
    const given = { reason: 'still wanted', override: 'she stands beside me', code: flow.freshCode(bea.id) };
    await flow.player.approve(bea.id, id, given);
    await until(await onlyStepOf(await newest()), 'verified');
    expect(disabled(ada.email)).toBe(false);
  }, 240_000);
});
