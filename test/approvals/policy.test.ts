import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  checkRight,
  hasRight,
  isNeverTouched,
  mayDecide,
  mayManage,
  mayTouch,
  needsCode,
} from '../../src/approvals/policy.js';
import { ownOf } from '../../src/approvals/own.js';
import { askWhose, mayDecideOn } from '../../src/approvals/whose.js';
import { checkUnsuspected } from '../../src/approvals/suspect-approver.js';
import type { Right } from '../../src/approvals/rights.js';
import { reportNotMe } from '../../src/reports/report.js';
import type { Standing } from '../../src/ports/roles.js';
import { savePerson, savePersonWithoutSlack } from '../../src/incidents/people.js';
import type { Core, Policy } from '../../src/ports/core.js';
import { coreOver, type CoreOptions, type KnownPerson } from '../core.js';
import { MemoryConnector } from '../memory-connector.js';
import { ADA, BEA, CEM, ELI, incidentAbout, ORIGIN, Scene } from '../scene.js';

const call = { signal: new AbortController().signal, correlationId: 'cor' };
const NOBODY: KnownPerson = { slackUserId: 'U0NOBODY', email: null, name: 'Nobody' };

describe('who may decide', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  }, 120_000);
  /** The same store, seen by a core that is configured in another way. */
  const under = (options: CoreOptions): Core =>
    coreOver(scene.core.db, { people: [ADA, BEA, CEM, ELI, NOBODY], runtime: scene.runtime, ...options }).core;
  const codeOf = async (options: CoreOptions, actor: string): Promise<string> => {
    const answer = await mayDecide(under(options), actor, scene.person);
    return answer.ok ? 'may' : answer.error.code;
  };
  const identifiers = (email: string, aliases: readonly string[]): Partial<Policy> => ({
    identifiers: new Map([[email, { aliases, employeeId: null, logins: {} }]]),
  });

  const USERS = [ADA, BEA, NOBODY].map(({ slackUserId }) => slackUserId);
  const team = (members: readonly string[] | null): CoreOptions => ({ approverGroups: { S0TEAM: members } });
  it.each<[string, CoreOptions, string, string]>([
    ['an approver by name', { approvers: USERS }, BEA.slackUserId, 'may'],
    ['an approver by user group', team([BEA.slackUserId]), BEA.slackUserId, 'may'],
    ['whoever is in no list', { approvers: USERS }, ELI.slackUserId, 'not_an_approver'],
    ['whoever is in no group', team([BEA.slackUserId]), ELI.slackUserId, 'not_an_approver'],
    ['anybody, when nobody is configured', {}, BEA.slackUserId, 'no_approvers'],
    ['a member of a group that is gone', { approvers: ['U0X'], ...team([]) }, BEA.slackUserId, 'not_an_approver'],
    ['anybody, while Slack does not tell who is in the group', team(null), BEA.slackUserId, 'approvers_unknown'],
    [
      'an approver by name, while Slack is silent about a group',
      { approvers: USERS, ...team(null) },
      BEA.slackUserId,
      'may',
    ],
    ['the person whom it is about', { approvers: USERS }, ADA.slackUserId, 'own_account'],
    ['an approver without an address', { approvers: USERS }, NOBODY.slackUserId, 'actor_unknown'],
    [
      'an approver whose alias is the address',
      { approvers: USERS, policy: identifiers(BEA.email, ['ADA@meadow.example']) },
      BEA.slackUserId,
      'own_account',
    ],
    [
      'an approver who is an alias of the person',
      { approvers: USERS, policy: identifiers(ADA.email, [BEA.email]) },
      BEA.slackUserId,
      'own_account',
    ],
    [
      'an approver with other aliases',
      { approvers: USERS, policy: identifiers(BEA.email, ['b@meadow.example']) },
      BEA.slackUserId,
      'may',
    ],
  ])('%s', async (_who, options, actor, wanted) => {
    expect(await codeOf(options, actor)).toBe(wanted);
  });

  it.each<[Standing, string]>([
    ['member', 'may'],
    ['guest', 'problem.standing.guest'],
    ['single_channel_guest', 'problem.standing.single_channel_guest'],
    ['deactivated', 'problem.standing.deactivated'],
    ['stranger', 'problem.standing.stranger'],
    ['elsewhere', 'problem.standing.elsewhere'],
    ['app', 'problem.standing.app'],
    ['unknown', 'problem.standing.unknown'],
  ])('an approver by name who is a %s in the workspace: %s', async (standing, wanted) => {
    const core = under({ approvers: USERS, standingOf: () => Promise.resolve(standing) });
    const answer = await mayDecide(core, BEA.slackUserId, scene.person);
    expect(answer.ok ? 'may' : answer.error.phrase.key).toBe(wanted);
    if (!answer.ok) expect(answer.error.code).toBe('not_a_member');
  });

  it('nobody, while Slack does not say what an approver by name is in the workspace', async () => {
    const core = under({ approvers: USERS, standingOf: () => Promise.reject(new Error('Slack is silent')) });
    expect(await mayDecide(core, BEA.slackUserId, scene.person)).toMatchObject({
      error: { code: 'approvers_unknown' },
    });
  });

  const OF_ROLE = { responder: ['U0R'], approver: ['U0P'], administrator: ['U0M'], auditor: ['U0T'] };
  it.each<[Right, string]>([
    ['take', 'U0R U0P'],
    ['decide', 'U0P'],
    ['lockdown', 'U0P'],
    ['settleNotice', 'U0P'],
    ['doctor', 'U0P U0M'],
    ['see', 'U0R U0P U0M U0T'],
  ])('%s is a right of %s', async (right, wanted) => {
    const core = under({ roles: OF_ROLE });
    const users = Object.values(OF_ROLE).flat();
    const answers = await Promise.all(users.map(async (user) => [user, await hasRight(core, user, right)] as const));
    expect(answers.flatMap(([user, { ok }]) => (ok ? [user] : [])).join(' ')).toBe(wanted);
    expect(await hasRight(core, 'U0NOBODY', right)).toMatchObject({
      error: {
        code:
          right === 'decide' || right === 'lockdown' || right === 'settleNotice' ? 'not_an_approver' : 'not_in_role',
      },
    });
    expect(await hasRight(under({}), 'U0P', right)).toMatchObject({ error: { code: 'no_approvers' } });
  });

  it("an open incident about somebody takes every right of theirs, not the approver's alone", async () => {
    const roles = { responder: [ELI.slackUserId], approver: [BEA.slackUserId] };
    const core = under({ roles });
    const { person, incident } = await incidentAbout(core, ELI);
    const take = () => mayManage(core, { right: 'take', actor: ELI.slackUserId, target: scene.person });
    expect((await take()).ok).toBe(true);
    const report = { surface: 'dm', said: 'not me', noticeId: null, sourceKey: 'eli', origin: ORIGIN } as const;
    await reportNotMe(core, person, report);
    expect(await take()).toMatchObject({ error: { code: 'suspended' } });
    await core.db.query(`update incidents set status = 'closed' where id = $1`, [incident.id]);
  });

  it('fails closed while the directory does not answer and knows nothing of the approver', async () => {
    const core = under({ approvers: ['U0NEW'], directoryAnswers: () => false });
    expect(await mayDecide(core, 'U0NEW', scene.person)).toMatchObject({
      ok: false,
      error: { code: 'approvers_unknown' },
    });
  });

  it('uses what was known of an approver while the directory does not answer', async () => {
    const core = under({ approvers: [BEA.slackUserId], directoryAnswers: () => false });
    await savePerson(scene.core, { ...BEA, title: null, manager: null, timeZone: 'UTC', standing: 'member' });
    scene.runtime.move(25 * 3_600_000);
    expect((await mayDecide(core, BEA.slackUserId, scene.person)).ok).toBe(true);
  });

  it('knows an approver also by an address that they had before', async () => {
    const { core } = scene;
    await savePerson(core, { ...CEM, title: null, manager: null, timeZone: 'UTC', standing: 'member' });
    await savePerson(core, {
      ...CEM,
      email: 'cem.new@meadow.example',
      title: null,
      manager: null,
      timeZone: 'UTC',
      standing: 'member',
    });
    const own = await ownOf(under({ people: [] }), CEM.slackUserId);
    expect(own).toMatchObject({ ok: true, value: { addresses: ['cem.new@meadow.example', CEM.email] } });
    const old = await savePersonWithoutSlack(core, core.db, CEM.email);
    expect(await mayDecide(under({ approvers: [CEM.slackUserId], people: [] }), CEM.slackUserId, old)).toMatchObject({
      error: { code: 'own_account' },
    });
  });

  it.each([
    ['Root@meadow.example', ['root@MEADOW.example'], true],
    ['ada@meadow.example', ['root@meadow.example'], false],
  ])('%s with %j on the never-touch list: %s', (login, neverTouch, wanted) => {
    const core = under({ policy: { neverTouch } });
    expect(isNeverTouched(core, login)).toBe(wanted);
    expect(mayTouch(core, scene.person, [{ login }, { login: null }]).ok).toBe(!wanted);
  });

  it('touches no account of somebody whose own address is on the never-touch list', () => {
    const answer = mayTouch(under({ policy: { neverTouch: [ADA.email] } }), scene.person, []);
    expect(answer).toMatchObject({ ok: false, error: { code: 'never_touch' } });
  });

  it('asks for a code for everything that is not named as uncoded', () => {
    const core = under({ policy: { uncoded: ['revoke_sessions'] } });
    expect([needsCode(core, 'revoke_sessions'), needsCode(core, 'lockdown')]).toEqual([false, true]);
  });
});

