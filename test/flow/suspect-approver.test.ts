import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkRight, mayDecide } from '../../src/approvals/policy.js';
import type { Core } from '../../src/ports/core.js';
import { personBySlackId, savePersonWithoutSlack } from '../../src/incidents/people.js';
import { reportNotMe } from '../../src/reports/report.js';
import { type Flow, PEOPLE, startFlow } from './flow.js';

const { ada, bea, cem } = PEOPLE;
const BEAS_OTHER = 'b.lindqvist@old-company.example';

describe('an approver with an open incident about himself decides nothing', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow({ people: [{ email: bea.email, aliases: [BEAS_OTHER] }] });
  }, 240_000);
  afterAll(() => flow.close());

  const refusals = async (email: string): Promise<string[]> => {
    const { rows } = await flow.app.core.db.query<{ said: string }>(
      `select e.detail->>'action' || ' ' || (e.detail->>'problem') as said from record_entries e
       join incidents i on i.workspace_id = e.workspace_id and i.id = e.incident_id
       join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
       where p.email = $1 and e.action = 'decision.refused' order by e.seq`,
      [email],
    );
    return rows.map(({ said }) => said);
  };

  it("Cem, who said that it was not him, neither decides about Ada nor closes Ada's incident", async () => {
    await flow.report(ada);
    const view = await flow.openDecision(cem.id, ada.real_name, 'reset_password');
    const before = flow.app.core.runtime.now();
    await flow.report(cem);
    await expect(
      flow.player.approve(cem.id, view, { reason: 'I am no thief', code: flow.freshCode(cem.id) }),
    ).rejects.toThrow(new RegExp(`There is an open incident about you \\(N-\\d+\\).*<@${bea.id}>`));
    await flow.world.slack.act({ as: cem.id, do: 'close', view_id: view });
    await flow.player.press(cem.id, flow.channel, await flow.card(ada.real_name), 'incident_close');
    await flow.toldPrivately(cem.id, 'so you can do nothing in any incident until somebody else has closed it');
    expect(await refusals(ada.email)).toEqual(['reset_password suspended', 'close suspended']);
    await flow.inChannel('tried to act here and was refused: there is an open incident about them');
    const { rows } = await flow.app.core.db.query('select 1 from decisions');
    expect(rows).toEqual([]);
    // What was decided before still runs: else one report would stop what colleagues have begun.
    const target = await personBySlackId(flow.app.core.db, flow.app.core.workspaceId, ada.id);
    if (!target) throw new Error('Ada is not known');
    expect((await mayDecide(flow.app.core, cem.id, target, before)).ok).toBe(true);
    expect((await mayDecide(flow.app.core, cem.id, target, flow.app.core.runtime.now())).ok).toBe(false);
  }, 240_000);

  it('nor opens an incident with /lockdown: the try stands in his own', async () => {
    const general = flow.player.channel('general');
    await flow.world.slack.act({
      as: cem.id,
      do: 'command',
      channel: general,
      text: '/lockdown @dia to be rid of her',
    });
    await flow.toldPrivately(cem.id, 'Who can act');
    // What he tried about Ada stands there, too.
    expect(await refusals(cem.email)).toEqual(['reset_password suspended', 'close suspended', 'lockdown suspended']);
  }, 240_000);

  it('a lone approver is told how to get another one', async () => {
    const alone: Core['roles'] = { ...flow.app.core.roles, all: () => Promise.resolve([cem.id]) };
    const refused = await checkRight({ ...flow.app.core, roles: alone }, cem.id, 'decide');
    expect(refused).toMatchObject({ ok: false, error: { phrase: { key: 'problem.suspect.alone' } } });
  });

  it('nor when the incident is about the same person under another name', async () => {
    const { core } = flow.app;
    expect((await checkRight(core, bea.id, 'decide')).ok).toBe(true);
    const person = await core.db.transaction((tx) => savePersonWithoutSlack(core, tx, BEAS_OTHER));
    const opened = await reportNotMe(core, person, {
      surface: 'mail',
      said: 'not me',
      noticeId: null,
      sourceKey: 'same-person',
      origin: { surface: 'mail', correlationId: 'same-person' },
    });
    const refused = await checkRight(core, bea.id, 'decide');
    expect(refused).toMatchObject({
      ok: false,
      error: { phrase: { key: 'problem.suspect', values: { reference: opened.incident.reference } } },
    });
  }, 240_000);
});

describe('an incident that another approver opened about an approver', () => {
  let flow: Flow;
  beforeAll(async () => {
    flow = await startFlow();
    await flow.report(ada);
  }, 240_000);
  afterAll(() => flow.close());

  const lockdownWindow = async (): Promise<string> => {
    await flow.world.slack.act({
      as: bea.id,
      do: 'command',
      channel: flow.player.channel('general'),
      text: '/lockdown @cem out of my way',
    });
    await flow.card(cem.real_name);
    return (await flow.player.modal(bea.id, 'decide')).id;
  };
  const refused = { ok: false, error: { phrase: { key: 'problem.suspect' } } };

  it('silences him not by being opened, which asks for no code, but by a decision in it that was made with one', async () => {
    const { core } = flow.app;
    const view = await lockdownWindow();
    await flow.decide(cem.id, ada.real_name, 'disable_account');
    await flow.inChannel('*Mimecast: Disable* verified');
    const before = core.runtime.now();
    await flow.player.approve(bea.id, view, { reason: 'his phone was stolen', code: flow.freshCode(bea.id) });
    expect(await checkRight(core, cem.id, 'decide')).toMatchObject(refused);
    // What he decided while it was merely open stands.
    const target = await personBySlackId(core.db, core.workspaceId, ada.id);
    if (!target) throw new Error('Ada is not known');
    expect((await mayDecide(core, cem.id, target, before)).ok).toBe(true);
  }, 240_000);

  it('nor by a decision for which no code was given', async () => {
    const { core } = flow.app;
    await core.db.query('update decisions set proof = null');
    expect((await checkRight(core, cem.id, 'decide')).ok).toBe(true);
  });

  it('silences him by his own report, which joins it', async () => {
    await flow.say(cem.id, "I didn't do this");
    await flow.player.until('his report', async () => {
      const { rows } = await flow.app.core.db.query('select 1 from reports where reporter = $1', [cem.id]);
      return rows.length > 0;
    });
    expect(await checkRight(flow.app.core, cem.id, 'decide')).toMatchObject(refused);
  }, 240_000);
});
