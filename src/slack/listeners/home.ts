import type { App } from '@slack/bolt';
import { type HomeData, homeView } from '../../../blocks/home.js';
import { isEnrolled } from '../../approvals/enrolment.js';
import type { Core } from '../../core.js';
import { homeOpened } from './payloads.js';
import type { Edge } from './shared.js';

async function approverData(core: Core, actor: string): Promise<HomeData['approver']> {
  if (!core.approvers.configured || !(await core.approvers.includes(actor))) return null;
  const { rows } = await core.db.query<{ reference: string; name: string; opened_at: Date; owner: string | null }>(
    `select i.reference, p.name, i.opened_at, i.owner from incidents i
     join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
     where i.workspace_id = $1 and i.status = 'open' order by i.opened_at limit 20`,
    [core.workspaceId],
  );
  const systems = [...core.connectors.values()].map((connector) => connector.title);
  return { open: rows, systems, enrolled: await isEnrolled(core.db, core.workspaceId, actor) };
}

async function homeData(core: Core, actor: string): Promise<HomeData> {
  const { rows } = await core.db.query<HomeData['mine'][number]>(
    `select i.reference, i.opened_at, i.status from incidents i
     join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
     where i.workspace_id = $1 and p.slack_user_id = $2 order by i.opened_at desc limit 10`,
    [core.workspaceId, actor],
  );
  return { mine: rows, approver: await approverData(core, actor) };
}

/** App Home, drawn anew each time somebody opens it. */
export function listenToHome(app: App, edge: Edge): void {
  app.event('app_home_opened', async ({ event }) => {
    const opened = homeOpened.safeParse(event);
    if (!opened.success || opened.data.tab !== 'home') return;
    const { user } = opened.data;
    await edge.client.views.publish({ user_id: user, view: homeView(edge.voice, await homeData(edge.core, user)) });
  });
}
