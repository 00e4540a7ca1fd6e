import { afterEach, describe, expect, it } from '@jest/globals';
import type { EntraIdDirectory } from 'identity-sandbox/entra-id';
import { systemRuntime } from '../../src/platform/runtime.js';
import { ADA, call, connect, GROUPS, startDirectory } from './entra-id-subject.js';

const open: EntraIdDirectory[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const idOf = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
const many = <T>(count: number, of: (at: number) => T): T[] => Array.from({ length: count }, (_none, at) => of(at));
/** Answers of a megabyte take a slow machine a while. */
const PATIENT = { deadline_ms: 60_000 };
const cidr = (at: number) => ({
  '@odata.type': '#microsoft.graph.iPv4CidrRange',
  cidrAddress: `198.18.${at >> 8}.${at & 255}/32`,
});

type Snapshot = ReturnType<EntraIdDirectory['snapshot']>;

/** A tenant of which a test has made what it wants. */
async function tenant(grow: (snapshot: Snapshot, ada: string) => void = () => undefined, more = {}) {
  const runtime = systemRuntime();
  const seed = await startDirectory(() => runtime.now());
  open.push(seed);
  const snapshot = seed.snapshot();
  const user = snapshot.users.find(({ userPrincipalName }) => userPrincipalName === ADA);
  if (user === undefined) throw new Error('Nobody is there.');
  grow(snapshot, user.id);
  const directory = await startDirectory(() => runtime.now(), { snapshot });
  open.push(directory);
  const entra = connect(directory.url, runtime, { ...PATIENT, ...more });
  return { directory, entra, runtime, ada: { system: 'entra_id', accountId: user.id, login: ADA } };
}

describe('a large tenant of Entra ID', () => {
  it('has a rule made, found and taken back among 239 policies and 60 locations of fifty kilobytes each', async () => {
    const { directory, entra, ada, runtime } = await tenant(
      ({ policies, locations }) => {
        const [first] = policies;
        if (first === undefined) throw new Error('There is no policy.');
        policies.push(
          ...many(239 - policies.length, (at) => ({
            ...first,
            ...{ id: idOf(at), displayName: `Policy ${at}`, excludeUsers: many(400, idOf) },
          })),
        );
        locations.push(
          ...many(60, (at) => ({
            ...{ id: idOf(9_000 + at), displayName: `Place ${at}`, isTrusted: true },
            ipRanges: many(600, cidr),
          })),
        );
      },
      { login_ranges: 'rule', login_range_groups: [] },
    );
    const command = { kind: 'limit_login_ips', ranges: ['203.0.113.0/24'] } as const;
    const facts = await entra.capture(command, ada, call());
    if (!facts.ok) throw new Error(facts.error.message);
    expect(await entra.perform(command, ada, call())).toMatchObject({ ok: true });
    expect(await entra.perform(command, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: true } });
    expect(await entra.readBack(command, ada, runtime.now(), call())).toMatchObject({ value: { verdict: 'holds' } });
    expect(directory.snapshot().policies).toHaveLength(240);
    expect(await entra.restore(command, ada, facts.value, call())).toMatchObject({ ok: true });
    expect(directory.snapshot().policies).toHaveLength(239);
  }, 240_000);

  it('has an account in a thousand groups, with the group that counts among them', async () => {
    const { entra, ada, runtime } = await tenant(({ groups }, userId) => {
      for (const group of groups) if (group.id === GROUPS.quarantine) group.members.push(userId);
      groups.unshift(
        ...many(1_000, (at) => ({
          ...{ id: idOf(at), displayName: `Group ${at}`, groupTypes: [] },
          ...{ onPremisesSyncEnabled: null, isAssignableToRole: false, members: [userId] },
        })),
      );
    });
    const { groups } = await entra.evidence(ada, call());
    if ('unavailable' in groups) throw new Error(groups.unavailable.message);
    expect(groups.items.length).toBeGreaterThan(0);
    expect(await entra.readBack({ kind: 'quarantine' }, ada, runtime.now(), call())).toMatchObject({
      value: { verdict: 'holds' },
    });
  }, 240_000);

  it('gets a hundred consents back, each once', async () => {
    const { directory, entra, ada } = await tenant();
    for (let at = 0; at < 100; at += 1) directory.consent(ADA, '203.0.113.10', `Application ${at}`, 'Mail.Read');
    const command = { kind: 'revoke_grants', items: 'all' } as const;
    const facts = await entra.capture(command, ada, call());
    if (!facts.ok) throw new Error(facts.error.message);
    expect(Object.keys(facts.value)).toHaveLength(100);
    expect(await entra.perform(command, ada, call())).toMatchObject({ ok: true });
    expect(directory.snapshot().consents).toEqual([]);
    // One answer is lost on the way: the rest is found and not made twice.
    directory.faults.add({ type: 'drop_after_effect', only: 'writes', times: 1, skip: 60 });
    expect(await entra.restore(command, ada, facts.value, call())).toMatchObject({ ok: false });
    expect(directory.snapshot().consents).toHaveLength(61);
    expect(await entra.restore(command, ada, facts.value, call())).toMatchObject({ ok: true });
    expect(directory.snapshot().consents).toHaveLength(100);
  }, 240_000);
});
