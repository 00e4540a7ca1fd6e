import { beforeEach, describe, expect, it } from '@jest/globals';
import { decideModal } from '../../blocks/modals/decide.js';
import { translatorOf } from '../../blocks/parts.js';
import { readAccounts } from '../../jobs/handlers/read-accounts.js';
import { rememberAccounts } from '../../jobs/handlers/remember-accounts.js';
import { accountsBefore } from '../../src/incidents/known-accounts.js';
import { requestRemembering } from '../../src/incidents/request-remembering.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { openIncident } from '../../src/incidents/open.js';
import { type Person, savePerson, savePersonWithoutSlack } from '../../src/incidents/people.js';
import { notme } from '../../src/incidents/audit-event.js';
import { withOverrides } from '../../src/texts/say.js';
import { runOnce, waiting } from '../runs.js';
import { BEA, DAY_MS, ELI, ORIGIN, Scene } from '../scene.js';

const translator = translatorOf(withOverrides({}));
const member = { title: null, manager: null, timeZone: 'UTC', standing: 'member' } as const;

let scene: Scene;
let eli: Person;
beforeEach(async () => {
  scene = await Scene.open();
  eli = await savePerson(scene.core, { ...ELI, ...member });
  scene.okta.add(ELI.email, 'okta/first');
}, 120_000);

const quietDay = async (): Promise<void> => {
  await requestRemembering(scene.core);
  await runOnce(scene.core, 'remember_accounts', 'accounts', (run) => rememberAccounts(scene.core, run));
  scene.runtime.move(DAY_MS);
};
/** The address leads to another account from now on. */
const moved = (): void => {
  scene.okta.forget('okta/first');
  scene.okta.add(ELI.email, 'okta/second');
};
async function report(): Promise<string> {
  const { incident } = await scene.core.db.transaction((tx) =>
    openIncident(scene.core, tx, {
      person: eli,
      actor: notme('test'),
      origin: { ...ORIGIN, correlationId: 'cor_eli' },
    }),
  );
  await runOnce(scene.core, 'read_accounts', incident.id, (run) => readAccounts(scene.core, run));
  return incident.id;
}
const lines = async (incidentId: string): Promise<readonly string[]> => {
  const { rows } = await scene.core.db.query<{ key: string }>(
    `select body->'phrase'->>'key' as key from posts where incident_id = $1 and body->>'kind' = 'line'`,
    [incidentId],
  );
  return rows.map(({ key }) => key);
};
async function window(incidentId: string): Promise<string> {
  const clicked = { incidentId, actor: BEA.slackUserId, origin: ORIGIN };
  const preview = await previewDecision(scene.core, clicked, 'disable_account');
  if (!preview.ok) throw new Error(preview.error.code);
  return JSON.stringify(decideModal(translator, preview.value));
}
const BEFORE = 'the address led to another account';

describe('the account that an address leads to', () => {
  it('is remembered in quiet times: another one later is told in the thread and the window, until when it was so', async () => {
    await quietDay();
    moved();
    const incident = await report();
    expect(await lines(incident)).toContain('timeline.account_moved');
    const until = new Date(scene.runtime.now().getTime() - DAY_MS);
    expect(await accountsBefore(scene.core, scene.core.db, eli.id)).toEqual([
      { system: 'okta', login: ELI.email, until },
    ]);
    expect(await window(incident)).toContain(BEFORE);
    expect(await window(incident)).toContain(`<!date^${Math.floor(until.getTime() / 1000)}^`);
  });

  it('that is the same, or that nobody looked up before, is not spoken of', async () => {
    await quietDay();
    const incident = await report();
    expect(await lines(incident)).not.toContain('timeline.account_moved');
    expect(await window(incident)).not.toContain(BEFORE);
  });

  it('is no news any more when the new one is known for long', async () => {
    await quietDay();
    moved();
    for (let day = 0; day < 32; day += 1) await quietDay();
    const incident = await report();
    expect(await lines(incident)).not.toContain('timeline.account_moved');
    expect(await window(incident)).not.toContain(BEFORE);
  });

  it('is looked up once a day, not during an incident, and where an approver named it not at all', async () => {
    await quietDay();
    scene.runtime.move(-DAY_MS);
    await requestRemembering(scene.core);
    expect(await waiting(scene.core, 'remember_accounts')).toEqual([]);
    scene.runtime.move(DAY_MS);
    await requestRemembering(scene.core);
    expect(await waiting(scene.core, 'remember_accounts')).toEqual(['accounts']);
    const { rows } = await scene.core.db.query('select person_id, account_id from known_accounts');
    expect(rows).toEqual([{ person_id: eli.id, account_id: 'okta/first' }]);
  });

  it('stays known when two rows of a person become one', async () => {
    const mailed = await savePersonWithoutSlack(scene.core, scene.core.db, 'eli.new@meadow.example');
    scene.okta.add('eli.new@meadow.example', 'okta/third');
    await quietDay();
    await savePerson(scene.core, { ...ELI, ...member, email: 'eli.new@meadow.example' });
    const { rows } = await scene.core.db.query('select person_id, account_id from known_accounts order by account_id');
    expect(mailed.id).not.toBe(eli.id);
    expect(rows).toEqual([
      { person_id: eli.id, account_id: 'okta/first' },
      { person_id: eli.id, account_id: 'okta/third' },
    ]);
  });
});
