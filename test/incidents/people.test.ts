import { beforeEach, describe, expect, it } from '@jest/globals';
import { ownOf } from '../../src/approvals/own.js';
import { accountsOf } from '../../src/incidents/accounts.js';
import { differences, openFacts, sayFact, sealFacts } from '../../src/incidents/facts.js';
import { onCallFor, sayOnCall } from '../../src/incidents/on-call.js';
import { openIncident } from '../../src/incidents/open.js';
import { type Person, savePerson, savePersonWithoutSlack } from '../../src/incidents/people.js';
import { personElsewhere } from '../../src/incidents/people-elsewhere.js';
import { linesOfSteps } from '../../src/incidents/posts.js';
import { notme } from '../../src/incidents/audit-event.js';
import { Secret } from '../../src/platform/secret.js';
import type { ConnectorFailure } from '../../src/ports/connector.js';
import { ADA, BEA, CEM, DAY_MS, ELI, found, ORIGIN, Scene } from '../scene.js';

let scene: Scene;
let answers: boolean;
beforeEach(async () => {
  answers = true;
  scene = await Scene.open({
    systems: { okta: { title: 'Okta' }, mimecast: { title: 'Mimecast' } },
    directoryAnswers: () => answers,
  });
}, 120_000);

const set = (change: string, ...values: readonly unknown[]): Promise<unknown> => scene.core.db.query(change, values);
const call = { signal: new AbortController().signal, correlationId: 'cor' };
const saved = (who: { readonly slackUserId: string; readonly email: string }): Promise<Person> =>
  savePerson(scene.core, { name: 'Eli', title: null, manager: null, timeZone: 'UTC', standing: 'member', ...who });
const open = (person: Person) =>
  scene.core.db.transaction((tx) => openIncident(scene.core, tx, { person, actor: notme('test'), origin: ORIGIN }));