describe('an approver about whom an incident is open', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
    const { incident } = await incidentAbout(scene.core, BEA);
    await scene.core.db.query(
      `insert into reports (workspace_id, id, incident_id, surface, reporter, said, source_key, reported_at)
       values ($1, 'rep_1', $2, 'dm', $3, 'not me', 'key_1', $4)`,
      [scene.core.workspaceId, incident.id, BEA.slackUserId, scene.runtime.now()],
    );
  }, 120_000);

  it('decides nothing and approves nothing', async () => {
    const { core } = scene;
    expect(await checkRight(core, BEA.slackUserId, 'decide')).toMatchObject({
      ok: false,
      error: { code: 'suspended' },
    });
    expect(await mayDecide(core, BEA.slackUserId, scene.person)).toMatchObject({
      ok: false,
      error: { code: 'suspended' },
    });
    expect((await checkRight(core, CEM.slackUserId, 'decide')).ok).toBe(true);
  });

  it('is asked about the moment of the decision when its step runs', async () => {
    const { core, runtime } = scene;
    const own = await ownOf(core, BEA.slackUserId);
    if (!own.ok) throw new Error('she is known');
    const before = new Date(runtime.now().getTime() - 3_600_000);
    const answers = await Promise.all(
      [undefined, runtime.now(), before].map((at) => checkUnsuspected(core, own.value, at)),
    );
    expect(answers.map(({ ok }) => ok)).toEqual([false, false, true]);
  });
});

