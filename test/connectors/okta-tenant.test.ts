import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from '../../src/platform/secret.js';
import type { Command, Connector } from '../../src/ports/connector.js';
import { call, connectApp, connectToken, playedRuntime } from './okta-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

const ACCOUNT = { system: 'okta', accountId: '00uX', login: 'x@example.com' };
const AT = '2024-01-01T00:00:00.000Z';
const USER = {
  id: '00uX',
  status: 'ACTIVE',
  passwordChanged: AT,
  lastLogin: null,
  profile: { login: 'x@example.com', email: 'x@example.com' },
  credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
};
const CALLER = { id: '00uM', status: 'ACTIVE', profile: { login: 'notme@example.com' } };

const THE_USER = 'GET /api/v1/users/00uX';

const stubs: StubVendor[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close();
});

/** An org that answers `answers`, found by the beginning of `METHOD /path`. */
async function org(answers: Readonly<Record<string, StubAnswer>>, settings: Record<string, unknown> = {}) {
  const known = { 'GET /api/v1/users/me': { body: CALLER }, ...answers };
  const stub = await startStub((asked) => {
    if (asked === THE_USER) return answers[asked] ?? { body: USER };
    return Object.entries(known).find(([start]) => start !== THE_USER && asked.startsWith(start))?.[1];
  });
  stubs.push(stub);
  return { okta: connectToken(stub.url, playedRuntime(), settings), stub };
}

