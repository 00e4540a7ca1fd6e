import type { ModalView } from '@slack/types';
import { leftModal } from '../../../blocks/modals/left.js';
import { linesOfSteps } from '../../incidents/posts.js';
import { tasksOf } from '../../incidents/tasks.js';
import { incidentView } from '../../incidents/view.js';
import { type Edge, modalOf } from './shared.js';

/** The address of a reply in a thread. Source: docs.slack.dev, the `permalink` of chat.getPermalink. */
const permalink = (workspaceUrl: string, { channel, ts }: { channel: string; ts: string }, thread: string): string =>
  `${workspaceUrl}archives/${channel}/p${ts.replace('.', '')}?thread_ts=${thread}&cid=${channel}`;

/** What is currently left to do by hand in an incident. */
export async function leftWindow(edge: Edge, incidentId: string): Promise<ModalView> {
  const { core, translator, workspaceUrl } = edge;
  const [view, tasks, posts] = await Promise.all([
    incidentView(core, incidentId),
    tasksOf(core.db, core.workspaceId, incidentId),
    linesOfSteps(core.db, core.workspaceId, incidentId),
  ]);
  if (!view) return modalOf(edge, translator.say('problem.unknown_incident'));
  const thread = view.incident.card_ts;
  const linkOf = ({ id }: { readonly id: string }): string | null => {
    const post = posts.get(id);
    return post === undefined || thread === null ? null : permalink(workspaceUrl, post, thread);
  };
  return leftModal(translator, { view, tasks, linkOf });
}
