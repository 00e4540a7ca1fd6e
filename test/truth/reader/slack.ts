import type { SlackSandbox } from 'slack-sandbox';
import { NOTHING, things, type Truth } from './truth.js';

export function readSlack(slack: SlackSandbox, userId: string): Truth {
  const { users, office } = slack.state();
  const user = users.find(({ id }) => id === userId);
  if (user === undefined) throw new Error(`Slack has nobody with the id ${userId}`);
  const apps = office.integrations.filter((row) => row.user_id === userId && row.change_type === 'added');
  return {
    ...NOTHING,
    canSignIn: !user.deleted,
    opens: () => false,
    sessions: office.sessions.filter((one) => one.user_id === userId).map(({ session_id: id }) => String(id)),
    tokens: { app: apps.length },
    grants: things(apps, (row) => ({ id: row.app_id })),
    ownRoles: [...(user.is_owner ? ['owner'] : []), ...(user.is_admin ? ['admin'] : [])],
  };
}
