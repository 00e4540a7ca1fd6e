import { beforeEach, describe, expect, it } from '@jest/globals';
import { commands } from '../../src/approvals/commands/index.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { previewLinks } from '../../src/approvals/linked-accounts.js';
import type { DecisionRequest } from '../../src/approvals/request.js';
import { notme } from '../../src/incidents/audit-event.js';
import { rememberAccount } from '../../src/incidents/known-accounts.js';
import { correctionsOf } from '../../src/incidents/links.js';
import { openIncident } from '../../src/incidents/open.js';
import { savePerson, savePersonWithoutSlack } from '../../src/incidents/people.js';
import type { TwoApprovers } from '../../src/ports/core.js';
import type { DecisionKind } from '../../src/ports/decision-kinds.js';
import type { Result } from '../../src/platform/result.js';
import type { Problem } from '../../src/texts/problem.js';
import { personElsewhere } from '../../src/incidents/people-elsewhere.js';
import { readAccounts } from '../../jobs/handlers/read-accounts.js';
import { runOnce } from '../runs.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, ELI, found, incidentAbout, MINUTE_MS, ORIGIN, Scene, type SceneOptions } from '../scene.js';

const DIA = { slackUserId: 'U0DIA', email: 'dia@meadow.example', name: 'Dia Rahman' };
const RETURN = { override: 'she stands beside me' };
const FOUR_EYES: TwoApprovers = {
  actions: ['enable_account', 'remove_admin_roles', 'block_address'],
  targets: ['vip', 'administrator', 'service_account', 'approver'],
  expireMs: 60 * MINUTE_MS,
  remindMs: 10 * MINUTE_MS,
};
const member = { title: null, manager: null, timeZone: 'UTC', standing: 'member' } as const;
const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.code);
let scene: Scene;
async function open({ policy, ...more }: SceneOptions = {}): Promise<void> {
  scene = await Scene.open({
    systems: { okta: { title: 'Okta' } },
    approvers: [BEA.slackUserId, CEM.slackUserId, DIA.slackUserId],
    people: [ADA, BEA, CEM, DIA, ELI],
    policy: { uncoded: [], twoApprovers: FOUR_EYES, ...policy },
    ...more,
  });
  for (const one of [BEA, CEM, DIA]) await enrolForCodes(scene.core, one);
}
beforeEach(() => open(), 120_000);
const code = () => codeNow(scene.runtime);
const decide = async (action: DecisionKind, more: Partial<DecisionRequest> = {}): Promise<string> =>
  codeOf(await scene.decide(action, { ...RETURN, given: code(), ...more }));
const count = async (table: string): Promise<number> =>
  (await scene.core.db.query(`select 1 from ${table}`)).rows.length;
const waitingId = async () =>
  found(
    (await scene.core.db.query<{ id: string }>('select id from waiting_decisions order by signed_at desc, id desc'))
      .rows[0],
  ).id;
async function countersign(actor = CEM.slackUserId, core = scene.core): Promise<string> {
  const id = await waitingId();
  const preview = await previewCountersign(scene.core, { actor, origin: ORIGIN }, id);
  if (!preview.ok) return preview.error.code;
  const { shown } = preview.value;
  return codeOf(
    await commands.countersign(core, {
      waitingId: id,
      actor,
      shown,
      given: code(),
      requestKey: `s_${actor}`,
      origin: ORIGIN,
    }),
  );
}
let clicks = 0;
async function correct(incidentId: string, actor: string, typed: Readonly<Record<string, string>>): Promise<string> {
  clicks += 1;
  scene.runtime.move(MINUTE_MS);
  const { seen: shown } = found(await previewLinks(scene.core, incidentId, actor));
  return codeOf(
    await commands.correctAccounts(scene.core, {
      incidentId,
      actor,
      shown,
      origin: { ...ORIGIN, correlationId: `cor_${clicks}` },
      typed: new Map(Object.entries(typed)),
      confirms: false,
      requestKey: `view_l${clicks}`,
      given: code(),
    }),
  );
}

