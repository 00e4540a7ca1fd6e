import { afterEach, describe, expect, it } from '@jest/globals';
import { call, GROUPS } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, NOW, tenantThat, tokenWith, verdictOf } from './entra-id-tenant.js';
import type { StubAnswer } from './stub-vendor.js';

afterEach(closeTenants);

/** Answers of a megabyte take a slow machine a while. */
const PATIENT = { deadline_ms: 60_000 };

/** One page of these rows, as `$top` and `$skiptoken` ask for it. */
function page(asked: string, url: string, rows: readonly unknown[]): StubAnswer {
  const [path = '', search] = asked.replace(/^GET /, '').split('?');
  const query = new URLSearchParams(search);
  const [top, from] = [Number(query.get('$top') ?? rows.length), Number(query.get('$skiptoken') ?? '0')];
  const next = `${url}${path}?$top=${top}&$skiptoken=${from + top}`;
  const more = from + top < rows.length ? { '@odata.nextLink': next } : {};
  return { body: { value: rows.slice(from, from + top), ...more } };
}

const idOf = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;

/** A sign-in names every policy of the tenant once Policy.Read.All is granted. */
const signIns = (policies: number) =>
  Array.from({ length: 60 }, (_none, index) => ({
    id: `s${index}`,
    createdDateTime: NOW,
    userPrincipalName: ACCOUNT.login,
    status: { errorCode: 0 },
    appliedConditionalAccessPolicies: Array.from({ length: policies }, (_policy, at) => ({
      id: idOf(at),
      displayName: `Policy ${at} for everybody in the company`,
      enforcedGrantControls: ['Block'],
      enforcedSessionControls: [],
      result: 'notApplied',
    })),
  }));

describe('a tenant of Entra ID with many policies', () => {
  it.each([60, 100, 200, 1000])(
    'has its sign-ins read, with %i of them in every row',
    async (policies) => {
      const rows = signIns(policies);
      const { entra } = await tenantThat(
        (asked, url) => (asked.includes('/auditLogs/signIns') ? page(asked, url(), rows) : undefined),
        { settings: { sign_in_notices: true, ...PATIENT } },
      );
      const { sign_ins: found } = await entra.evidence(ACCOUNT, call());
      if ('unavailable' in found) throw new Error(found.unavailable.message);
      expect([found.items.length, found.complete]).toEqual([60, true]);
      const polled = await entra.events?.poll(null, call());
      if (polled?.ok !== true) throw new Error('the log was not polled');
      expect(polled.value.events).toHaveLength(60);
    },
    240_000,
  );

  it.each([40, 240])(
    'has all %i of them read by the doctor, though they fill more than one answer',
    async (count) => {
      const rows = Array.from({ length: count }, (_none, at) => ({
        id: idOf(at),
        displayName: `Policy ${at}`,
        state: 'enabled',
        conditions: {
          users: {
            includeGroups: at === count - 1 ? [GROUPS.quarantine] : [],
            excludeUsers: Array.from({ length: 1000 }, (_user, user) => idOf(user)),
          },
          applications: { includeApplications: ['All'] },
        },
        grantControls: { operator: 'OR', builtInControls: ['block'] },
      }));
      const group = { displayName: 'q', groupTypes: [], onPremisesSyncEnabled: null, isAssignableToRole: null };
      const answer = (asked: string, url: () => string): StubAnswer | undefined => {
        if (asked.includes('/conditionalAccess/policies')) return page(asked, url(), rows);
        return asked.startsWith('GET /v1.0/groups/') ? { body: group } : undefined;
      };
      const token = (): StubAnswer => tokenWith(['User.Read.All', 'GroupMember.ReadWrite.All']);
      const { entra } = await tenantThat(answer, { settings: PATIENT, token });
      const { verdict, detail } = (await verdictOf(entra, 'quarantine', null)) ?? {};
      expect([verdict, detail]).toEqual([expect.any(String), expect.stringContaining(`"Policy ${count - 1}"`)]);
    },
    240_000,
  );
});
