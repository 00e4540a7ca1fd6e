import { afterEach, describe, expect, it } from '@jest/globals';
import { systemRuntime } from '../../src/platform/runtime.js';
import { Secret } from '../../src/platform/secret.js';
import type { Command } from '../../src/ports/connector.js';
import type { EntraIdDirectory, EntraIdDirectoryOptions } from 'identity-sandbox/entra-id';
import { ADA, BLOCKED, call, connect, GROUPS, LOCATIONS, OFFICE, PLACES, startDirectory } from './entra-id-subject.js';

const open: EntraIdDirectory[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type PolicySeed = Exclude<NonNullable<EntraIdDirectoryOptions['groups']>[number]['policy'], undefined>;
const HELPDESK = 'Helpdesk Administrator';
const OTHER = '99999999-0000-4000-8000-000000000000';

/** A tenant whose prepared groups and location have such policies, and the account in everything. */
async function tenantWith(policies: Partial<Record<'quarantine' | 'twoStep' | 'office' | 'blocked', PolicySeed>>) {
  const runtime = systemRuntime();
  const directory = await startDirectory(() => runtime.now(), {
    users: [
      { email: ADA, name: 'Ada Example', roles: [HELPDESK] },
      { email: 'kim_partner.example#EXT#@contoso.example', name: 'Kim Guest', guest: true },
    ],
    applicationRoles: ['Privileged Authentication Administrator'],
    groups: [
      { id: GROUPS.quarantine, name: 'quarantine', policy: policies.quarantine ?? {} },
      { id: GROUPS.twoStep, name: 'mfa', policy: policies.twoStep ?? { control: 'mfa' } },
      { id: GROUPS.office, name: 'office', policy: policies.office ?? { permits: [PLACES.office] } },
      { id: GROUPS.vpn, name: 'vpn' },
      { id: OTHER, name: 'all hands', members: [ADA], policy: false },
    ],
    locations: LOCATIONS.map((one) => (one.id === BLOCKED ? { ...one, policy: policies.blocked ?? {} } : one)),
  });
  open.push(directory);
  const entra = connect(directory.url, runtime);
  const found = await entra.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  return { directory, entra, ada: found.value, runtime };
}

const ACTIONS = {
  quarantine: { kind: 'quarantine' },
  twoStep: { kind: 'require_two_step' },
  office: { kind: 'limit_login_ips', ranges: OFFICE.ranges },
  blocked: { kind: 'block_address', ranges: ['198.51.100.66/32'] },
} as const satisfies Record<string, Command>;
/** What a policy of each needs to do its work. */
const WORKS = {
  quarantine: {},
  twoStep: { control: 'mfa' },
  office: { permits: [PLACES.office] },
  blocked: {},
} as const;

describe.each(Object.keys(ACTIONS) as (keyof typeof ACTIONS)[])('the policy for %s in a tenant', (name) => {
  it.each<[string, PolicySeed, string, string]>([
    ['does it', {}, 'holds', 'the enabled policy'],
    ['only reports', { state: 'enabledForReportingButNotEnforced' }, 'does_not_hold', 'report-only mode'],
    ['is off', { state: 'disabled' }, 'does_not_hold', 'it is off'],
    [
      'is for one application',
      { applications: ['00000003-0000-0ff1-ce00-000000000000'] },
      'does_not_hold',
      'single applications',
    ],
    ['exempts the account', { excludeUsers: [ADA] }, 'does_not_hold', 'this very account'],
    ['exempts a group of the account', { excludeGroups: [OTHER] }, 'does_not_hold', 'a group that holds'],
    ['exempts administrators', { excludeRoles: [HELPDESK] }, 'cannot_tell', `the account holds ${HELPDESK}`],
  ])('%s: %j', async (_title, seed, verdict, words) => {
    const { entra, ada, runtime } = await tenantWith({ [name]: { ...WORKS[name], ...seed } });
    const since = runtime.now();
    expect(await entra.perform(ACTIONS[name], ada, call())).toMatchObject({ ok: true });
    expect(await entra.readBack(ACTIONS[name], ada, since, call())).toMatchObject({
      value: { verdict, observed: expect.stringContaining(words) },
    });
  });
});

it.each(['quarantine', 'twoStep', 'office'] as const)(
  'the policy for %s is not claimed without the right to read it',
  async (name) => {
    const { directory, entra, ada, runtime } = await tenantWith({});
    await entra.perform(ACTIONS[name], ada, call());
    for (const right of ['Policy.Read.All', 'Policy.Read.ConditionalAccess']) directory.permit(right, false);
    expect(await entra.readBack(ACTIONS[name], ada, runtime.now(), call())).toMatchObject({
      value: {
        verdict: 'cannot_tell',
        inPlace: true,
        observed: expect.stringContaining('Policy.Read.All is not granted'),
      },
    });
  },
);

it('a guest of a tenant keeps the sessions and the password of its home, and is not told as contained', async () => {
  const { directory, entra, runtime } = await tenantWith({});
  const login = 'kim_partner.example#EXT#@contoso.example';
  const found = await entra.find({ emails: [login], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  const since = runtime.now();
  for (const command of [
    { kind: 'revoke_sessions' },
    { kind: 'reset_password', password: new Secret('Another-Passw0rd-1') },
  ] as const) {
    expect(await entra.perform(command, found.value, call())).toMatchObject({ ok: true });
    expect(await entra.readBack(command, found.value, since, call())).toMatchObject({
      value: {
        verdict: 'cannot_tell',
        observed: expect.stringContaining('the home tenant (partner.example)'),
        residual: expect.arrayContaining([
          expect.objectContaining({ what: expect.stringContaining('the home tenant (partner.example)') }),
        ]),
      },
    });
  }
  expect(directory.user(login)?.sessions).toBe(1);
  const disable = { kind: 'disable_account' } as const;
  expect(await entra.perform(disable, found.value, call())).toMatchObject({ ok: true });
  expect(await entra.readBack(disable, found.value, since, call())).toMatchObject({ value: { verdict: 'holds' } });
});
