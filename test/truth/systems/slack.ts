import { ADA, AT_HOME, connect, find, intrude, OLA, startSlack } from '../../connectors/slack-workspace-subject.js';
import { readSlack } from '../reader/slack.js';
import { startBetween } from './between.js';
import type { Played, RunningSystem } from './system.js';

export async function startSlackWorkspace(played: Played): Promise<RunningSystem> {
  const slack = await startSlack(played, 'enterprise');
  const between = await startBetween(new URL(slack.url).origin, () => played.now());
  const through = (url: string): string => url.replace(new URL(slack.url).origin, between.url);
  const urls = { apiUrl: through(slack.apiUrl), scimUrl: through(slack.scimUrl), auditUrl: through(slack.auditUrl) };
  const connector = connect(urls, played);
  const signIn = (): void => slack.administer({ do: 'sign_in', user: ADA.id, from: AT_HOME });
  return {
    name: 'slack',
    connector,
    rival: connect(slack, played),
    account: await find(connector, ADA.email),
    faults: between.faults,
    hooks: between.hooks,
    read: () => readSlack(slack, ADA.id),
    calls: () => between.calls,
    intrude: () => intrude(slack, ADA.id),
    prepare(kind) {
      const active = kind !== 'enable_account';
      slack.administer({ do: 'active', user: ADA.id, active, by: OLA.id });
      if (kind === 'remove_admin_roles') slack.administer({ do: 'role', user: ADA.id, role: 'admin', by: OLA.id });
      if (kind === 'revoke_sessions') intrude(slack, ADA.id);
    },
    hands: {
      disable_account: () => slack.administer({ do: 'active', user: ADA.id, active: true, by: OLA.id }),
      enable_account: () => slack.administer({ do: 'active', user: ADA.id, active: false, by: OLA.id }),
      revoke_sessions: signIn,
      remove_admin_roles: () => slack.administer({ do: 'role', user: ADA.id, role: 'owner', by: OLA.id }),
    },
    async close() {
      await between.close();
      await slack.close();
    },
  };
}
