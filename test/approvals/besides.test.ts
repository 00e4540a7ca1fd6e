import { expect, it } from '@jest/globals';
import { decideModal } from '../../blocks/modals/decide.js';
import { translatorOf } from '../../blocks/parts.js';
import { previewDecision } from '../../src/approvals/preview.js';
import type { DecisionKind } from '../../src/ports/decision-kinds.js';
import { withOverrides } from '../../src/texts/say.js';
import { BEA, ORIGIN, Scene } from '../scene.js';

it('what a system does besides is shown before it is decided, in a plan of any length', async () => {
  const scene = await Scene.open({ systems: { okta: { title: 'Okta' } } });
  const besides = 'Okta tells the person by <mail>';
  Object.assign(scene.okta.capabilities.reset_password, { besides });
  const drawn = async (decision: DecisionKind): Promise<string> => {
    const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
    const shown = await previewDecision(scene.core, clicked, decision);
    if (!shown.ok) throw new Error(shown.error.code);
    const translator = translatorOf(withOverrides({}));
    const step = shown.value.systems.flatMap(({ actions }) => actions)[0];
    if (step === undefined) throw new Error('nothing is planned');
    // More than are drawn in full.
    const many = shown.value.systems.map((system) => ({ ...system, actions: Array.from({ length: 13 }, () => step) }));
    const brief = decideModal(translator, { ...shown.value, systems: many });
    return [decideModal(translator, shown.value), brief].map(({ blocks }) => JSON.stringify(blocks)).join('\n');
  };
  const [whole = '', brief = ''] = (await drawn('reset_password')).split('\n');
  for (const text of [whole, brief]) expect(text).toContain(':warning: Okta tells the person by &lt;mail&gt;');
  expect(await drawn('revoke_sessions')).not.toContain('tells the person');
}, 120_000);
