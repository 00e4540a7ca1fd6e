import { askDoctor } from '../../doctor/from-slack.js';
import { type Edge, modalOf, openModal } from './shared.js';

/** Opens a window at once, and has a worker query the systems, which fills the window when it has the answer. */
export async function showDoctor(
  edge: Edge,
  triggerId: string,
  { actor, correlationId }: { actor: string; correlationId: string },
): Promise<void> {
  const viewId = await openModal(edge, triggerId, modalOf(edge, edge.translator.say('doctor.asking')));
  if (viewId !== null) await askDoctor(edge.core, { actor, viewId, correlationId });
}
