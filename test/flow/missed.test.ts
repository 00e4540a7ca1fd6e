import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, cem, dia, eli } = PEOPLE;

/** The person's incidents and reports, as they are stored. */
async function reportsOf(flow: Flow, email: string) {
  const { rows } = await flow.app.core.db.query<{ incident: string; opened_at: Date; said: string; reported_at: Date }>(
    `select i.id as incident, i.opened_at, r.said, r.reported_at from reports r
     join incidents i on i.workspace_id = r.workspace_id and i.id = r.incident_id
     join people p on p.workspace_id = i.workspace_id and p.id = i.person_id where p.email = $1 order by r.reported_at`,
    [email],
  );
  return rows;
}

/** When the newest message that says this was written, by Slack's stamp. */
function writtenAt(flow: Flow, userId: string, text: string): number {
  const written = flow.player.messages(flow.player.dmOf(userId)).findLast((one) => one.text.includes(text));
  return Number(written?.ts) * 1000;
}

const heardAll = (flow: Flow): Promise<unknown> =>
  flow.player.until('the direct messages to have been read', async () => {
    const { rows } = await flow.app.core.db.query('select 1 from hearing');
    return rows.length > 0;
  });

describe('direct messages that were written while nobody listened, and that Slack has given up', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ retryDelaysMs: [0, 0, 0], ackMs: 3000 });
  }, 240_000);
  afterAll(() => flow.close());

  it('are read at the start: the incident opens with the real time of the message', async () => {
    await heardAll(flow);
    const words = "I didn't do this, my password was changed";
    await flow.away(async () => {
      await flow.say(dia.id, words);
      await flow.say(ada.id, 'is my account all right?');
      flow.pass(7 * 60_000);
    });
    await flow.card(dia.real_name);
    const real = writtenAt(flow, dia.id, words);
    const [report, ...others] = await reportsOf(flow, dia.email);
    expect(others).toEqual([]);
    expect(report).toMatchObject({ said: words });
    expect(Math.abs((report?.opened_at.getTime() ?? 0) - real)).toBeLessThan(1);
    expect(Math.abs((report?.reported_at.getTime() ?? 0) - real)).toBeLessThan(1);
    expect(textOf(await flow.inChannel('That was written'))).toContain('I have only now read it');
    await flow.told(dia.id, 'sorry that you had to wait');
    // What was no report is answered too, as if it had just been written.
    await flow.told(ada.id, 'I want to be sure that I understand you');
  }, 240_000);

  it('are read after a reconnect of the socket', async () => {
    flow.world.slack.faults.add({ target: 'socket', type: 'disconnect' });
    await flow.player.until('the socket to be gone', () => !flow.world.slack.state().app.connected);
    const words = 'that sign-in was not me';
    await flow.say(cem.id, words);
    await flow.card(cem.real_name);
    const [report, ...others] = await reportsOf(flow, cem.email);
    expect(report).toMatchObject({ said: words });
    expect(others).toEqual([]);
  }, 240_000);

  it('are not heard twice when they were heard before', async () => {
    const answers = (): number =>
      flow.player.messages(flow.player.dmOf(ada.id)).filter((one) => textOf(one).includes('I want to be sure')).length;
    const before = answers();
    await flow.away(() => Promise.resolve());
    await flow.say(eli.id, "I didn't do this");
    await flow.told(eli.id, 'The security team has been told');
    await flow.player.until('another look', async () => {
      const { rows } = await flow.app.core.db.query<{ heard_until: Date }>('select heard_until from hearing');
      return (rows[0]?.heard_until.getTime() ?? 0) > writtenAt(flow, cem.id, 'not me');
    });
    expect(await reportsOf(flow, dia.email)).toHaveLength(1);
    expect(await reportsOf(flow, cem.email)).toHaveLength(1);
    expect(answers()).toBe(before);
  }, 240_000);

  it('are read in the thread of a question and of a report too', async () => {
    const reply = async (userId: string, threadTs: string, text: string): Promise<void> => {
      const channel = flow.player.dmOf(userId) ?? '';
      await flow.world.slack.act({ as: userId, do: 'message', channel, text, thread_ts: threadTs });
    };
    const reported = await flow.told(eli.id, 'The security team has been told');
    flow.world.attack(ada.email);
    const asked = await flow.told(ada.id, 'Was this you?');
    await flow.away(async () => {
      await reply(ada.id, asked.ts, "No, that wasn't me");
      await reply(eli.id, reported.ts, 'there was a second sign-in as well');
      flow.pass(7 * 60_000);
    });
    await flow.card(ada.real_name);
    expect(await reportsOf(flow, ada.email)).toMatchObject([{ said: "No, that wasn't me" }]);
    await flow.told(eli.id, 'Passed on');
    const said = (await reportsOf(flow, eli.email)).map((one) => one.said);
    expect(said).toEqual(["I didn't do this", 'there was a second sign-in as well']);
  }, 240_000);
});

describe('direct messages that are read, and that Slack delivers again as well', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ retryDelaysMs: [0, 12_000, 12_000], ackMs: 3000 });
  }, 240_000);
  afterAll(() => flow.close());

  it('are one report and one answer', async () => {
    await heardAll(flow);
    await flow.away(async () => {
      await flow.say(dia.id, "I didn't do this");
    });
    await flow.card(dia.real_name);
    await flow.player.until(
      'Slack to have delivered it again',
      () =>
        flow.world.slack
          .journal()
          .some((one) => one.kind === 'ack' && one.name === 'message' && one.status === 'acked'),
      90_000,
    );
    expect(await reportsOf(flow, dia.email)).toHaveLength(1);
    expect(await flow.record(dia.email)).not.toContain('report.merged');
  }, 240_000);
});
