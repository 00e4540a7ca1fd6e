import type { Runtime } from '../../platform/runtime.js';
import type { AccountState, ActionKind } from '../../ports/connector.js';
import type { Action } from '../kit/action.js';
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

/** A person as Slack has just shown them. */
export interface Reading {
  readonly user: SlackUser;
  readonly state: AccountState;
}

export type SlackAction<K extends ActionKind> = Action<K, Reading>;

/** Sessions and roles are reached through the administrators' interface, which only Enterprise has. */
export const isEnterprise = ({ settings }: Reader): boolean => settings.plan === 'enterprise';

/** The workspace for which sessions and roles are queried: the setting's, the token's, else the person's own. */
export function teamOf({ settings }: Reader, identity: Identity, user: SlackUser): string {
  if (settings.team_id !== null) return settings.team_id;
  return identity.teamId.startsWith('E') ? (user.team_id ?? identity.teamId) : identity.teamId;
}
