import { afterEach, describe, expect, it } from '@jest/globals';
import { call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, tenantThat } from './entra-id-tenant.js';

afterEach(closeTenants);

const EXCHANGE = '29232cdf-9323-42fd-ade2-1d097af3e4de';
const ROLE = { roleDefinition: { displayName: 'Exchange Administrator' } };

// `roleAssignments` lists a role that is active for eight hours beside one for good; only `roleAssignmentScheduleInstances`
// says so: assignmentType `Activated`, endDateTime (learn.microsoft.com/graph/api/resources/unifiedroleassignmentscheduleinstance).
describe('a role that was activated for some hours', () => {
  it('is not given for good by an undo', async () => {
    const posted: string[] = [];
    let removed = false;
    const { entra } = await tenantThat((asked) => {
      if (asked.startsWith('DELETE')) {
        removed = true;
        return { status: 204, body: null };
      }
      if (asked.startsWith('POST')) posted.push(asked);
      if (asked.includes('/roleEligibilityScheduleInstances'))
        return {
          body: {
            value: removed
              ? []
              : [
                  {
                    roleDefinitionId: EXCHANGE,
                    directoryScopeId: '/',
                    memberType: 'Direct',
                    endDateTime: null,
                    ...ROLE,
                  },
                ],
          },
        };
      if (asked.includes('/roleAssignmentScheduleInstances'))
        return {
          body: {
            value: [
              {
                id: 'active-1',
                principalId: ACCOUNT.accountId,
                roleDefinitionId: EXCHANGE,
                directoryScopeId: '/',
                assignmentType: 'Activated',
                memberType: 'Direct',
                roleAssignmentOriginId: 'active-1',
                endDateTime: '2026-03-02T12:00:00Z',
              },
            ],
          },
        };
      if (asked.includes('/roleAssignments'))
        return {
          body: {
            value: removed ? [] : [{ id: 'active-1', roleDefinitionId: EXCHANGE, directoryScopeId: '/', ...ROLE }],
          },
        };
      return undefined;
    });
    const command = { kind: 'remove_admin_roles' } as const;
    const facts = await entra.capture(command, ACCOUNT, call());
    if (!facts.ok) throw new Error(facts.error.message);
    await entra.perform(command, ACCOUNT, call());
    posted.length = 0;
    expect(await entra.restore(command, ACCOUNT, facts.value, call())).toMatchObject({
      ok: false,
      error: { kind: 'conflict', message: expect.stringContaining('Exchange Administrator, held until 2026-03-02') },
    });
    expect(posted.filter((asked) => /\/roleAssignments$/.test(asked))).toEqual([]);
  });
});
