import { beforeEach, describe, expect, it } from '@jest/globals';
import { translatorOf } from '../../blocks/parts.js';
import { examineForSlack } from '../../jobs/handlers/examine-systems.js';
import { examineMail } from '../../src/doctor/examine-mail.js';
import { rolesFinding } from '../../src/doctor/examine-roles.js';
import { examineSlack } from '../../src/doctor/examine-slack.js';
import { askDoctor, examinationById } from '../../src/doctor/from-slack.js';
import { CARD_LATE_MS } from '../../src/incidents/cardless.js';
import { rolesOf } from '../roles.js';
import type { MessengerFailure } from '../../src/ports/messenger.js';
import { withOverrides } from '../../src/texts/say.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { runOnce } from '../runs.js';
import { BEA, Scene } from '../scene.js';

const translator = translatorOf(withOverrides({}));

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
}, 120_000);

const ONE_SUFFICES = { actions: [], targets: [], expireMs: 0, remindMs: 0 } as const;

describe('Slack as the doctor finds it', () => {
  it.each<[MessengerFailure | null, string]>([
    [null, 'ok'],
    [{ kind: 'unreachable', detail: 'not_in_channel' }, 'misconfigured'],
    [{ kind: 'throttled', retryAfterMs: 1 }, 'unreachable'],
    [{ kind: 'transient', detail: 'no answer' }, 'unreachable'],
  ])('%j in the channel is %s', async (failure, verdict) => {
    const slack = new MemoryMessenger();
    const standing = () =>
      Promise.resolve(failure === null ? { ok: true as const, value: null } : { ok: false as const, error: failure });
    const { findings } = await examineSlack(scene.core, Object.assign(slack, { standing }));
    expect(findings.find(({ subject }) => subject === 'channel')).toMatchObject({ verdict });
  });

  it('names the open incidents that have no card', async () => {
    const cards = async () =>
      (await examineSlack(scene.core, new MemoryMessenger())).findings.find(({ subject }) => subject === 'cards');
    expect(await cards()).toMatchObject({ verdict: 'ok' });
    scene.runtime.move(CARD_LATE_MS + 1);
    expect(await cards()).toMatchObject({
      verdict: 'blocked',
      detail: expect.stringContaining(scene.incident.reference),
    });
  });

  it.each([
    [{}, [], 'misconfigured'],
    [{}, ['U1'], 'ok'],
    [{ S1: ['U1'] }, [], 'ok'],
    [{ S1: [] }, [], 'misconfigured'],
    [{ S1: null }, [], 'misconfigured'],
    [{ S1: 'silent' }, ['U1'], 'unreachable'],
    [{ S1: 'silent', S2: null }, ['U1'], 'misconfigured'],
  ] as const)('approvers in %j and %j are %s', async (groups, users, verdict) => {
    const known = new Map<string, readonly string[] | null | 'silent'>(Object.entries(groups));
    const membersOf = (group: string) => {
      const members = known.get(group) ?? null;
      return members === 'silent' ? Promise.reject(new Error('Slack is silent')) : Promise.resolve(members);
    };
    const roles = rolesOf({ approver: { users, userGroups: [...known.keys()] } }, { membersOf });
    expect(await rolesFinding(roles, ONE_SUFFICES)).toMatchObject({ verdict });
  });

  it.each([
    [['U1', 'U2'], 'ok', ''],
    [['U1'], 'misconfigured', 'only U1 can be one of them: Re-enable, everything about a VIP.'],
    [[], 'misconfigured', 'only nobody can be one of them'],
  ])('of what takes two approvers, with %j: %s', async (users, verdict, said) => {
    const roles = rolesOf({ approver: { users, userGroups: [] } });
    const twoApprovers = { ...ONE_SUFFICES, actions: ['enable_account'], targets: ['vip'] } as const;
    const finding = await rolesFinding(roles, twoApprovers);
    expect(finding.verdict).toBe(verdict);
    expect(finding.detail).toContain(said);
  });

  it('names who is in each role, and whoever is named and cannot act', async () => {
    const lists = { approver: { users: ['U1', 'U2'], userGroups: [] }, auditor: { users: ['U3'], userGroups: [] } };
    const roles = rolesOf(lists, { standingOf: (id) => Promise.resolve(id === 'U2' ? 'guest' : 'member') });
    const { verdict, detail } = await rolesFinding(roles, ONE_SUFFICES);
    expect(verdict).toBe('misconfigured');
    expect(detail).toContain('U2 (guest)');
    expect(detail).toContain('responders: nobody. approvers: U1, U2. administrators: nobody. auditors: U3.');
  });
});

describe('the mail server as the doctor finds it', () => {
  const refusing = (why: unknown) => ({
    ping: () => Promise.reject(why instanceof Error ? why : Object.assign(new Error(), { message: String(why) })),
  });
  it.each([
    [null, 'console'],
    [{ ping: () => Promise.resolve() }, 'ok'],
    [refusing(new Error('Renew the key.')), 'misconfigured'],
  ] as const)('%j: %s', async (mailer, verdict) => {
    expect((await examineMail(mailer, [])).findings).toMatchObject([{ verdict }]);
  });

  it('names what waits', async () => {
    const waiting = [{ kind: 'passing', notices: 3, problem: 'it is down' }] as const;
    expect((await examineMail(null, waiting)).findings[1]).toMatchObject({
      verdict: 'misconfigured',
      detail: expect.stringContaining('it is down'),
    });
  });
});

describe('an examination that was asked for in Slack', () => {
  it('is answered from the store, and what of it cannot be read is left out', async () => {
    const id = await askDoctor(scene.core, { actor: BEA.slackUserId, viewId: 'V1', correlationId: 'cor' });
    const answer = async () => (await examinationById(scene.core, id))?.answer;
    expect(await answer()).toBeNull();
    const parts = { core: scene.core, messenger: new MemoryMessenger(), translator, mailer: null };
    await runOnce(scene.core, 'examine_systems', id, (run) => examineForSlack(parts, run));
    expect((await answer())?.map(({ system }) => system)).toEqual(['slack', 'mail', 'okta']);
    await scene.core.db.query(`update examinations set findings = findings || '[{"what": "is this"}]'`);
    expect(await answer()).toHaveLength(3);
  });
});
