import { beforeEach, describe, expect, it } from '@jest/globals';
import { recordRefusal } from '../../src/approvals/refusals.js';
import { reportNotMe } from '../../src/reports/report.js';
import { phrase } from '../../src/texts/phrase.js';
import { type Problem, refuse } from '../../src/texts/problem.js';
import { CEM, incidentAbout, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const LIMITS = { messages: 60, home: 120, refusals: 2, lookups: 60, doctor: 10, lockdowns: 10, elsewhere: 5 };
const ASKED = 'decision.confirmation_requested';
const REFUSED = 'decision.refused';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ policy: { limits: LIMITS } });
}, 120_000);

async function tries(code: Problem['code'], times: number): Promise<void> {
  const { error } = refuse(code, phrase('problem.reason'));
  const tried = { incidentId: scene.incident.id, action: 'close', actor: CEM.slackUserId, origin: ORIGIN };
  for (let n = 0; n < times; n += 1) await recordRefusal(scene.core, tried, error);
}
async function recorded(incidentId: string): Promise<readonly unknown[]> {
  const { rows } = await scene.core.db.query<{ action: string; problem: string }>(
    `select action, detail->>'problem' as problem from record_entries
     where incident_id = $1 and action = any($2) order by seq`,
    [incidentId, [ASKED, REFUSED]],
  );
  return rows.map(({ action, problem }) => `${action} ${problem}`);
}

describe('however many tries were refused before', () => {
  it('an approver who is suspect and tries to decide stands in both records and in the thread', async () => {
    const { person, incident } = await incidentAbout(scene.core, CEM);
    await tries('wrong_state', 4);
    const report = { surface: 'dm', said: 'not me', noticeId: null, sourceKey: 'ev', origin: ORIGIN } as const;
    await reportNotMe(scene.core, person, report);
    scene.runtime.move(MINUTE_MS);
    // The window, and what is sent from it.
    const decided = await scene.decide('disable_account', { actor: CEM.slackUserId });
    expect(decided).toMatchObject({ ok: false, error: { code: 'suspended' } });
    expect(await scene.lines()).toContain('timeline.suspect');
    const both = [`${REFUSED} suspended`, `${REFUSED} suspended`];
    expect(await recorded(incident.id)).toEqual(both);
    expect(await recorded(scene.incident.id)).toEqual([`${REFUSED} wrong_state`, `${REFUSED} wrong_state`, ...both]);
  });
});

describe('whoever is asked for a passkey', () => {
  it('is not refused: it is recorded each time, and takes nothing from the tries of the hour', async () => {
    await tries('confirm_on_page', 4);
    await tries('wrong_state', 3);
    expect(await recorded(scene.incident.id)).toEqual([
      ...Array.from({ length: 4 }, () => `${ASKED} confirm_on_page`),
      `${REFUSED} wrong_state`,
      `${REFUSED} wrong_state`,
    ]);
    const { rows } = await scene.core.db.query(`select what, count from withheld`);
    expect(rows).toEqual([{ what: 'refusals', count: 1 }]);
  });
});
