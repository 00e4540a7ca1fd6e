import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { CONTRACTOR } from '../../sandbox/world/people.js';
import { askDoctor, examinationById } from '../../src/doctor/from-slack.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const MINUTE_MS = 60_000;
const OTHERS = [
  { name: 'Gus Lindqvist (no Slack)', email: 'gus@meadow.example' },
  { name: 'Hao Wen (no Slack)', email: 'hao@meadow.example' },
];
const WITHOUT_SLACK = [CONTRACTOR, ...OTHERS].map(({ email }) => email);

const report = z.object({
  status: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

/** What /readyz says of mail: its memory of five seconds is let pass. */
async function ready(flow: Flow) {
  flow.pass(5_000);
  const answer = await fetch(`${flow.app.webUrl}/readyz`);
  const { checks, status } = report.parse(await answer.json());
  return { http: answer.status, status, mail: checks.find((check) => check.name === 'mail') };
}

const figure = (flow: Flow, kind: string, value: number) =>
  flow.player.until(`${value} notices unmailed (${kind})`, async () => {
    const text = await (await fetch(`${flow.app.webUrl}/metrics`)).text();
    return text.includes(`notme_notices_unmailed{kind="${kind}"} ${value}\n`);
  });

const told = (flow: Flow, part = 'mail is refused') =>
  flow.player.messages(flow.channel).filter((one) => textOf(one).includes(part));

/** The work that delivers the open notice of this login, once so many tries are over. */
const tried = (flow: Flow, login: string, tries: number) =>
  flow.player.until(`try ${tries} for ${login} to be over`, async () => {
    const { rows } = await flow.app.core.db.query<{ pause: number; kind: string }>(
      `select extract(epoch from w.run_after - n.mail_failed_at)::float as pause, n.mail_kind as kind
       from work w join notices n on n.id = w.ref
       where w.name = 'deliver_notice' and w.status in ('pending', 'enqueued') and n.login = $1 and n.mailed_to is null
         and w.attempt = $2`,
      [login, tries],
    );
    return rows[0];
  });

/** Brings work that waits forward, as the end of its pause does. */
async function forward(flow: Flow, name: 'deliver_notice' | 'tell_mail_trouble', attempt?: number): Promise<void> {
  const { core } = flow.app;
  await core.db.query(
    `update work set status = 'pending', run_after = $2, wanted = wanted + 1, attempt = coalesce($3, attempt)
     where name = $1 and status in ('pending', 'enqueued')`,
    [name, core.runtime.now(), attempt ?? null],
  );
  core.dispatch();
}

async function mailed(flow: Flow, login: string, mails: number): Promise<void> {
  await forward(flow, 'deliver_notice');
  await flow.player.until(`a mail to ${login}`, () => flow.world.mail.mailbox(login).length === mails);
}

const refuse = (flow: Flow, type: Parameters<Flow['world']['mail']['faults']['add']>[0]['type']): void =>
  flow.world.mail.faults.add({ type, times: 1_000 });

describe('mail that is refused', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ accounts: OTHERS });
  }, 240_000);
  afterAll(() => flow.close());

  it('for a revoked key is told to the channel once, with what to mend', async () => {
    refuse(flow, 'http_401');
    for (const email of WITHOUT_SLACK) flow.world.attack(email);
    for (const email of WITHOUT_SLACK) await tried(flow, email, 1);
    expect(textOf(await flow.inChannel('mail is refused'))).toContain('MAILGUN_API_KEY');
    await forward(flow, 'deliver_notice');
    for (const email of WITHOUT_SLACK) await tried(flow, email, 2);
    expect(told(flow)).toHaveLength(1);
  }, 240_000);

  it('is known to readiness, as degraded and without an address, and to the metrics', async () => {
    const known = await ready(flow);
    expect(known).toMatchObject({ http: 200, status: 'degraded', mail: { ok: false } });
    expect(known.mail?.detail).toContain('3 notices wait: the mail server refuses our credentials');
    expect(known.mail?.detail).not.toContain('@');
    await figure(flow, 'auth', 3);
  }, 240_000);

  it('is known to the doctor in App Home: what the server says, and what waits', async () => {
    const { core } = flow.app;
    const id = await askDoctor(core, { actor: PEOPLE.bea.id, viewId: 'V_CLOSED', correlationId: 'a-test' });
    const answer = await flow.player.until(
      'the answer of the doctor',
      async () => (await examinationById(core, id))?.answer,
    );
    const found = answer.find(({ system }) => system === 'mail')?.findings;
    expect(found).toMatchObject([
      { subject: 'mail', verdict: 'misconfigured' },
      { subject: 'mail', verdict: 'misconfigured' },
    ]);
    expect(found?.[0]?.detail).toContain('MAILGUN_API_KEY');
    expect(found?.[1]?.detail).toContain('could not be mailed: 3');
  }, 240_000);

  it('tells the channel who could not be asked, before the time to answer is over', async () => {
    // What comes due within a minute of a post stands in the next.
    flow.pass(MINUTE_MS);
    await flow.player.until('everybody to stand in the channel', () =>
      WITHOUT_SLACK.every((email) => told(flow, 'Not asked yet').some((one) => textOf(one).includes(email))),
    );
  }, 240_000);

  it('is kept and sent when the key is mended; then nothing fails any more', async () => {
    flow.world.mail.faults.clear();
    for (const email of WITHOUT_SLACK) await mailed(flow, email, 1);
    await figure(flow, 'auth', 0);
    expect((await ready(flow)).mail).toMatchObject({ ok: true });
  }, 240_000);

  it('is tried again after growing pauses, of 15 s to 15 min', async () => {
    refuse(flow, 'http_401');
    const [, gus = ''] = WITHOUT_SLACK;
    flow.world.attack(gus);
    for (const [tries, least] of [
      [1, 15],
      [2, 30],
      [3, 60],
    ] as const) {
      expect((await tried(flow, gus, tries)).pause).toBeGreaterThanOrEqual(least);
      await forward(flow, 'deliver_notice');
    }
    await tried(flow, gus, 4);
    await forward(flow, 'deliver_notice', 30);
    expect((await tried(flow, gus, 31)).pause).toBeGreaterThanOrEqual(7.5 * 60);
    expect((await tried(flow, gus, 31)).pause).toBeLessThan(16 * 60);
    // The trouble of before had ended: this is the next, and told anew.
    await flow.player.until('the next trouble to be told', () => told(flow).length === 2);
    flow.world.mail.faults.clear();
    await mailed(flow, gus, 2);
  }, 240_000);

  it.each([
    ['http_400', 'rejected', 'accepts no mail for an address'],
    ['http_500', 'passing', 'do not go out'],
    ['drop_before_accept', 'passing', 'do not go out'],
  ] as const)(
    'with %s is kept, told once and sent later',
    async (fault, kind, said) => {
      const before = told(flow, said).length;
      const mails = flow.world.mail.mailbox(CONTRACTOR.email).length;
      refuse(flow, fault);
      flow.world.attack(CONTRACTOR.email);
      expect((await tried(flow, CONTRACTOR.email, 1)).kind).toBe(kind);
      await forward(flow, 'tell_mail_trouble');
      await flow.player.until('the channel to be told', () => told(flow, said).length > before);
      await forward(flow, 'deliver_notice');
      await tried(flow, CONTRACTOR.email, 2);
      expect(told(flow, said)).toHaveLength(before + 1);
      flow.world.mail.faults.clear();
      await mailed(flow, CONTRACTOR.email, mails + 1);
    },
    240_000,
  );

  it('is not told when the next try succeeds', async () => {
    const before = told(flow).length;
    const mails = flow.world.mail.mailbox(CONTRACTOR.email).length;
    flow.world.mail.faults.add({ type: 'http_500', times: 1 });
    flow.world.attack(CONTRACTOR.email);
    await tried(flow, CONTRACTOR.email, 1);
    await mailed(flow, CONTRACTOR.email, mails + 1);
    await figure(flow, 'passing', 0);
    await forward(flow, 'tell_mail_trouble');
    await flow.player.until('the look at the trouble', async () => {
      const { rows } = await flow.app.core.db.query(
        "select 1 as open from work where name = 'tell_mail_trouble' and status <> 'done'",
      );
      return rows.length === 0;
    });
    expect(told(flow)).toHaveLength(before);
  }, 240_000);

  it('is no longer tried when an approver has seen to it', async () => {
    const mails = flow.world.mail.mailbox(CONTRACTOR.email).length;
    refuse(flow, 'http_401');
    flow.world.attack(CONTRACTOR.email);
    await tried(flow, CONTRACTOR.email, 1);
    const { core } = flow.app;
    await core.db.query('update notices set settled_by = $1, settled_at = $2 where mailed_to is null and login = $3', [
      PEOPLE.bea.id,
      core.runtime.now(),
      CONTRACTOR.email,
    ]);
    await figure(flow, 'auth', 0);
    await forward(flow, 'deliver_notice');
    await flow.player.until('the work to be done', async () => {
      const { rows } = await core.db.query(
        "select 1 as open from work where name = 'deliver_notice' and status <> 'done'",
      );
      return rows.length === 0;
    });
    expect(flow.world.mail.mailbox(CONTRACTOR.email)).toHaveLength(mails);
  }, 240_000);
});

describe('where no mail is configured', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ withoutMail: true });
  }, 240_000);
  afterAll(() => flow.close());

  it('a person without Slack is told to the channel at once, with what to set, and readiness knows', async () => {
    flow.world.attack(CONTRACTOR.email);
    expect(textOf(await flow.inChannel('No mail server is configured'))).toContain('SMTP_URL');
    expect(textOf(await flow.inChannel('Not asked yet'))).toContain(CONTRACTOR.email);
    await tried(flow, CONTRACTOR.email, 1);
    const known = await ready(flow);
    expect(known).toMatchObject({ status: 'degraded', mail: { ok: false } });
    await figure(flow, 'unconfigured', 1);
  }, 240_000);
});
