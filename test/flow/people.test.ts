import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { savePersonWithoutSlack } from '../../src/incidents/people.js';
import { type Flow, PEOPLE, startFlow } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

describe('a person whose address changed', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
  }, 240_000);
  afterAll(() => flow.close());

  const query = async <R extends object>(sql: string, values: readonly unknown[]): Promise<R[]> =>
    (await flow.app.core.db.query<R>(sql, values)).rows;
  const exec = async (sql: string, values: readonly unknown[]): Promise<void> => {
    await flow.app.core.db.query(sql, values);
  };

  /** As if Slack had told another address until now. */
  const hadAddress = (slackUserId: string, email: string): Promise<void> =>
    exec('update people set email = $2 where slack_user_id = $1', [slackUserId, email]);

  /** Reports, and waits until it is stored: a card in the channel may still be that of the incident before. */
  const reportAgain = async (slackUserId: string): Promise<void> => {
    const sql = `select r.id from reports r join incidents i on i.id = r.incident_id join people p on p.id = i.person_id
      where p.slack_user_id = $1`;
    const before = await query(sql, [slackUserId]);
    await flow.say(slackUserId, "that wasn't me");
    await flow.player.until('the report', async () => (await query(sql, [slackUserId])).length > before.length);
  };

  const rowsOf = (email: string): Promise<{ id: string; slack_user_id: string | null }[]> =>
    query('select id, slack_user_id from people where lower(email) = $1', [email]);

  it('can report, and what was known by the new address alone is theirs', async () => {
    await flow.report(ada);
    await flow.closeIncident(bea.id, 'Ada Okafor');
    await hadAddress(ada.id, 'ada.maiden@meadow.example');
    const core = flow.app.core;
    const mailOnly = await savePersonWithoutSlack(core, core.db, ada.email);
    await exec(
      `insert into accounts (workspace_id, id, person_id, system, account_id, login, read_at)
       values ($1, 'acc_by_mail', $2, 'mimecast', 'other-id', 'ada', now())`,
      [core.workspaceId, mailOnly.id],
    );
    await exec(
      `insert into incidents (workspace_id, id, reference, person_id, status, opened_at, closed_at, channel)
       values ($1, 'inc_by_mail', 'N-900', $2, 'closed', now(), now(), 'C1')`,
      [core.workspaceId, mailOnly.id],
    );
    await reportAgain(ada.id);
    const rows = await rowsOf(ada.email);
    expect(rows).toEqual([{ id: expect.any(String), slack_user_id: ada.id }]);
    const moved = await query<{ owner: string; retired: boolean }>(
      `select a.person_id as owner, a.retired_at is not null as retired from accounts a where a.id = 'acc_by_mail'
       union all select i.person_id, true from incidents i where i.id = 'inc_by_mail'`,
      [],
    );
    expect(moved.map(({ owner }) => owner)).toEqual([rows[0]?.id, rows[0]?.id]);
    expect(await query("select action from record_entries where incident_id = 'inc_by_mail'", [])).toEqual([
      { action: 'person.merged' },
    ]);
    expect(await query('select id from people where id = $1', [mailOnly.id])).toEqual([]);
  }, 240_000);

  it('can report while a stale row of somebody else still holds the new address', async () => {
    await flow.report(cem);
    await flow.closeIncident(bea.id, 'Cem Aydin');
    await hadAddress(cem.id, 'cem.before@meadow.example');
    await exec(
      `insert into people (workspace_id, id, slack_user_id, email, name, time_zone, updated_at)
       values ($1, 'per_left', 'U0LEFT', $2, 'Left', 'UTC', now())`,
      [flow.app.core.workspaceId, cem.email],
    );
    await reportAgain(cem.id);
    expect(await rowsOf(cem.email)).toEqual([{ id: expect.any(String), slack_user_id: cem.id }]);
    expect(await query("select email from people where slack_user_id = 'U0LEFT'", [])).toEqual([
      { email: 'per_left@address-unknown.invalid' },
    ]);
  }, 240_000);

  it('can report also when the rows cannot be merged now', async () => {
    await flow.report(dia);
    await flow.closeIncident(bea.id, 'Dia Rahman');
    await reportAgain(dia.id);
    await hadAddress(dia.id, 'dia.before@meadow.example');
    const core = flow.app.core;
    const mailOnly = await savePersonWithoutSlack(core, core.db, dia.email);
    await exec(
      `insert into incidents (workspace_id, id, reference, person_id, status, opened_at, channel)
       values ($1, 'inc_open_by_mail', 'N-901', $2, 'open', now(), 'C1')`,
      [core.workspaceId, mailOnly.id],
    );
    await reportAgain(dia.id);
    expect(await rowsOf('dia.before@meadow.example')).toHaveLength(1);
  }, 240_000);
});