async function readBack(okta: Connector, command: Command) {
  const read = await okta.readBack(command, ACCOUNT, new Date('2026-03-02T09:00:00.000Z'), call());
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

describe('a status that Okta does not list', () => {
  it.each(['ACTIVATING', 'SOMETHING_NEW', null, 7])('%j hides no other account from find', async (status) => {
    const { okta } = await org({
      'GET /api/v1/users?search': {
        body: [{ ...USER, id: '00uY', status, profile: { login: 'y@example.com', email: 'y@example.com' } }, USER],
      },
      'GET /api/v1/users/x@example.com': { status: 404 },
    });
    expect(await okta.find({ emails: ['x@example.com'], employeeId: null }, call())).toEqual({
      ok: true,
      value: ACCOUNT,
    });
  });

  it('is neither enabled nor disabled, and proves neither', async () => {
    const { okta } = await org({ 'GET /api/v1/users/00uX': { body: { ...USER, status: 'ACTIVATING' } } });
    expect(await okta.readState(ACCOUNT, call())).toMatchObject({ ok: true, value: { enabled: null, locked: null } });
    for (const kind of ['disable_account', 'enable_account'] as const)
      expect(await readBack(okta, { kind })).toMatchObject({
        verdict: 'cannot_tell',
        observed: expect.stringContaining('ACTIVATING'),
      });
  });
});

describe('an account that proves itself elsewhere', () => {
  it('is not told as reset by a password of Okta', async () => {
    const user = {
      ...USER,
      status: 'PASSWORD_EXPIRED',
      passwordChanged: '2026-03-02T09:00:01.000Z',
      credentials: { provider: { type: 'FEDERATION', name: 'Partner' } },
    };
    const { okta } = await org({ 'GET /api/v1/users/00uX': { body: user } });
    const command: Command = { kind: 'reset_password', password: new Secret('x') };
    expect(await readBack(okta, command)).toMatchObject({
      verdict: 'cannot_tell',
      inPlace: true,
      observed: expect.stringContaining('proves itself at Partner'),
    });
  });
});

const ROWS = {
  factors: {
    id: 'f',
    factorType: 'sms',
    provider: 'OKTA',
    status: 'ACTIVE',
    created: AT,
    profile: { phoneNumber: '+1' },
  },
  grants: { id: 'g', status: 'ACTIVE', clientId: 'c', scopeId: 's', source: 'END_USER', created: AT },
  devices: { created: AT, device: { id: 'd', status: 'ACTIVE', created: AT, profile: { displayName: 'Mac' } } },
  groups: { id: 'q', type: 'OKTA_GROUP', profile: { name: 'Sales' } },
  roles: {
    id: 'r',
    type: 'USER_ADMIN',
    label: 'Group Administrator',
    status: 'ACTIVE',
    assignmentType: 'USER',
    created: AT,
  },
} as const;

/** A row as Okta might write it one day: keys left out, emptied or of another type, at any depth. */
const spoilt = (row: unknown): fc.Arbitrary<unknown> => {
  if (typeof row !== 'object' || row === null) return fc.oneof(fc.constant(row), fc.constantFrom(null, 7, '', [], {}));
  const fields = Object.fromEntries(Object.entries(row).map(([key, value]) => [key, spoilt(value)]));
  return fc.oneof(fc.record(fields, { requiredKeys: [] }), fc.constantFrom<unknown>(null, 7, 'x', []));
};

describe.each(Object.entries(ROWS))("one of Okta's %s that cannot be read", (section, whole) => {
  it('spoils no other, and is not taken for absent', async () => {
    const id = JSON.stringify(whole).match(/"id":"(\w)"/)?.[1] ?? '';
    await fc.assert(
      fc.asyncProperty(spoilt(whole), async (other) => {
        const { okta } = await org({ [`GET /api/v1/users/00uX/${section}`]: { body: [other, whole] } });
        const found = (await okta.evidence(ACCOUNT, call()))[section as keyof typeof ROWS];
        if ('unavailable' in found) throw new Error(found.unavailable.message);
        expect(found.items.map((item) => item.id.split('/').at(-1))).toContain(id);
        if (section !== 'grants' && section !== 'roles' && found.items.length < 2) {
          const same = JSON.stringify(other).includes(`"id":"${id}"`);
          if (!same) expect(found.complete).toBe(false);
        }
        expect(await okta.readState(ACCOUNT, call())).toMatchObject({ ok: true });
        stubs.splice(0).forEach((stub) => stub.close());
      }),
      { numRuns: 25 },
    );
  }, 240_000);
});

describe('a user with fields that are missing or of another type', () => {
  it('is read as far as it goes', async () => {
    await fc.assert(
      fc.asyncProperty(spoilt(USER), async (other) => {
        const user = { ...(typeof other === 'object' && other !== null ? other : {}), id: '00uX' };
        const { okta } = await org({ 'GET /api/v1/users/00uX': { body: user } });
        expect(await okta.readState(ACCOUNT, call())).toMatchObject({ ok: true });
        stubs.splice(0).forEach((stub) => stub.close());
      }),
      { numRuns: 50 },
    );
  }, 240_000);
});

describe('something chosen beside something that cannot be read', () => {
  const NAMELESS = { factorType: 'sms', status: 'ACTIVE' };

  it('is removed, and the rest is not told as gone', async () => {
    const gone = new Set<string>();
    const stub = await startStub((asked) => {
      if (asked.startsWith('DELETE')) gone.add(asked);
      if (asked === 'GET /api/v1/users/me') return { body: CALLER };
      if (asked === 'GET /api/v1/users/00uX') return { body: USER };
      if (asked.startsWith('DELETE')) return { status: 204, body: null };
      if (asked === 'POST /api/v1/users/00uX/lifecycle/reset_factors') return { status: 200, body: null };
      if (asked.startsWith('GET /api/v1/users/00uX/factors'))
        return { body: gone.size > 0 ? [NAMELESS] : [ROWS.factors, NAMELESS] };
      return undefined;
    });
    stubs.push(stub);
    const okta = connectToken(stub.url, playedRuntime());
    expect(await okta.perform({ kind: 'remove_factors', items: 'all' }, ACCOUNT, call())).toMatchObject({ ok: true });
    expect([...gone]).toEqual(['DELETE /api/v1/users/00uX/factors/f?removeRecoveryEnrollment=true']);
    const read = await okta.readBack({ kind: 'remove_factors', items: 'all' }, ACCOUNT, new Date(), call());
    expect(read).not.toMatchObject({ ok: true, value: { verdict: 'holds' } });
  });

  it('a role that cannot be read is a role', async () => {
    const { okta } = await org({ 'GET /api/v1/users/00uX/roles': { body: [{ id: 7 }] } });
    expect(await okta.readState(ACCOUNT, call())).toMatchObject({
      value: { adminRoles: ['a role that cannot be read'] },
    });
    expect(await readBack(okta, { kind: 'remove_admin_roles' })).toMatchObject({ verdict: 'cannot_tell' });
  });

  it("an entry of another form stays in Okta's zone when an address is added", async () => {
    const zone = { id: 'z', name: 'BlockedIpZone', type: 'IP', status: 'ACTIVE', usage: 'BLOCKLIST' };
    const entries = [{ type: 'RANGE', value: '198.51.100.1-198.51.100.9' }, { type: 'NEW', asns: [7] }, 'odd'];
    let written = '';
    const stub = await startStub((asked, body) => {
      if (asked.startsWith('PUT')) written = body;
      if (asked === 'GET /api/v1/users/me') return { body: CALLER };
      return asked.startsWith('GET /api/v1/zones') ? { body: [{ ...zone, gateways: entries }] } : undefined;
    });
    stubs.push(stub);
    const okta = connectToken(stub.url, playedRuntime());
    const block = { kind: 'block_address', ranges: ['203.0.113.7/32'] } as const;
    expect(await okta.perform(block, ACCOUNT, call())).toMatchObject({ ok: true });
    const { gateways } = JSON.parse(written) as { gateways: unknown[] };
    expect(gateways).toEqual([...entries, { type: 'CIDR', value: '203.0.113.7/32' }]);
  });
});

describe('a group in Okta that was prepared with a policy', () => {
  const group = { id: '00gQ', type: 'OKTA_GROUP', profile: { name: 'q' } };
  const inside = {
    'GET /api/v1/groups': { body: [group] },
    'GET /api/v1/users/00uX/groups': { body: [group] },
    'GET /api/v1/users/00uM/roles': { body: [{ id: 'r', type: 'SUPER_ADMIN' }] },
  };
  const settings = {
    quarantine_group: 'q',
    two_step_group: 'q',
    login_range_groups: [{ group: 'q', ranges: ['203.0.113.0/24'] }],
  };
  const COMMANDS = [
    { kind: 'quarantine' },
    { kind: 'require_two_step' },
    { kind: 'limit_login_ips', ranges: ['203.0.113.0/24'] },
  ] as const;
  const policy = (include: string, status = 'ACTIVE') => ({
    id: '00p1',
    name: 'Contained',
    status,
    priority: 1,
    conditions: { people: { groups: { include: [include] } } },
  });
  const signOn = (access: string, more: Record<string, unknown> = {}) => ({
    name: 'Rule',
    status: 'ACTIVE',
    priority: 1,
    conditions: { network: { connection: 'ANYWHERE' }, authContext: { authType: 'ANY' }, ...more },
    actions: { signon: { access, requireFactor: false } },
  });
  const application = (access: string, factorMode?: string) => ({
    name: 'Rule',
    status: 'ACTIVE',
    priority: 1,
    conditions: null,
    actions: { appSignOn: { access, verificationMethod: { type: 'ASSURANCE', ...(factorMode && { factorMode }) } } },
  });
  const REFUSED = { status: 403, body: { errorCode: 'E0000006', errorSummary: 'no' } };
  const orgOf = (
    policies: StubAnswer,
    rules: readonly unknown[] = [],
    applications: StubAnswer = { body: [] },
    ofApplications: readonly unknown[] = [],
  ) =>
    org(
      {
        ...inside,
        'GET /api/v1/policies?type=OKTA_SIGN_ON': policies,
        'GET /api/v1/policies?type=ACCESS_POLICY': applications,
        'GET /api/v1/policies/00p1/rules': { body: rules },
        'GET /api/v1/policies/rst': { body: ofApplications },
      },
      settings,
    );

  it.each(COMMANDS)('holds with an active policy that denies it: %j', async (command) => {
    const { okta } = await orgOf({ body: [policy('00gQ')] }, [signOn('DENY')]);
    expect(await readBack(okta, command)).toMatchObject({
      verdict: 'holds',
      observed: expect.stringMatching(/in the Okta group "q".*; the rule "Rule" of the active policy "Contained"/),
    });
  });

  it.each([
    ['no policy', { body: [] }, []],
    ['an inactive policy', { body: [policy('00gQ', 'INACTIVE')] }, [signOn('DENY')]],
    ['a policy of another group', { body: [policy('00gZ')] }, [signOn('DENY')]],
    ['a policy that lets in', { body: [policy('00gQ')] }, [signOn('ALLOW')]],
    ['a policy without a rule', { body: [policy('00gQ')] }, []],
  ])('does not hold with %s, and the doctor says so', async (_title, policies, rules) => {
    const { okta } = await orgOf(policies, rules);
    for (const command of COMMANDS)
      expect(await readBack(okta, command)).toMatchObject({
        verdict: 'does_not_hold',
        observed: expect.stringMatching(/in the Okta group "q".*; but /),
      });
    const findings = await okta.examine(ACCOUNT, call());
    expect(findings.find(({ subject }) => subject === 'quarantine')).toMatchObject({
      verdict: 'misconfigured',
      detail: expect.stringContaining('does nothing, but '),
    });
  });

  it('is told as membership alone where policies may not be read, and the doctor names the scope', async () => {
    const { okta } = await orgOf(REFUSED);
    for (const command of COMMANDS)
      expect(await readBack(okta, command)).toMatchObject({
        verdict: 'cannot_tell',
        inPlace: true,
        observed: expect.stringMatching(/in the Okta group "q".* could not be read, because okta\.policies\.read/),
      });
    const findings = await okta.examine(null, call());
    expect(findings.find(({ subject }) => subject === 'quarantine')).toMatchObject({
      verdict: 'cannot_tell',
      detail: expect.stringContaining('okta.policies.read'),
    });
  });

  it('is ok for the doctor with its policy', async () => {
    const { okta } = await orgOf({ body: [policy('00gQ')] }, [signOn('DENY')]);
    for (const whom of [null, ACCOUNT])
      expect((await okta.examine(whom, call())).find(({ subject }) => subject === 'quarantine')?.verdict).toBe('ok');
  });

  it.each([
    ['all demand one', [application('ALLOW', '2FA')], { body: [{ id: 'rst1', name: 'A', status: 'ACTIVE' }] }, 'holds'],
    [
      'one demands none',
      [application('ALLOW', '1FA')],
      { body: [{ id: 'rst1', name: 'A', status: 'ACTIVE' }] },
      'does_not_hold',
    ],
    [
      'one is not judged',
      [application('ALLOW')],
      { body: [{ id: 'rst1', name: 'A', status: 'ACTIVE' }] },
      'cannot_tell',
    ],
    ['they may not be read', [], REFUSED, 'cannot_tell'],
    [
      'the org has none of the kind',
      [],
      { status: 400, body: { errorCode: 'E0000001', errorSummary: 'Api validation failed: type' } },
      'does_not_hold',
    ],
  ])(
    'asks the policies of applications for a second factor where the global ones ask for none: %s',
    async (_title, rules, applications, verdict) => {
      const { okta } = await orgOf({ body: [policy('00gQ')] }, [signOn('ALLOW')], applications, rules);
      expect(await readBack(okta, { kind: 'require_two_step' })).toMatchObject({ verdict });
    },
  );

  it.each([
    ['a policy without an id', [{ ...policy('00gQ'), id: 7 }, policy('00gQ')], [signOn('DENY')], 'cannot_tell'],
    ['a rule that is no rule', [policy('00gQ')], [7, signOn('DENY')], 'cannot_tell'],
    ['people of another form', [{ ...policy('00gQ'), conditions: { people: 7 } }], [signOn('DENY')], 'cannot_tell'],
    ['conditions of another form', [policy('00gQ')], [{ ...signOn('DENY'), conditions: 7 }], 'does_not_hold'],
    ['a network of another form', [policy('00gQ')], [signOn('DENY', { network: 7 })], 'does_not_hold'],
    [
      'a condition that is not known',
      [policy('00gQ')],
      [signOn('DENY', { weekday: { include: ['MON'] } })],
      'does_not_hold',
    ],
  ])('claims no effect from %s', async (_title, policies, rules, verdict) => {
    const { okta } = await orgOf({ body: policies }, rules);
    expect(await readBack(okta, { kind: 'quarantine' })).toMatchObject({ verdict });
  });
});

describe("Okta's risk level", () => {
  const row = (id: string, type: string, published: string) => ({
    uuid: `${id}${published}`,
    published,
    eventType: 'user.risk.change',
    actor: { id, type, alternateId: id, displayName: id },
    outcome: { result: 'SUCCESS' },
    target: [{ id: '00uX', type: 'User' }],
  });
  const OWN = row('00uM', 'User', '2026-03-02T09:00:00.000Z');
  const back = (id: string, type: string) => row(id, type, '2026-03-02T09:01:00.000Z');

  it.each([
    ['Okta tells nothing of it', []],
    ['only the own change is logged', [OWN]],
    ['Okta itself set it back', [back('okta', 'SystemPrincipal'), OWN]],
  ])('that fell back to LOW is not told as undone when %s', async (_title, logged) => {
    const { okta } = await org({
      'GET /api/v1/users/00uX/risk': { body: { riskLevel: 'LOW', reason: 'x' } },
      'GET /api/v1/logs': { body: logged },
    });
    expect((await readBack(okta, { kind: 'confirm_compromised' })).verdict).toBe('cannot_tell');
  });

  it('that somebody set back is told as undone', async () => {
    const { okta } = await org({
      'GET /api/v1/users/00uX/risk': { body: { riskLevel: 'LOW' } },
      'GET /api/v1/logs': { body: [back('mallory@example.com', 'User'), OWN] },
    });
    expect(await readBack(okta, { kind: 'confirm_compromised' })).toMatchObject({
      verdict: 'does_not_hold',
      observed: expect.stringContaining('mallory@example.com'),
    });
  });
});

describe('the reason of a refusal by Okta', () => {
  it.each(['perform', 'examine'] as const)('names the setting after invalid_scope: %s', async (how) => {
    const stub = await startStub(() => ({
      status: 400,
      body: {
        error: 'invalid_scope',
        error_description: 'One or more scopes are not configured for the authorization server resource.',
      },
    }));
    stubs.push(stub);
    const okta = connectApp(stub.url, playedRuntime());
    if (how === 'perform')
      expect(await okta.perform({ kind: 'disable_account' }, ACCOUNT, call())).toMatchObject({
        error: { kind: 'permission', message: expect.stringContaining('setting `scopes`') },
      });
    else
      expect(await okta.examine(null, call())).toContainEqual(
        expect.objectContaining({ subject: 'sign_in', fix: expect.stringContaining('okta.scopes') }),
      );
  });

  it.each([
    [
      'a lock of the moment',
      { status: 423, body: { errorCode: 'E0000239', errorSummary: 'try again later' } },
      'transient',
      'safe to try again',
    ],
    ["a proxy's page", { status: 403, body: '<html>blocked</html>' }, 'unsupported', 'proxy or firewall'],
    [
      'a demand for DPoP',
      { status: 400, headers: { 'www-authenticate': 'DPoP error="invalid_dpop_proof"' }, body: null },
      'auth',
      'DPoP',
    ],
    ['an empty 400', { status: 400, body: null }, 'invalid_input', 'DPoP'],
  ])('is told for %s', async (_title, refused, kind, words) => {
    const { okta } = await org({ 'POST /api/v1/users/00uX/lifecycle/suspend': refused });
    expect(await okta.perform({ kind: 'disable_account' }, ACCOUNT, call())).toMatchObject({
      error: { kind, message: expect.stringContaining(words) },
    });
  });
});

describe('the e-mail factor without times', () => {
  it('is listed and removed with the others', async () => {
    const email = {
      id: 'emf1',
      factorType: 'email',
      provider: 'OKTA',
      status: 'ACTIVE',
      profile: { email: 'x@example.com' },
    };
    const { okta, stub } = await org({
      'GET /api/v1/users/00uX/factors': { body: [ROWS.factors, email] },
      'DELETE /api/v1/users/00uX/factors': { status: 204, body: null },
      'POST /api/v1/users/00uX/lifecycle/reset_factors': { status: 200, body: null },
    });
    expect((await okta.evidence(ACCOUNT, call())).factors).toMatchObject({
      items: [{ id: 'f' }, { id: 'emf1', at: null }],
      complete: true,
    });
    await okta.perform({ kind: 'remove_factors', items: 'all' }, ACCOUNT, call());
    expect(stub.calls.filter((asked) => /^(DELETE|POST)/.test(asked))).toEqual([
      'DELETE /api/v1/users/00uX/factors/f?removeRecoveryEnrollment=true',
      'POST /api/v1/users/00uX/lifecycle/reset_factors',
    ]);
  });
});
