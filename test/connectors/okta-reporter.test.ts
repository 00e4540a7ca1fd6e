import { afterEach, expect, it } from '@jest/globals';
import type { OktaDirectory } from 'identity-sandbox/okta';
import { standBetween, type Between } from './between.js';
import { ADA, call, connectToken, playedRuntime, startDirectory } from './okta-subject.js';

let directory: OktaDirectory;
let between: Between;
afterEach(async () => {
  await between.close();
  await directory.close();
});

interface Party {
  id?: string;
  type: string;
  alternateId: string;
  displayName: string;
}
interface Row {
  eventType: string;
  actor: Party | null;
  target: Party[];
}

/** What Notme hears of Ada's report, and how many rows it could not understand. */
async function reported(change: (row: Row) => void): Promise<{ logins: readonly string[]; unread: number }> {
  const runtime = playedRuntime();
  directory = await startDirectory(() => runtime.now());
  between = await standBetween(directory.url, {
    change({ path }, body) {
      if (!path.startsWith('/api/v1/logs')) return body;
      const rows = JSON.parse(body) as Row[];
      for (const row of rows) if (row.eventType.includes('report_suspicious')) change(row);
      return JSON.stringify(rows);
    },
  });
  let unread = 0;
  const okta = connectToken(between.url, runtime, {}, { unreadableRows: () => void (unread += 1) });
  directory.reportSuspicious(ADA, { ip: '198.51.100.66', country: 'Brazil' });
  const polled = await okta.reports[0]?.poll(null, call());
  if (polled?.ok !== true) throw new Error(JSON.stringify(polled));
  return { logins: polled.value.events.map(({ login }) => login), unread };
}

function byMallory(row: Row): void {
  row.actor = { id: '00uM', type: 'User', alternateId: 'mallory@example.com', displayName: 'Mallory' };
}
function without(party: Party | null): void {
  delete party?.id;
}

it.each<[string, (row: Row) => void]>([
  ['nothing is missing', () => undefined],
  ["the actor's id is missing", ({ actor }) => without(actor)],
  ["the account's id is missing", ({ target }) => target.forEach((one) => without(one))],
])("is no word of the account's own person when somebody else reports: %s", async (_what, lose) => {
  const heard = await reported((row) => {
    byMallory(row);
    lose(row);
  });
  expect(heard).toEqual({ logins: [], unread: 0 });
});

it("is the person's word by the login where an id is missing", async () => {
  expect(await reported(({ actor }) => without(actor))).toEqual({ logins: [ADA], unread: 0 });
});

it('is not understood when it does not show who reports', async () => {
  expect(await reported((row) => void (row.actor = null))).toEqual({ logins: [], unread: 1 });
});
