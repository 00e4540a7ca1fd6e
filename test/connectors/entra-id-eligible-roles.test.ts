import { afterEach, describe, expect, it } from '@jest/globals';
import type { EntraIdDirectory, EntraIdDirectoryOptions } from 'identity-sandbox/entra-id';
import type { Facts } from '../../src/ports/connector.js';
import { ADA, call, connect, playedRuntime, startDirectory } from './entra-id-subject.js';

const open: EntraIdDirectory[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const REMOVE = { kind: 'remove_admin_roles' } as const;
const [EXCHANGE, HELPDESK, USERS] = ['Exchange Administrator', 'Helpdesk Administrator', 'User Administrator'];
const UNTIL = new Date('2026-06-01T00:00:00.000Z');

async function tenant(more: Partial<EntraIdDirectoryOptions> = {}) {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now(), more);
  open.push(directory);
  const entra = connect(directory.url, runtime);
  const found = await entra.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  const ada = found.value;
  const valueOf = <T>(result: { ok: true; value: T } | { ok: false; error: { message: string } }): T => {
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  };
  return {
    directory,
    entra,
    ada,
    runtime,
    capture: async (): Promise<Facts> => valueOf(await entra.capture(REMOVE, ada, call())),
    readBack: async () => valueOf(await entra.readBack(REMOVE, ada, runtime.now(), call())),
    held: () => directory.snapshot().eligibilities.map(({ endDateTime }) => endDateTime),
  };
}

describe('roles that an account may activate in Entra ID', () => {
  it('are taken with those that it has, and given back until the same day', async () => {
    const { directory, entra, ada, capture, readBack, held } = await tenant();
    directory.setRole(ADA, HELPDESK, true);
    directory.setEligible(ADA, EXCHANGE, { until: UNTIL });
    directory.setEligible(ADA, USERS, {});
    const facts = await capture();
    expect(Object.values(facts)).toEqual([HELPDESK, `eligible until ${UNTIL.toISOString()}`, 'eligible for good']);
    expect(await readBack()).toMatchObject({
      verdict: 'does_not_hold',
      observed: expect.stringContaining(`${EXCHANGE} (eligible)`),
    });
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: false } });
    expect(held()).toEqual([]);
    expect(await readBack()).toMatchObject({
      verdict: 'holds',
      observed: expect.stringContaining('eligible for none'),
    });
    expect(await entra.restore(REMOVE, ada, facts, call())).toMatchObject({ ok: true });
    expect(held()).toEqual([UNTIL.toISOString(), null]);
    expect(await capture()).toEqual(facts);
    expect(await entra.restore(REMOVE, ada, facts, call())).toMatchObject({ ok: true, value: { alreadyDone: true } });
  });

  it('from a later day on are taken too, and given back from the same day on', async () => {
    const { directory, entra, ada, capture, readBack, held } = await tenant();
    const from = new Date('2026-05-01T00:00:00.000Z');
    directory.setEligible(ADA, EXCHANGE, { from, until: UNTIL });
    const facts = await capture();
    expect(Object.values(facts)).toEqual([`eligible until ${UNTIL.toISOString()}`]);
    expect(await readBack()).toMatchObject({
      verdict: 'does_not_hold',
      observed: expect.stringContaining(`${EXCHANGE} (eligible from ${from.toISOString()} on)`),
    });
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: false } });
    expect(held()).toEqual([]);
    expect(await readBack()).toMatchObject({ verdict: 'holds' });
    expect(await entra.restore(REMOVE, ada, facts, call())).toMatchObject({ ok: true });
    expect(directory.snapshot().eligibilities).toMatchObject([
      { startDateTime: from.toISOString(), endDateTime: UNTIL.toISOString() },
    ]);
    expect(await capture()).toEqual(facts);
  });

  it('are not given back after their end', async () => {
    const { directory, entra, ada, runtime, capture, held } = await tenant();
    directory.setEligible(ADA, EXCHANGE, { until: UNTIL });
    const facts = await capture();
    await entra.perform(REMOVE, ada, call());
    runtime.advance(UNTIL.getTime() - runtime.now().getTime());
    directory.expireTokens();
    expect(await entra.restore(REMOVE, ada, facts, call())).toMatchObject({ ok: true, value: { alreadyDone: true } });
    expect(held()).toEqual([]);
  });

  it('make nobody an administrator whom the application cannot reach', async () => {
    const { directory, entra, ada } = await tenant();
    directory.setEligible(ADA, EXCHANGE, {});
    expect(await entra.readState(ada, call())).toMatchObject({ value: { adminRoles: [], protectedBecause: null } });
  });

  it('through a group are named and stay', async () => {
    const { directory, entra, ada, capture, readBack, held } = await tenant();
    directory.setEligible(ADA, EXCHANGE, { group: true });
    expect(Object.values(await capture())).toEqual([null]);
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: true } });
    expect(held()).toHaveLength(1);
    const read = await readBack();
    expect(read).toMatchObject({ verdict: 'holds', observed: expect.stringContaining('by itself') });
    expect(read.residual.map(({ what }) => what)).toContainEqual(expect.stringMatching(/^Roles through groups/));
    const { roles } = await entra.evidence(ada, call());
    expect(roles).toMatchObject({
      items: [{ title: `${EXCHANGE} (eligible)`, detail: 'whole tenant, through a group' }],
      complete: true,
    });
  });

  it('are taken too where a new word tells how they are held', async () => {
    const { directory, entra, ada, readBack, held } = await tenant();
    directory.setEligible(ADA, EXCHANGE, {});
    directory.hooks.rewrite = (body) => JSON.parse(JSON.stringify(body).replace('"Direct"', '"SOMETHING_NEW"'));
    expect(await readBack()).toMatchObject({ verdict: 'does_not_hold' });
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: true });
    expect(held()).toEqual([]);
  });

  it('are none in a tenant that has no licence for them', async () => {
    const { directory, entra, ada, readBack } = await tenant({ licences: ['P1'] });
    directory.setRole(ADA, HELPDESK, true);
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: true });
    expect(await readBack()).toMatchObject({ verdict: 'holds' });
  });

  it('that cannot be read cost the others nothing, and nothing is told as none', async () => {
    const { directory, entra, ada, readBack } = await tenant();
    directory.setRole(ADA, HELPDESK, true);
    directory.faults.add({
      type: 'walled',
      path: '/v1.0/roleManagement/directory/roleEligibilityScheduleInstances',
      times: 9,
    });
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: false } });
    expect(directory.snapshot().roleAssignments.filter(({ principalId }) => principalId === ada.accountId)).toEqual([]);
    expect(await readBack()).toMatchObject({
      verdict: 'cannot_tell',
      observed: expect.stringContaining('Eligible roles cannot be read'),
    });
    const { roles } = await entra.evidence(ada, call());
    expect(roles).toMatchObject({ complete: false });
  });

  it('are taken once when the answer was lost', async () => {
    const { directory, entra, ada, readBack, held } = await tenant();
    directory.setEligible(ADA, EXCHANGE, {});
    directory.faults.add({ type: 'drop_after_effect', only: 'writes', times: 1 });
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: false, error: { kind: 'unknown_outcome' } });
    expect(await readBack()).toMatchObject({ verdict: 'holds' });
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: true } });
    expect(held()).toEqual([]);
  });

  it('that a late list still shows are gone already', async () => {
    const { directory, entra, ada } = await tenant();
    directory.setEligible(ADA, EXCHANGE, {});
    directory.setLag(60_000);
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: false } });
    expect(await entra.perform(REMOVE, ada, call())).toMatchObject({ ok: true, value: { alreadyDone: true } });
  });
});
