import type { Runtime } from '../../runtime.js';
import type { SlackApi } from './api.js';
import type { Identity, IdentitySource } from './identity.js';
import type { SlackWorkspaceSettings } from './settings.js';
import type { SlackUser } from './user.js';

/** What every part of the connector works with. */
export interface Reader {
  readonly api: SlackApi;
  readonly identity: IdentitySource;
  readonly settings: SlackWorkspaceSettings;
  readonly runtime: Runtime;
}

/** The workspace that sessions and roles are asked for: the setting's, the token's, else the person's own. */
export function teamOf({ settings }: Reader, identity: Identity, user: SlackUser): string {
  if (settings.team_id !== null) return settings.team_id;
  return identity.teamId.startsWith('E') ? (user.team_id ?? identity.teamId) : identity.teamId;
}
