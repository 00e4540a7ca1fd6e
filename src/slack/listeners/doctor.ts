import { doctorModal } from '../../../blocks/modals/doctor.js';
import { askDoctor, doctorsAnswer } from '../../doctor/from-slack.js';
import { type Edge, modalOf, openModal } from './shared.js';

const LOOK_EVERY_MS = 300;
const LOOK_AT_MOST_MS = 30_000;

/** Opens a window at once, has a worker ask the systems, and fills the window when the answer is in the store. */
export async function showDoctor(
  edge: Edge,
  triggerId: string,
  { actor, correlationId }: { actor: string; correlationId: string },
): Promise<void> {
  const viewId = await openModal(edge, triggerId, modalOf(edge, edge.voice.say('doctor.asking')));
  if (viewId === null) return;
  const id = await askDoctor(edge.core, actor, correlationId);
  // The click is acknowledged while the window waits.
  void fill(edge, viewId, id).catch((error: unknown) => edge.log.error({ err: error }, 'the doctor could not answer'));
}

async function fill(edge: Edge, viewId: string, id: string): Promise<void> {
  for (let waited = 0; waited < LOOK_AT_MOST_MS; waited += LOOK_EVERY_MS) {
    const answer = await doctorsAnswer(edge.core, id);
    if (answer) {
      await edge.client.views.update({ view_id: viewId, view: doctorModal(edge.voice, answer) });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  await edge.client.views.update({ view_id: viewId, view: modalOf(edge, edge.voice.say('doctor.slow')) });
}
