import { afterEach, describe, expect, it } from '@jest/globals';
import type { EntraIdDirectory } from 'identity-sandbox/entra-id';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { Connector, Facts } from '../../src/ports/connector.js';
import { ADA, call, connect, OFFICE, startDirectory } from './entra-id-subject.js';

const open: EntraIdDirectory[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const RULE = { login_ranges: 'rule', login_range_groups: [] };
const LIMIT = { kind: 'limit_login_ips', ranges: OFFICE.ranges } as const;
const ELSEWHERE = { kind: 'limit_login_ips', ranges: ['198.51.100.0/25'] } as const;

async function tenant(runtime = systemRuntime(), more: Record<string, unknown> = {}) {
  const directory = await startDirectory(() => runtime.now());
  open.push(directory);
  const entra = connect(directory.url, runtime, { ...RULE, ...more });
  const accountOf = async (email: string) => {
    const found = await entra.find({ emails: [email], employeeId: null }, call());
    if (!found.ok) throw new Error(found.error.message);
    return found.value;
  };
  const before = directory.snapshot();
  const made = () => {
    const { policies, locations } = directory.snapshot();
    return {
      policies: policies.filter(({ id }) => !before.policies.some((one) => one.id === id)),
      locations: locations.filter(({ id }) => !before.locations.some((one) => one.id === id)),
    };
  };
  return { directory, entra, runtime, before, made, accountOf, ada: await accountOf(ADA) };
}
type Policy = ReturnType<EntraIdDirectory['snapshot']>['policies'][number];
type Change = Partial<Policy> & { readonly more?: boolean };
type Ada = Awaited<ReturnType<Connector['find']>> & { readonly ok: true };

const readBack = async (entra: Connector, ada: Ada['value'], command: typeof LIMIT | typeof ELSEWHERE = LIMIT) => {
  const read = await entra.readBack(command, ada, new Date(), call());
  return read.ok ? read.value : read.error;
};
async function captured(entra: Connector, ada: Ada['value']): Promise<Facts> {
  const facts = await entra.capture(LIMIT, ada, call());
  if (!facts.ok) throw new Error(facts.error.message);
  return facts.value;
}

describe('login ranges as a rule of Entra ID', () => {
  it('are a location and a policy for this account alone, named, and gone with the undo', async () => {
    const { directory, entra, ada, before, made } = await tenant();
    const facts = await captured(entra, ada);
    expect(await readBack(entra, ada)).toMatchObject({ verdict: 'does_not_hold' });
    expect(await entra.perform(LIMIT, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: false } });
    const { policies, locations } = made();
    const name = expect.stringMatching(/^Notme: ada@contoso\.example signs in from .+ and 1 more only \[/);
    expect(locations).toMatchObject([
      {
        displayName: name,
        isTrusted: false,
        ipRanges: [{ cidrAddress: '2001:db8::/32' }, { cidrAddress: '203.0.113.0/24' }],
      },
    ]);
    expect(policies).toMatchObject([
      {
        displayName: name,
        state: 'enabled',
        control: 'block',
        includeUsers: [ada.accountId],
        includeApplications: ['All'],
        includeLocations: ['All'],
        excludeLocations: [locations[0]?.id],
        excludeUsers: [],
      },
    ]);
    expect(await readBack(entra, ada)).toMatchObject({
      verdict: 'holds',
      observed: expect.stringContaining('blocks its sign-ins from elsewhere'),
      residual: expect.arrayContaining([expect.objectContaining({ forSeconds: 15 * 60 })]),
    });
    expect(await captured(entra, ada)).not.toEqual(facts);
    expect(await entra.restore(LIMIT, ada, facts, call())).toMatchObject({ ok: true, value: { alreadyDone: false } });
    expect(directory.snapshot().policies).toEqual(before.policies);
    expect(directory.snapshot().locations).toEqual(before.locations);
    expect(await captured(entra, ada)).toEqual(facts);
  });

  it('are not made twice, and other ranges take the place of the first', async () => {
    const { entra, ada, made } = await tenant();
    await entra.perform(LIMIT, ada, call());
    const facts = await captured(entra, ada);
    expect(await entra.perform(LIMIT, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: true } });
    expect(made().policies).toHaveLength(1);
    await entra.perform(ELSEWHERE, ada, call());
    expect(await readBack(entra, ada, ELSEWHERE)).toMatchObject({ verdict: 'holds' });
    expect(await readBack(entra, ada)).toMatchObject({ verdict: 'does_not_hold' });
    expect(made()).toMatchObject({ policies: [{}], locations: [{ ipRanges: [{ cidrAddress: '198.51.100.0/25' }] }] });
    expect(await entra.restore(ELSEWHERE, ada, facts, call())).toMatchObject({ ok: true });
    expect(await readBack(entra, ada)).toMatchObject({ verdict: 'holds' });
    expect(made()).toMatchObject({ policies: [{}], locations: [{}] });
  });

  it('of one account are not those of another', async () => {
    const { entra, ada, made, accountOf } = await tenant();
    const grace = await accountOf('grace@contoso.example');
    const facts = await captured(entra, ada);
    await entra.perform(LIMIT, ada, call());
    await entra.perform(LIMIT, grace, call());
    expect(made().policies).toHaveLength(2);
    await entra.restore(LIMIT, ada, facts, call());
    expect(await captured(entra, ada)).toEqual(facts);
    await entra.perform(LIMIT, ada, call());
    await entra.restore(LIMIT, ada, facts, call());
    expect(made().policies).toMatchObject([{ includeUsers: [grace.accountId] }]);
    expect(await readBack(entra, grace)).toMatchObject({ verdict: 'holds' });
  });

  it.each([1, 2])('are adopted when the answer to write %i was lost', async (nth) => {
    const { directory, entra, ada, made } = await tenant();
    const facts = await captured(entra, ada);
    directory.faults.add({ type: 'drop_after_effect', only: 'writes', times: 1, skip: nth - 1 });
    expect(await entra.perform(LIMIT, ada, call())).toMatchObject({ ok: false, error: { kind: 'unknown_outcome' } });
    expect(await readBack(entra, ada)).toMatchObject({ verdict: nth === 1 ? 'does_not_hold' : 'holds' });
    expect(await entra.perform(LIMIT, ada, call())).toMatchObject({ ok: true });
    expect(made()).toMatchObject({ policies: [{}], locations: [{}] });
    await entra.restore(LIMIT, ada, facts, call());
    expect(made()).toEqual({ policies: [], locations: [] });
  });

  const OTHER = '99999999-0000-4000-8000-000000000000';
  it.each([
    ['excepted somebody', { excludeUsers: [OTHER] }],
    ['excepted a role', { excludeRoles: [OTHER] }],
    ['limited somebody else too', { includeUsers: [OTHER], more: true }],
    ['limited a group too', { includeGroups: [OTHER] }],
    ['let another place in', { excludeLocations: [OTHER], more: true }],
    ['switched it off', { state: 'disabled' as const }],
    ['limited one application', { includeApplications: [OTHER] }],
  ])('leave a policy alone in which somebody %s', async (_title, { more, ...change }: Change) => {
    const { directory, entra, ada, runtime } = await tenant();
    const facts = await captured(entra, ada);
    await entra.perform(LIMIT, ada, call());
    const snapshot = directory.snapshot();
    const ours = snapshot.policies.find(({ includeUsers }) => includeUsers?.[0] === ada.accountId);
    if (ours === undefined) throw new Error('There is no rule.');
    const { includeUsers, excludeLocations } = ours;
    Object.assign(ours, change);
    if (more === true && change.includeUsers) ours.includeUsers = [...(includeUsers ?? []), OTHER];
    if (more === true && change.excludeLocations) ours.excludeLocations = [...excludeLocations, OTHER];
    const changed = await startDirectory(() => runtime.now(), { snapshot });
    open.push(changed);
    const there = connect(changed.url, runtime, RULE);
    expect(await readBack(there, ada)).toMatchObject({
      verdict: 'cannot_tell',
      observed: expect.stringContaining('not as Notme makes it'),
    });
    const found = await captured(there, ada);
    // It is told by name, and is no longer what the step left.
    expect(Object.values(found).flat()).toEqual([expect.stringContaining(`${ours.displayName} (${ours.id})`)]);
    expect(await there.perform(LIMIT, ada, call())).toMatchObject({ ok: true });
    expect(await readBack(there, ada)).toMatchObject({ verdict: 'holds' });
    expect(changed.snapshot().policies).toHaveLength(snapshot.policies.length + 1);
    expect(await there.restore(LIMIT, ada, facts, call())).toMatchObject({
      ok: false,
      error: { kind: 'unsupported', message: expect.stringContaining('begins with "Notme:"') },
    });
    expect(changed.snapshot().policies).toContainEqual(ours);
    expect(changed.snapshot().policies).toHaveLength(snapshot.policies.length);
  });

  it('wait until a new location is known to policies, and leave nothing when it takes too long', async () => {
    // A second goes by with each call.
    const seconds = { gone: () => 0 };
    const start = Date.parse('2026-03-02T09:00:00.000Z');
    const runtime = { ...systemRuntime(), now: () => new Date(start + 1000 * seconds.gone()) };
    const { directory, entra, ada, made } = await tenant(runtime);
    seconds.gone = () => directory.calls().length;
    directory.setLag(60_000);
    expect(await entra.perform(LIMIT, ada, call())).toMatchObject({ ok: false, error: { kind: 'transient' } });
    expect(made()).toEqual({ policies: [], locations: [] });
    directory.setLag(3_000);
    const before = directory.calls().length;
    expect(await entra.perform(LIMIT, ada, call())).toMatchObject({ ok: true });
    const posts = directory
      .calls()
      .slice(before)
      .filter(({ method, path }) => method === 'POST' && path.endsWith('/policies'));
    expect(posts.length).toBeGreaterThan(1);
    expect(made()).toMatchObject({ policies: [{}], locations: [{}] });
  });

  it.each([
    ['security defaults', { securityDefaults: true }, 'unsupported', 'Security defaults are on'],
    ['the last policy', { mostPolicies: 5 }, 'invalid_input', 'policies'],
    ['the last location', { mostLocations: 3 }, 'invalid_input', 'named locations'],
  ])('are refused by %s, told for what it is, and leave nothing', async (_title, condition, kind, words) => {
    const { directory, entra, ada, made } = await tenant();
    directory.conditionalAccess(condition);
    expect(await entra.perform(LIMIT, ada, call())).toMatchObject({
      ok: false,
      error: { kind, message: expect.stringContaining(words) },
    });
    expect(made()).toEqual({ policies: [], locations: [] });
  });

  it.each([
    ['Policy.ReadWrite.ConditionalAccess', 'Policy.ReadWrite.ConditionalAccess'],
    ['Application.Read.All', 'Application.Read.All'],
  ])('name the right %s that is missing', async (right, missing) => {
    const { directory, entra, ada, made } = await tenant();
    // Which other rights cover it is not told for this call.
    const broader = ['Application.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];
    for (const one of [right, ...broader]) directory.permit(one, false);
    expect(await entra.perform(LIMIT, ada, call())).toMatchObject({
      ok: false,
      error: { kind: 'permission', missing },
    });
    expect(made()).toEqual({ policies: [], locations: [] });
    const found = await entra.examine(ada, call());
    expect(found).toContainEqual(
      expect.objectContaining({ subject: 'limit_login_ips', verdict: 'missing_permission', missing: [right] }),
    );
  });

  it('are examined: room, and no security defaults', async () => {
    const { directory, entra, ada } = await tenant();
    const finding = async () => (await entra.examine(ada, call())).find(({ subject }) => subject === 'limit_login_ips');
    expect(await finding()).toMatchObject({ verdict: 'ok' });
    directory.conditionalAccess({ securityDefaults: true });
    expect(await finding()).toMatchObject({
      verdict: 'misconfigured',
      detail: expect.stringContaining('Security defaults'),
    });
  });

  it('let no set of ranges be chosen that is none', async () => {
    const { entra, ada, made } = await tenant();
    const none = { kind: 'limit_login_ips', ranges: [] } as const;
    expect(await entra.perform(none, ada, call())).toMatchObject({ ok: false, error: { kind: 'invalid_input' } });
    expect(await entra.perform({ ...none, ranges: ['the office'] }, ada, call())).toMatchObject({ ok: false });
    expect(made().policies).toEqual([]);
    expect(entra.knownRangeSets).toBeNull();
  });
});
