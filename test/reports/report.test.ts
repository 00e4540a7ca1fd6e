import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commands } from '../../src/approvals/commands/index.js';
import { type Person, savePerson } from '../../src/incidents/people.js';
import { type Report, reportNotMe } from '../../src/reports/report.js';
import { openCore, type OpenedCore } from '../core.js';

const ADA = { slackUserId: 'U0ADA', email: 'ada@meadow.example', name: 'Ada Okafor' };
const BEA = { slackUserId: 'U0BEA', email: 'bea@meadow.example', name: 'Bea Lindqvist' };

describe('a report', () => {
  let opened: OpenedCore;
  let ada: Person;
  beforeAll(async () => {
    opened = await openCore({ approvers: [BEA.slackUserId], people: [ADA, BEA] });
    ada = await savePerson(opened.core, { ...ADA, title: null, manager: null, timeZone: 'UTC', standing: 'member' });
  }, 60_000);
  afterAll(() => opened.close());

  const report = (sourceKey: string): Report => ({
    surface: 'dm',
    said: "I didn't do this",
    noticeId: null,
    sourceKey,
    origin: { surface: 'dm', correlationId: `cor_${sourceKey}` },
  });
  const incidents = async (): Promise<readonly string[]> =>
    (await opened.core.db.query<{ status: string }>('select status from incidents order by opened_at')).rows.map(
      ({ status }) => status,
    );

  it('that is heard again after its incident was closed opens no other', async () => {
    const first = await reportNotMe(opened.core, ada, report('event_1'));
    expect(first).toMatchObject({ opened: true, repeated: false });
    const closed = await commands.close(opened.core, {
      incidentId: first.incident.id,
      actor: BEA.slackUserId,
      outcome: 'benign',
      reason: 'it was the IT department',
      origin: { surface: 'modal', correlationId: 'cor_close' },
    });
    expect(closed.ok).toBe(true);
    const again = await reportNotMe(opened.core, ada, report('event_1'));
    expect(again).toMatchObject({ incident: { id: first.incident.id }, opened: false, repeated: true });
    expect(await incidents()).toEqual(['closed']);
    expect(await reportNotMe(opened.core, ada, report('event_2'))).toMatchObject({ opened: true });
    expect(await incidents()).toEqual(['closed', 'open']);
  });
});
