import { beforeEach, expect, it } from '@jest/globals';
import { decideModal } from '../../blocks/modals/decide.js';
import { translatorOf } from '../../blocks/parts.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { createDraw } from '../../jobs/handlers/draw.js';
import { incidentView } from '../../src/incidents/view.js';
import { withOverrides } from '../../src/texts/say.js';
import { sayPhrase } from '../../src/texts/phrase.js';
import { ADA, BEA, CEM, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const RETURN = { override: 'spoken to her on the phone' };
const translator = translatorOf(withOverrides({}));
let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open();
}, 120_000);

async function done(action: 'disable_account' | 'enable_account', actor: string): Promise<string> {
  const more = action === 'enable_account' ? RETURN : {};
  const decided = await scene.decide(action, { actor, ...more });
  expect(decided.ok ? 'done' : decided.error.code).toBe('done');
  const { id } = await scene.lastStep();
  expect((await scene.run(id)).status).toBe('verified');
  scene.runtime.move(MINUTE_MS);
  return id;
}
const offersUndo = async (step: string): Promise<boolean> => {
  const view = found(await incidentView(scene.core, scene.incident.id));
  const body = { kind: 'step_line', phrase: { key: 'ask.no', values: {} }, step, button: 'undo' } as const;
  return JSON.stringify(await createDraw(scene.core, translator)(view, body)).includes('step_undo');
};

it('an undo goes once a later decision applies, says whose, and comes back when that one is undone', async () => {
  const disabled = await done('disable_account', BEA.slackUserId);
  expect(await offersUndo(disabled)).toBe(true);
  const enabled = await done('enable_account', CEM.slackUserId);
  expect(await offersUndo(disabled)).toBe(false);
  const refused = await scene.undo(disabled, RETURN);
  if (refused.ok) throw new Error('nothing was left to put back');
  expect(refused.error.code).toBe('wrong_state');
  expect(sayPhrase(translator.say, refused.error.phrase)).toMatch(
    /Nothing is left of \*Disable\*.*<@U0CEM> decided \*Re-enable\*/,
  );
  expect((await scene.lines()).filter((key) => key === 'timeline.recovery_overridden')).toHaveLength(1);
  const back = await scene.undo(enabled, RETURN);
  expect(back.ok).toBe(true);
  await scene.run((await scene.lastStep()).id);
  expect(await offersUndo(disabled)).toBe(true);
});

it('before anything is submitted the window says that nobody else can sign, or review', async () => {
  const twoApprovers = { actions: [], targets: ['vip'] as const, expireMs: 60 * MINUTE_MS, remindMs: MINUTE_MS };
  scene = await Scene.open({
    approvers: [BEA.slackUserId],
    policy: { twoApprovers, kinds: new Map([[ADA.email, 'vip' as const]]) },
  });
  const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
  const preview = await previewDecision(scene.core, clicked, 'disable_account');
  if (!preview.ok) throw new Error(preview.error.code);
  const drawn = JSON.stringify(decideModal(translator, preview.value).blocks);
  expect(drawn).toMatch(/Nobody else can sign now.*workspace\.roles\.approver/);
  expect(drawn).toContain('Nobody could review a break-glass either');
});
