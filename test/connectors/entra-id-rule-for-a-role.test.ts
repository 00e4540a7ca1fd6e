import { afterEach, describe, expect, it } from '@jest/globals';
import { ADA, call, connect, OFFICE, playedRuntime, startDirectory } from './entra-id-subject.js';
import { standBetween } from './between.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const ROLE = '62e90394-69f5-4237-9190-012177145e10';
const GUESTS = { guestOrExternalUserTypes: 'b2bCollaborationGuest', externalTenants: { membershipKind: 'all' } };

// Graph: conditionalAccessUsers has includeRoles and includeGuestsOrExternalUsers beside includeUsers and includeGroups.
describe('a login-range rule that somebody made to protect more than this account', () => {
  it.each([
    ['a role', { includeRoles: [ROLE] }],
    ['guests', { includeGuestsOrExternalUsers: GUESTS }],
  ])('is theirs, and is not deleted by the undo: %s', async (_what, more) => {
    const runtime = playedRuntime();
    const directory = await startDirectory(() => runtime.now());
    open.push(directory);
    let edited = false;
    const between = await standBetween(directory.url, {
      change({ method, path }, body) {
        if (!edited || method !== 'GET' || !path.includes('/conditionalAccess/policies')) return body;
        const list = JSON.parse(body) as { value: { displayName: string; conditions: { users: object } }[] };
        for (const policy of list.value)
          if (policy.displayName.startsWith('Notme: ')) Object.assign(policy.conditions.users, more);
        return JSON.stringify(list);
      },
    });
    open.unshift(between);
    const entra = connect(between.url, runtime, { login_ranges: 'rule', login_range_groups: [] });
    const command = { kind: 'limit_login_ips', ranges: OFFICE.ranges } as const;
    const ada = await entra.find({ emails: [ADA], employeeId: null }, call());
    if (!ada.ok) throw new Error(ada.error.message);
    const before = await entra.capture(command, ada.value, call());
    if (!before.ok) throw new Error(before.error.message);
    await entra.perform(command, ada.value, call());
    edited = true;
    await entra.restore(command, ada.value, before.value, call());
    const there = directory.snapshot().policies.filter(({ displayName }) => displayName.startsWith('Notme: '));
    expect(there).toHaveLength(1);
  });
});
