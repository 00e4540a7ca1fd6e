import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Guarding, refusalOf, testAccounts, type TestPerson } from '../../src/doctor/rehearsal-guard.js';
import { BEA, CEM, ELI, Scene } from '../scene.js';

const TEST = 'test@meadow.example';
const person = (...emails: readonly string[]): TestPerson => ({
  emails,
  identifiersIn: () => ({ emails, employeeId: null }),
});

describe('whom nothing is rehearsed on', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open({ approverGroups: {}, roles: { administrator: [CEM.slackUserId] } });
    scene.okta.add(TEST);
  });
  const guarding = (more: Partial<Guarding> = {}): Guarding => {
    const { workspaceId, db, connectors, roles, people } = scene.core;
    const call = { signal: new AbortController().signal, correlationId: 'cor_guard' };
    return { workspaceId, db, connectors, roles, people, neverTouch: [], call, ...more };
  };
  async function refusal(who: TestPerson, more: Partial<Guarding> = {}) {
    const guard = guarding(more);
    return refusalOf(guard, who, (await testAccounts(guard, who)).tests);
  }

  it('an ordinary test account is refused by nothing', async () => {
    expect(await refusal(person(TEST))).toBeNull();
  });

  it('an address that no system knows', async () => {
    expect(await refusal(person('nobody@meadow.example'))).toEqual({ why: 'nobody' });
  });

  it('an address on the never-touch list, in any spelling, and an account that one on it leads to', async () => {
    expect(await refusal(person(TEST), { neverTouch: ['TEST@meadow.example'] })).toMatchObject({ why: 'never_touch' });
    scene.okta.find = () =>
      Promise.resolve({ ok: true, value: { system: 'okta', accountId: `okta/${TEST}`, login: TEST } });
    const elsewhere = { neverTouch: ['alias@meadow.example'] };
    expect(await refusal(person(TEST), elsewhere)).toMatchObject({ why: 'never_touch' });
  });

  it('somebody with an open incident, by an address or by the account', async () => {
    expect(await refusal(person('ada@meadow.example'))).toMatchObject({
      why: 'incident',
      what: scene.incident.reference,
    });
    await scene.core.db.query('update accounts set login = $1', ['renamed@meadow.example']);
    await scene.core.db.query('update people set email = $1', ['other@meadow.example']);
    expect(await refusal(person('ada@meadow.example'))).toMatchObject({ why: 'incident' });
  });

  it('approvers and administrators, and nobody while Slack does not say who they are', async () => {
    scene.okta.add(BEA.email);
    scene.okta.add(CEM.email);
    scene.okta.add(ELI.email);
    expect(await refusal(person(BEA.email))).toEqual({ why: 'role', what: 'approver' });
    const { roles } = scene.core;
    const silent = { ...roles, whole: () => Promise.resolve(null) };
    expect(await refusal(person(TEST), { roles: silent })).toEqual({ why: 'role_unknown', what: 'approver' });
    const noApprovers = {
      ...roles,
      whole: (role: string) => Promise.resolve(role === 'administrator' ? [CEM.slackUserId] : []),
    };
    expect(await refusal(person(CEM.email), { roles: noApprovers })).toEqual({ why: 'role', what: 'administrator' });
    expect(await refusal(person(ELI.email))).toBeNull();
  });

  it('an account that its system protects, and one whose state is not told', async () => {
    scene.okta.protect(`okta/${TEST}`, 'It is an administrator of everything.');
    expect(await refusal(person(TEST))).toMatchObject({ why: 'protected', system: 'okta' });
    scene.okta.fail('readState', { kind: 'transient', message: 'down' });
    expect(await refusal(person(TEST))).toMatchObject({ why: 'unread', what: 'down' });
  });

  it('an account, while it cannot be told whether the never-touch list leads to it', async () => {
    const guard = guarding({ neverTouch: ['root@meadow.example'] });
    const { tests } = await testAccounts(guard, person(TEST));
    scene.okta.fail('find', { kind: 'transient', message: 'down' });
    expect(await refusalOf(guard, person(TEST), tests)).toMatchObject({ why: 'unread' });
  });
});