describe('an account', () => {
  it('that two Slack users are remembered with makes them one person, who does not sign twice', async () => {
    const bea = await savePerson(scene.core, { ...BEA, ...member });
    const cem = await savePerson(scene.core, { ...CEM, ...member });
    for (const { id: personId } of [bea, cem])
      await rememberAccount(scene.core, scene.core.db, {
        personId,
        system: 'okta',
        accountId: 'okta/same',
        login: 'bea',
      });
    expect(await decide('enable_account')).toBe('done');
    expect(await countersign()).toBe('not_a_second');
  });

  it('that a third approver named by hand does not make two approvers one person', async () => {
    const bea = (await incidentAbout(scene.core, BEA)).person;
    await scene.link({ system: 'okta', accountId: 'okta/bea', login: BEA.email }, bea);
    const { person: cem, incident } = await incidentAbout(scene.core, CEM);
    await scene.link({ system: 'okta', accountId: 'okta/cem', login: CEM.email }, cem);
    expect(await correct(incident.id, DIA.slackUserId, { okta: 'lindqvist7' })).toBe('done');
    // What the look then finds: the account of Bea under its user name.
    await scene.link({ system: 'okta', accountId: 'okta/bea', login: 'lindqvist7' }, cem);
    scene.runtime.move(MINUTE_MS);
    expect(await decide('enable_account')).toBe('done');
    expect(await countersign()).toBe('done');
  });

  it('of an approver takes two also under another address, and nothing is sent for one', async () => {
    const bea = await savePerson(scene.core, { ...BEA, ...member });
    await rememberAccount(scene.core, scene.core.db, {
      personId: bea.id,
      system: 'okta',
      accountId: 'okta/bea',
      login: 'bea@corp.local',
    });
    const ref = scene.okta.add('bea@corp.local', 'okta/bea');
    const other = await savePersonWithoutSlack(scene.core, scene.core.db, 'bea@corp.local');
    const { incident } = await scene.core.db.transaction((tx) =>
      openIncident(scene.core, tx, { person: other, actor: notme('test'), origin: ORIGIN }),
    );
    await scene.link(ref, other);
    // also with an account row of hers, as after an incident of hers
    await scene.link(ref, bea);
    Object.assign(scene, { incident });
    expect(await decide('disable_account', { actor: CEM.slackUserId })).toBe('done');
    const decided = await count('decisions');
    const last = decided === 0 ? null : await scene.run((await scene.lastStep()).id);
    expect({
      decided,
      sent: scene.okta.asked.filter((one) => one.startsWith('perform')),
      status: last?.status ?? null,
    }).toEqual({
      decided: 0,
      sent: [],
      status: null,
    });
  });

  it("that is remembered as somebody else's takes a second approver to be named", async () => {
    const eli = await savePerson(scene.core, { ...ELI, ...member });
    await rememberAccount(scene.core, scene.core.db, {
      personId: eli.id,
      system: 'okta',
      accountId: 'okta/7',
      login: 'eli7',
    });
    expect(await correct(scene.incident.id, BEA.slackUserId, { okta: 'eli7' })).toBe('done');
    expect((await correctionsOf(scene.core, scene.core.db, scene.person.id)).length).toBe(0);
    expect(await count('waiting_decisions')).toBe(1);
  });

  it("is not reached through an ordinary person by one approver, when it is a VIP's", async () => {
    await open({ policy: { kinds: new Map([[ELI.email, 'vip']]) } });
    const eli = await savePerson(scene.core, { ...ELI, ...member });
    const ref = scene.okta.add('eli7', 'okta/7');
    await rememberAccount(scene.core, scene.core.db, {
      personId: eli.id,
      system: 'okta',
      accountId: 'okta/7',
      login: 'eli7',
    });
    expect(await correct(scene.incident.id, BEA.slackUserId, { okta: 'eli7' })).toBe('done');
    await scene.link(ref);
    scene.runtime.move(MINUTE_MS);
    await decide('disable_account');
    for (const { id } of await scene.steps()) await scene.run(id);
    expect(scene.okta.isEnabled('okta/7')).toBe(true);
  });

  it('of an approver is not disabled by one approver who names an address that Slack does not know', async () => {
    const bea = await savePerson(scene.core, { ...BEA, ...member });
    scene.okta.add('bea@corp.local', 'okta/bea');
    // A quiet day found it by the alias or the employee number.
    await rememberAccount(scene.core, scene.core.db, {
      personId: bea.id,
      system: 'okta',
      accountId: 'okta/bea',
      login: 'bea@corp.local',
    });
    const sought = await personElsewhere(scene.core, 'bea@corp.local', {
      signal: AbortSignal.timeout(5000),
      correlationId: 'x',
    });
    const person = found(sought.found);
    const { incident } = await scene.core.db.transaction((tx) =>
      openIncident(scene.core, tx, { person, actor: notme('test'), origin: ORIGIN }),
    );
    await runOnce(scene.core, 'read_accounts', incident.id, (run) => readAccounts(scene.core, run));
    Object.assign(scene, { incident });
    await scene.decide('disable_account', { actor: CEM.slackUserId, given: codeNow(scene.runtime) });
    for (const { id } of await scene.steps()) await scene.run(id);
    expect(scene.okta.isEnabled('okta/bea')).toBe(true);
  });
});
