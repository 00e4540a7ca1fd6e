import { beforeEach, expect, it } from '@jest/globals';
import { generateSync } from 'otplib';
import { typedCode } from '../../src/approvals/check-proof.js';
import { enrolledPeople, enrolOnHost, removeOnHost } from '../../src/approvals/enrolments.js';
import { verifyChains } from '../../src/audit/verify.js';
import { WORKSPACE_CHAIN } from '../../src/incidents/workspace-event.js';
import { BEA, CEM, MINUTE_MS, Scene } from '../scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({ policy: { uncoded: [] } });
}, 120_000);

const bea = { userId: BEA.slackUserId, label: BEA.email, email: BEA.email };
let calls = 0;
const origin = () => {
  calls += 1;
  return { surface: 'host', correlationId: `cli_${calls}` };
};
const enrolBea = () => scene.core.db.transaction((tx) => enrolOnHost(scene.core, tx, bea, origin()));
const removeBea = () => scene.core.db.transaction((tx) => removeOnHost(scene.core, tx, bea.userId, origin()));
const decide = async (code: string): Promise<string> => {
  const decided = await scene.decide('disable_account', { given: typedCode(code) });
  return decided.ok ? 'decided' : decided.error.phrase.key;
};
const codeOf = (uri: { reveal(): string }): string => {
  const secret = new URL(uri.reveal()).searchParams.get('secret') ?? '';
  return generateSync({ secret, epoch: scene.runtime.now().getTime() / 1000 });
};
const told = async (): Promise<readonly (readonly [string | null, string])[]> => {
  const { rows } = await scene.core.db.query<{ recipient: string | null; key: string }>(
    `select recipient, phrase->>'key' as key from announcements order by created_at, id`,
  );
  return rows.map(({ recipient, key }) => [recipient, key]);
};
const recorded = async (): Promise<readonly unknown[]> => {
  const { rows } = await scene.core.db.query(
    'select action, actor_id as by, detail from record_entries where incident_id = $1 order by seq',
    [WORKSPACE_CHAIN],
  );
  return rows;
};

it('an enrolment on the host gives codes and recovery codes, is in the record, and is told to both', async () => {
  const { uri, recoveryCodes } = await enrolBea();
  expect(recoveryCodes).toHaveLength(10);
  expect(await decide(codeOf(uri))).toBe('decided');
  expect(await told()).toEqual([
    [null, 'announce.enrolled'],
    [bea.userId, 'announce.enrolled.you'],
  ]);
  expect(await recorded()).toEqual([
    { action: 'approver.enrolled', by: 'notme.host', detail: { user: bea.userId, again: false } },
  ]);
  const { problems, incidents } = await verifyChains(scene.core.db);
  expect({ problems, incidents }).toEqual({ problems: [], incidents: 2 });
});

it('enrolled anew, the earlier recovery codes are gone, and it is told as such', async () => {
  const ids = async (): Promise<readonly string[]> =>
    (await scene.core.db.query<{ id: string }>('select id from recovery_codes order by number')).rows.map(
      ({ id }) => id,
    );
  await enrolBea();
  const earlier = await ids();
  await enrolBea();
  const later = await ids();
  expect(later).toHaveLength(10);
  expect(later.filter((id) => earlier.includes(id))).toEqual([]);
  expect(await told()).toContainEqual([null, 'announce.enrolled_again']);
});

it('a removal takes back codes and recovery codes, is in the record, and is told to both', async () => {
  const { uri } = await enrolBea();
  expect(await removeBea()).toBe(true);
  expect(await decide(codeOf(uri))).toBe('problem.code.not_enrolled');
  expect((await told()).map(([, key]) => key)).toEqual(
    expect.arrayContaining(['announce.removed', 'announce.removed.you']),
  );
  expect(await recorded()).toMatchObject([{ action: 'approver.enrolled' }, { action: 'approver.removed' }]);
  expect(await removeBea()).toBe(false);
  expect(await recorded()).toHaveLength(2);
});

it('the list says who is enrolled, since when, when last used, what is left, and what is wrong', async () => {
  const { uri, recoveryCodes } = await enrolBea();
  const since = scene.runtime.now();
  await scene.core.db.transaction((tx) =>
    enrolOnHost(scene.core, tx, { userId: CEM.slackUserId, label: CEM.email, email: CEM.email }, origin()),
  );
  scene.runtime.move(5 * MINUTE_MS);
  const used = scene.runtime.now();
  const [first] = recoveryCodes;
  expect(await decide(first?.reveal() ?? '')).toBe('decided');
  const late = generateSync({
    secret: new URL(uri.reveal()).searchParams.get('secret') ?? '',
    epoch: used.getTime() / 1000 - 240,
  });
  for (let tries = 0; tries < 5; tries += 1) await decide(late);
  const until = new Date(used.getTime() + 15 * MINUTE_MS);
  expect(await enrolledPeople(scene.core, scene.core.db)).toMatchObject([
    { user_id: bea.userId, enrolled_at: since, recoveryCodes: 9, lastUsed: used, lock: { until }, clockOff: -240 },
    { user_id: CEM.slackUserId, recoveryCodes: 10, lastUsed: null, lock: null, clockOff: null },
  ]);
});
