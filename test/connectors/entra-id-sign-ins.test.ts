import { afterEach, describe, expect, it } from '@jest/globals';
import { anomalousSignIns } from '../../src/evidence/anomalous-sign-ins.js';
import { call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, NOW, tenantThat } from './entra-id-tenant.js';

afterEach(closeTenants);

const DAY_MS = 24 * 60 * 60 * 1000;
const row = (id: string, daysAgo: number, errorCode: number, countryOrRegion: string) => ({
  id,
  createdDateTime: new Date(Date.parse(NOW) - daysAgo * DAY_MS).toISOString(),
  userPrincipalName: ACCOUNT.login,
  status: { errorCode, failureReason: 'told by Microsoft' },
  ipAddress: '198.51.100.66',
  location: { countryOrRegion },
});
const home = [40, 30, 20, 10, 5].map((days) => row(`home-${days}`, days, 0, 'AT'));

async function signInsOf(...rows: readonly object[]) {
  const { entra } = await tenantThat((asked) =>
    asked.includes('/auditLogs/signIns') ? { body: { value: rows } } : undefined,
  );
  const { sign_ins: found } = await entra.evidence(ACCOUNT, call());
  if (!('items' in found)) throw new Error('no sign-ins');
  return found.items;
}

describe('a sign-in that was stopped after the password', () => {
  it.each([50072, 50074, 50076, 50079, 50158, 53000, 53003, 500121])('is no failed try: %i', async (errorCode) => {
    const [found] = await signInsOf(row('s', 0, errorCode, 'NG'));
    expect(found?.succeeded).toBeUndefined();
    expect(found?.detail).toContain('the password was right; told by Microsoft');
  });

  it('weighs as much as one that got in', async () => {
    const from = new Date(Date.parse(NOW) - 3 * DAY_MS);
    const weightOf = async (errorCode: number) =>
      anomalousSignIns(await signInsOf(row('s', 0, errorCode, 'NG'), ...home), from).find(({ item }) => item.id === 's')
        ?.weight;
    expect(await weightOf(50074)).toBe(await weightOf(0));
    expect(await weightOf(50074)).toBeGreaterThan((await weightOf(50126)) ?? 0);
  });

  it.each([50126, 50053, 50034])('is not one whose password was wrong: %i', async (errorCode) => {
    expect(await signInsOf(row('s', 0, errorCode, 'NG'))).toMatchObject([{ succeeded: false }]);
  });
});