describe('a person', () => {
  it('keeps the row when the address changes, and the old address is known', async () => {
    const before = await saved(ELI);
    const after = await saved({ ...ELI, email: 'Eli.New@meadow.example' });
    expect([after.id, after.email]).toEqual([before.id, 'eli.new@meadow.example']);
    expect((await scene.core.db.query('select address from earlier_addresses')).rows).toEqual([{ address: ELI.email }]);
  });

  it('gets the row of the address when only mail had told of it', async () => {
    const mailed = await savePersonWithoutSlack(scene.core, scene.core.db, ELI.email);
    expect(await saved(ELI)).toMatchObject({ id: mailed.id, slack_user_id: ELI.slackUserId });
  });

  it('takes over all that was known by the address alone: accounts, notices, incidents', async () => {
    const own = await saved({ ...ELI, email: 'eli.old@meadow.example' });
    const mailed = await savePersonWithoutSlack(scene.core, scene.core.db, ELI.email);
    await scene.link(scene.okta.add(ELI.email), mailed);
    await scene.link(scene.okta.add('eli.old@meadow.example'), own);
    const { incident } = await open(mailed);
    await set(
      `insert into account_links (workspace_id, person_id, system, login, set_by, set_at) values
         ($1, $2, 'okta', 'one', 'U', now()), ($1, $3, 'okta', 'two', 'U', now()), ($1, $2, 'mimecast', 'three', 'U', now())`,
      scene.core.workspaceId,
      mailed.id,
      own.id,
    );
    expect((await saved(ELI)).id).toBe(own.id);
    const { rows } = await scene.core.db.query('select person_id from incidents where id = $1', [incident.id]);
    expect(rows).toEqual([{ person_id: own.id }]);
    expect((await accountsOf(scene.core.db, scene.core.workspaceId, own.id)).map(({ login }) => login)).toEqual([
      ELI.email,
    ]);
    const links = await scene.core.db.query('select system, login from account_links where person_id = $1 order by 1', [
      own.id,
    ]);
    expect(links.rows).toEqual([
      { system: 'mimecast', login: 'three' },
      { system: 'okta', login: 'two' },
    ]);
    expect((await scene.core.db.query('select 1 from people where id = $1', [mailed.id])).rows).toEqual([]);
  });

  it('keeps the accounts of the own open incident, when there is one', async () => {
    const own = await saved({ ...ELI, email: 'eli.old@meadow.example' });
    await open(own);
    const mailed = await savePersonWithoutSlack(scene.core, scene.core.db, ELI.email);
    await scene.link(scene.okta.add(ELI.email), mailed);
    await scene.link(scene.okta.add('eli.old@meadow.example'), own);
    await saved(ELI);
    const accounts = await accountsOf(scene.core.db, scene.core.workspaceId, own.id);
    expect(accounts.map(({ login }) => login)).toEqual(['eli.old@meadow.example']);
  });

  it('with an open incident in both rows stays as it is known: only an approver closes one', async () => {
    const own = await saved({ ...ELI, email: 'eli.old@meadow.example' });
    await open(own);
    await open(await savePersonWithoutSlack(scene.core, scene.core.db, ELI.email));
    expect((await saved(ELI)).email).toBe('eli.old@meadow.example');
  });

  it('that is new keeps apart from a former holder of the address, whose incident stays theirs', async () => {
    const former = await saved({ slackUserId: 'UFORMER', email: ELI.email });
    const { incident } = await open(former);
    const fresh = await saved(ELI);
    expect(fresh).toMatchObject({ slack_user_id: ELI.slackUserId, email: ELI.email });
    expect(fresh.id).not.toBe(former.id);
    const { rows } = await scene.core.db.query(
      'select i.person_id, p.slack_user_id from incidents i join people p on p.id = i.person_id where i.id = $1',
      [incident.id],
    );
    expect(rows).toEqual([{ person_id: former.id, slack_user_id: 'UFORMER' }]);
  });

  it('who changes addresses with another keeps the own row, and so does the other', async () => {
    const [one, two] = [await saved(ELI), await saved({ slackUserId: 'UTWO', email: 'two@meadow.example' })];
    const swapped = [
      await saved({ ...ELI, email: 'two@meadow.example' }),
      await saved({ slackUserId: 'UTWO', email: ELI.email }),
    ];
    expect(swapped).toMatchObject([
      { id: one.id, slack_user_id: ELI.slackUserId, email: 'two@meadow.example' },
      { id: two.id, slack_user_id: 'UTWO', email: ELI.email },
    ]);
  });

  it('whose address another member has now is left without one', async () => {
    const before = await saved(ELI);
    await saved({ slackUserId: 'U0FAY', email: 'fay@meadow.example' });
    const after = await saved({ slackUserId: 'U0FAY', email: ELI.email });
    expect(after.email).toBe(ELI.email);
    const { rows } = await scene.core.db.query<{ email: string }>('select email from people where id = $1', [
      before.id,
    ]);
    expect(found(rows[0]).email).toMatch(/@address-unknown\.invalid$/);
  });

  it('that is new cannot be told while nothing can be stored', async () => {
    const db = { ...scene.core.db, query: () => Promise.reject(new Error('the store does not answer')) };
    await expect(
      savePerson({ ...scene.core, db }, { ...ELI, title: null, manager: null, timeZone: 'UTC', standing: 'member' }),
    ).rejects.toThrow('does not answer');
  });
});

describe('what an approver is known by', () => {
  it('is asked of the directory once a day', async () => {
    expect(await ownOf(scene.core, BEA.slackUserId)).toMatchObject({ ok: true, value: { addresses: [BEA.email] } });
    answers = false;
    expect(await ownOf(scene.core, BEA.slackUserId)).toMatchObject({ ok: true });
    scene.runtime.move(DAY_MS);
    expect(await ownOf(scene.core, BEA.slackUserId)).toMatchObject({ ok: true, value: { addresses: [BEA.email] } });
    await expect(ownOf(scene.core, CEM.slackUserId)).rejects.toThrow('does not answer');
  });

  it('is nothing for somebody whom the directory does not know', async () => {
    expect(await ownOf(scene.core, 'U0NOBODY')).toMatchObject({ ok: false, error: { code: 'actor_unknown' } });
  });

  it('is asked again of somebody who was left without an address', async () => {
    const bea = await saved({ ...BEA, email: BEA.email });
    await set(`update people set email = 'x@address-unknown.invalid' where id = $1`, bea.id);
    expect(await ownOf(scene.core, BEA.slackUserId)).toMatchObject({ ok: true, value: { addresses: [BEA.email] } });
  });
});

