import type { App } from '@slack/bolt';
import { type HomeData, homeView } from '../../../blocks/home.js';
import { isEnrolled } from '../../approvals/enrolment.js';
import { hasRight } from '../../approvals/policy.js';
import type { Core } from '../../ports/core.js';
import { ROLES } from '../../ports/roles.js';
import { use } from '../../incidents/limits.js';
import { CARD_LATE_MS } from '../../incidents/cardless.js';
import { unansweredNotices } from '../../notices/unanswered.js';
import { homeOpened } from './payloads.js';
import type { Edge } from './shared.js';

async function teamData(core: Core, actor: string): Promise<HomeData['team']> {
  if (!(await hasRight(core, actor, 'see')).ok) return null;
  // What nobody sees in the channel comes first.
  const { rows } = await core.db.query<NonNullable<HomeData['team']>['open'][number]>(
    `select i.reference, p.name, i.opened_at, i.owner,
       case when i.card_ts is null and i.opened_at < $2 then $3 end as cardless
     from incidents i join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
     where i.workspace_id = $1 and i.status = 'open' order by (i.card_ts is not null), i.opened_at limit 20`,
    [core.workspaceId, new Date(core.runtime.now().getTime() - CARD_LATE_MS), core.policy.securityChannel],
  );
  const systems = [...core.connectors.values()].map((connector) => connector.title);
  const approves = (await hasRight(core, actor, 'decide')).ok;
  const enrolled = approves ? await isEnrolled(core.db, core.workspaceId, actor) : null;
  const enrols = (await hasRight(core, actor, 'askEnrolment')).ok && core.roles.configured(['administrator']);
  const examines = (await hasRight(core, actor, 'doctor')).ok;
  const members = await core.roles.members();
  const roles = ROLES.map((role) => ({
    role,
    users: members.filter((one) => one.role === role).map(({ user }) => user),
  }));
  const unanswered = await unansweredNotices(core);
  const systemTitle = (system: string): string => core.connectors.get(system)?.title ?? system;
  return {
    open: rows,
    unanswered,
    systemTitle,
    systems,
    enrolled,
    enrols,
    examines,
    roles,
    uncoded: core.policy.uncoded,
  };
}

async function homeData(core: Core, actor: string): Promise<HomeData> {
  const { rows } = await core.db.query<HomeData['mine'][number]>(
    `select i.reference, i.opened_at, i.status from incidents i
     join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
     where i.workspace_id = $1 and p.slack_user_id = $2 order by i.opened_at desc limit 10`,
    [core.workspaceId, actor],
  );
  return { mine: rows, team: await teamData(core, actor) };
}

/** App Home, redrawn each time somebody opens it. */
export function listenToHome(app: App, edge: Edge): void {
  app.event('app_home_opened', async ({ event }) => {
    const opened = homeOpened.safeParse(event);
    if (!opened.success || opened.data.tab !== 'home') return;
    const { user } = opened.data;
    // It stays as it was drawn last.
    if ((await use({ core: edge.core, tx: edge.core.db }, user, 'home')).is !== 'within') return;
    await edge.client.views.publish({
      user_id: user,
      view: homeView(edge.translator, await homeData(edge.core, user)),
    });
  });
}
