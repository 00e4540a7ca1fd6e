import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/ports/connector.js';
import { call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, tenantThat } from './entra-id-tenant.js';

afterEach(closeTenants);

const USER = `/v1.0/users/${ACCOUNT.accountId}`;
const NO_ROLE = '00000000-0000-0000-0000-000000000000';
const CONSENT = {
  id: 'c0',
  clientId: 'app',
  resourceId: 'graph',
  consentType: 'Principal',
  principalId: ACCOUNT.accountId,
  scope: 'Mail.Read',
};
const ASSIGNMENTS = ['Salesforce', 'Jira'].map((resourceDisplayName, at) => ({
  id: `as${at}`,
  appRoleId: NO_ROLE,
  resourceDisplayName,
  resourceId: `r${at}`,
  principalId: ACCOUNT.accountId,
  createdDateTime: '2021-01-01T00:00:00Z',
}));

/** A person with one consent and two assignments, which can be deleted. */
async function assigned(settings: Record<string, unknown>) {
  const gone: string[] = [];
  const { entra } = await tenantThat(
    (asked) => {
      const left = (rows: readonly { readonly id: string }[]) =>
        rows.filter(({ id }) => !gone.some((path) => path.endsWith(`/${id}`)));
      if (asked.startsWith('DELETE')) {
        gone.push(asked);
        return { status: 204, body: null };
      }
      if (asked.startsWith(`GET ${USER}/oauth2PermissionGrants`)) return { body: { value: left([CONSENT]) } };
      if (asked.startsWith(`GET ${USER}/appRoleAssignments`)) return { body: { value: left(ASSIGNMENTS) } };
      return asked.startsWith(`GET ${USER}?`)
        ? { body: { id: ACCOUNT.accountId, userPrincipalName: ACCOUNT.login } }
        : undefined;
    },
    { settings },
  );
  return { entra, gone };
}

describe('applications that a person of Entra ID is assigned to', () => {
  it.each([[{}], [{ app_assignments: true }]])(
    'are left alone by "all" with %j, as in a lockdown',
    async (settings) => {
      const { entra, gone } = await assigned(settings);
      const all: Command = { kind: 'revoke_grants', items: 'all' };
      expect(await entra.capture(all, ACCOUNT, call())).toEqual({
        ok: true,
        value: { 'consent:app:graph': 'Mail.Read' },
      });
      expect(await entra.perform(all, ACCOUNT, call())).toMatchObject({ ok: true });
      expect(gone).toEqual(['DELETE /v1.0/oauth2PermissionGrants/c0']);
      expect(await entra.readBack(all, ACCOUNT, new Date(), call())).toMatchObject({
        value: { verdict: 'holds', observed: expect.stringContaining('assignments to applications were not touched') },
      });
    },
  );

  it('are not among the grants unless the setting lists them', async () => {
    const titles = async (settings: Record<string, unknown>) => {
      const { grants } = await (await assigned(settings)).entra.evidence(ACCOUNT, call());
      if ('unavailable' in grants) throw new Error(grants.unavailable.message);
      return grants.items.map(({ id }) => id);
    };
    expect(await titles({})).toEqual(['consent:app:graph']);
    expect(await titles({ app_assignments: true })).toHaveLength(3);
  });

  it('lose the chosen one, where the setting lists them', async () => {
    const { entra, gone } = await assigned({ app_assignments: true });
    const chosen: Command = { kind: 'revoke_grants', items: [`assignment:r1:${NO_ROLE}`] };
    expect(await entra.perform(chosen, ACCOUNT, call())).toMatchObject({ ok: true });
    expect(gone).toEqual([`DELETE ${USER}/appRoleAssignments/as1`]);
  });
});