describe('a person whom only the linked systems know', () => {
  const sought = (who: string) => personElsewhere(scene.core, who, call);

  it('is the one whose account was linked under this login before', async () => {
    await scene.link({ system: 'okta', accountId: 'okta/ada.admin', login: 'ada.admin' });
    expect(await sought('ADA.ADMIN')).toMatchObject({ found: { id: scene.person.id } });
    expect(scene.okta.asked).toEqual([]);
  });

  it('is a member of Slack when a login is their address', async () => {
    scene.okta.add(ELI.email);
    expect(await sought(ELI.email)).toMatchObject({ found: { slack_user_id: ELI.slackUserId } });
  });

  it('is known by the login alone when Slack does not know them', async () => {
    scene.okta.add('temp-7');
    expect(await sought('temp-7')).toMatchObject({ found: { slack_user_id: null, email: 'temp-7' } });
  });

  it.each<[ConnectorFailure, object]>([
    [
      { kind: 'not_found', message: 'no' },
      { unread: [], ambiguous: false },
    ],
    [
      { kind: 'invalid_input', message: 'no' },
      { unread: [], ambiguous: false },
    ],
    [
      { kind: 'ambiguous', message: 'no', candidates: ['a', 'b'] },
      { unread: [], ambiguous: true },
    ],
    [
      { kind: 'transient', message: 'no' },
      { unread: ['Okta'], ambiguous: false },
    ],
  ])('is nobody, and %j says how sure that is', async (failure, wanted) => {
    scene.okta.fail('find', failure);
    expect(await sought('nobody')).toEqual({ found: null, ...wanted });
  });
});

describe('the state of an account', () => {
  it('counts as not read when it cannot be read, and says so', async () => {
    await set(`update accounts set state = '{"enabled": "perhaps"}' where system = 'okta'`);
    const account = found(
      (await accountsOf(scene.core.db, scene.core.workspaceId, scene.person.id)).find(
        ({ system }) => system === 'okta',
      ),
    );
    expect(account).toMatchObject({ state: null, problem: expect.any(String) });
  });
});

describe('facts', () => {
  it.each([
    [undefined, '–'],
    [null, '–'],
    ['', '–'],
    [[], '–'],
    [['a', 'b'], 'a, b'],
    [true, 'true'],
    [7, '7'],
  ])('%j is said as %s', (fact, said) => expect(sayFact(fact)).toBe(said));

  it('differ by name, whatever the order of a list', () => {
    expect(differences({ groups: ['a', 'b'], note: null }, { groups: ['b', 'a'] })).toEqual([]);
    expect(differences({ enabled: true }, { enabled: false, more: 1 }).map(({ name }) => name)).toEqual([
      'enabled',
      'more',
    ]);
  });

  it('open where they were sealed, and nowhere else', () => {
    const { core } = scene;
    const sealed = sealFacts(core, 'stp_1', 'before', { enabled: true });
    expect(openFacts(core, 'stp_1', 'before', sealed)).toEqual({ enabled: true });
    expect(openFacts(core, 'stp_1', 'before', null)).toBeNull();
    expect(openFacts(core, 'stp_2', 'before', sealed)).toBeNull();
    const other = core.sealer.seal(new Secret('[1]'), `facts/${core.workspaceId}/stp_1/before`);
    expect(openFacts(core, 'stp_1', 'before', other)).toBeNull();
  });
});

describe('who is called', () => {
  it('is never the person whom it is about; nobody is a word too', () => {
    const onCall = { userGroups: ['S1'], users: [ADA.slackUserId, BEA.slackUserId], againMs: 1 };
    expect(onCallFor(onCall, ADA.slackUserId)).toEqual(['S1', BEA.slackUserId]);
    expect(sayOnCall(onCall, null)).toHaveProperty('mentions');
    expect(sayOnCall({ ...onCall, userGroups: [], users: [ADA.slackUserId] }, ADA.slackUserId)).toHaveProperty('key');
  });
});

describe('an incident', () => {
  it('that is opened twice at once is one', async () => {
    const person = await saved(ELI);
    const opened = await Promise.all([open(person), open(person)]);
    expect(new Set(opened.map(({ incident }) => incident.id)).size).toBe(1);
    expect(opened.filter((one) => one.opened)).toHaveLength(1);
  });

  it('knows where the newest post of each step stands', async () => {
    await scene.decide('disable_account');
    const { id } = found((await scene.steps()).find(({ system }) => system === 'okta'));
    await scene.run(id);
    await set(`update posts set channel = 'C0SECURITY', ts = '7' where body->>'kind' = 'step_line'`);
    const lines = await linesOfSteps(scene.core.db, scene.core.workspaceId, scene.incident.id);
    expect(lines.get(id)).toEqual({ channel: 'C0SECURITY', ts: '7' });
  });
});
