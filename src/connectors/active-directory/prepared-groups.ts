import type { ActionKind, Command } from '../port.js';
import { rangeSetKey } from '../ranges.js';
import type { ActiveDirectorySettings } from './settings.js';

const sameDn = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** All groups whose membership the action may change; empty when it changes none, or none was prepared. */
export function groupsFor(settings: ActiveDirectorySettings, kind: ActionKind): readonly string[] {
  switch (kind) {
    case 'require_two_step':
      return settings.two_step_group_dn === null ? [] : [settings.two_step_group_dn];
    case 'quarantine':
      return settings.quarantine_group_dns;
    case 'limit_login_ips':
      return settings.login_range_groups.map(({ group_dn }) => group_dn);
    case 'remove_admin_roles':
      return settings.admin_group_dns;
    default:
      return [];
  }
}

/** The membership that a command wants: groups to be in, and groups not to be in. */
export interface Wanted {
  readonly join: readonly string[];
  readonly leave: readonly string[];
}

/** `null`: no group was prepared for it. */
export function wantedBy(settings: ActiveDirectorySettings, command: Command): Wanted | null {
  const all = groupsFor(settings, command.kind);
  if (all.length === 0) return null;
  if (command.kind === 'remove_admin_roles') return { join: [], leave: all };
  if (command.kind !== 'limit_login_ips') return { join: all, leave: [] };
  const key = rangeSetKey(command.ranges);
  const match = settings.login_range_groups.find(({ ranges }) => key !== null && rangeSetKey(ranges) === key);
  if (match === undefined) return null;
  return { join: [match.group_dn], leave: all.filter((dn) => !sameDn(dn, match.group_dn)) };
}

/** The ranges of the only range group that holds the account; `[]` for none, `null` when several do or none is known. */
export function rangesIn(settings: ActiveDirectorySettings, holding: readonly string[]): readonly string[] | null {
  if (settings.login_range_groups.length === 0) return null;
  const [first, ...others] = holding;
  if (others.length > 0) return null;
  return settings.login_range_groups.find(({ group_dn }) => group_dn === first)?.ranges ?? [];
}

/** `CN=Domain Admins,CN=Users,DC=…` as people say it: `Domain Admins`. */
export function groupName(dn: string): string {
  const [, name] = /^[^=]+=((?:\\.|[^,\\])+)/.exec(dn) ?? [];
  return name === undefined ? dn : name.replace(/\\(.)/g, '$1');
}
