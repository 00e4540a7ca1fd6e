import { afterEach, describe, expect, it } from '@jest/globals';
import { ADA, call, connect, playedRuntime, startDirectory } from './entra-id-subject.js';
import { standBetween } from './between.js';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const EXCHANGE = '29232cdf-9323-42fd-ade2-1d097af3e4de';

// Instances are those in force. One that begins tomorrow is a schedule, and no instance yet (learn.microsoft.com/graph/api/
// resources/unifiedroleeligibilityschedule): somebody with power makes it today, and it comes after the containment.
describe('a role for which the account is eligible from tomorrow on', () => {
  it('is not told as none', async () => {
    const runtime = playedRuntime();
    const directory = await startDirectory(() => runtime.now());
    open.push(directory);
    const between = await standBetween(directory.url, {
      change({ path }, body) {
        if (!path.includes('/roleEligibilitySchedules')) return body;
        const schedule = {
          id: 'tomorrow-1',
          roleDefinitionId: EXCHANGE,
          directoryScopeId: '/',
          memberType: 'Direct',
          status: 'Provisioned',
          scheduleInfo: { startDateTime: '2026-03-03T09:00:00Z', expiration: { type: 'noExpiration' } },
        };
        return JSON.stringify({ value: [schedule] });
      },
    });
    open.unshift(between);
    const entra = connect(between.url, runtime);
    const ada = await entra.find({ emails: [ADA], employeeId: null }, call());
    if (!ada.ok) throw new Error(ada.error.message);
    const read = await entra.readBack({ kind: 'remove_admin_roles' }, ada.value, runtime.now(), call());
    expect(read).toMatchObject({ ok: true });
    expect(read.ok && read.value.verdict === 'holds' ? read.value.observed : '').not.toContain('eligible for none');
  });
});