describe('whose account it is', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  }, 120_000);
  const deciding = async (core: Core, login: string, more: object = {}): Promise<string> => {
    const account = { system: 'okta', accountId: `okta/${login}`, login };
    const answer = await mayDecideOn(core, {
      actor: BEA.slackUserId,
      target: scene.person,
      accounts: [account],
      ...more,
    });
    return answer.ok ? 'may' : answer.error.code;
  };

  it("is decided about when it is the person's", async () => {
    expect(await deciding(scene.core, ADA.email)).toBe('may');
  });

  it('is not decided about by whom its login is, whatever it is linked to', async () => {
    expect(await deciding(scene.core, 'BEA@meadow.example')).toBe('own_account');
  });

  it('is not decided about by whom notme.yml gives that login in this system', async () => {
    const logins = { okta: 'Admin-Bea' };
    const identifiers = new Map([[BEA.email, { aliases: [], employeeId: null, logins }]]);
    const { core } = coreOver(scene.core.db, { people: [BEA], policy: { identifiers }, runtime: scene.runtime });
    expect(await deciding(core, 'admin-bea')).toBe('own_account');
    expect(await deciding(core, 'admin-cem')).toBe('may');
  });

  it('is not decided about by whom it is linked to by its id', async () => {
    const bea = await savePerson(scene.core, {
      ...BEA,
      title: null,
      manager: null,
      timeZone: 'UTC',
      standing: 'member',
    });
    await scene.link({ system: 'okta', accountId: 'okta/shared', login: 'shared' }, bea);
    expect(await deciding(scene.core, 'shared')).toBe('own_account');
  });

  it('stays on the never-touch list when it is linked by hand', async () => {
    const { core } = coreOver(scene.core.db, {
      people: [BEA],
      policy: { neverTouch: ['root'] },
      runtime: scene.runtime,
    });
    expect(await deciding(core, 'root')).toBe('never_touch');
  });

  it("is somebody else's when it was linked by hand and their address finds it; an undo may still put it right", async () => {
    const { core, person } = scene;
    await core.db.query(
      `insert into account_links (workspace_id, person_id, system, login, set_by, set_at, incident_id) values ($1, $2, 'okta', $3, 'U0CEM', now(), $4)`,
      [core.workspaceId, person.id, ELI.email, scene.incident.id],
    );
    const eli = await savePerson(core, { ...ELI, title: null, manager: null, timeZone: 'UTC', standing: 'member' });
    await scene.link({ system: 'okta', accountId: `okta/${ELI.email}`, login: ELI.email }, eli);
    expect(await deciding(core, ELI.email)).not.toBe('may');
    expect(await deciding(core, ELI.email, { undo: true })).toBe('may');
    await core.db.query('delete from account_links');
  });

  describe('as the system itself says', () => {
    const asking = async (
      prepare: (okta: MemoryConnector) => void,
      account = { system: 'okta', accountId: 'id_1', login: 'x' },
    ) => {
      const okta = new MemoryConnector('okta');
      prepare(okta);
      const answer = await askWhose(scene.core, { actor: BEA.slackUserId, account }, { connector: okta, call });
      if (answer.ok) return 'may';
      return 'failure' in answer.error ? answer.error.failure.kind : answer.error.problem.code;
    };

    it("is not the approver's: nothing is found by their addresses", async () => {
      expect(await asking(() => undefined)).toBe('may');
    });
    it("is the approver's by its id, under whatever login", async () => {
      expect(await asking((okta) => okta.add(BEA.email, 'id_1'))).toBe('own_account');
    });
    it("is another one than the approver's", async () => {
      expect(await asking((okta) => okta.add(BEA.email, 'id_2'))).toBe('may');
    });
    it('is not known while the system does not answer', async () => {
      expect(await asking((okta) => okta.fail('find', { kind: 'transient', message: 'down' }))).toBe('transient');
    });
  });
});
