import { randomUUID } from 'node:crypto';
import { Lag } from '../http/lag.js';
import { hashPassword, passwordMatches } from '../passwords.js';
import { ROLES, type AuditRecord, type EntraIdSnapshot, type GroupRecord, type UserRecord } from './model.js';

export interface AuditEntry {
  readonly activity: string;
  readonly service?: string;
  readonly category?: string;
  readonly correlationId?: string;
  readonly actor: { readonly app: string } | { readonly user: string; readonly ip: string };
  readonly target: {
    readonly type: 'User' | 'Group' | 'Device' | 'Policy';
    readonly id: string;
    readonly name: string;
  };
}

/** What decides whether a policy or a named location can be made. */
export interface ConditionalAccess {
  securityDefaults: boolean;
  /** "A tenant can have at most 240 policies, whatever their state": learn.microsoft.com/entra/identity/conditional-access/plan-conditional-access */
  mostPolicies: number;
  mostLocations: number;
}

/** The tenant's memory: reads see it with the lag, changes are made at once and told to the listeners. */
export class Tenant {
  readonly #clock: () => Date;
  readonly #lag: Lag<EntraIdSnapshot>;
  readonly #listeners = new Set<() => void>();
  readonly conditionalAccess: ConditionalAccess = { securityDefaults: false, mostPolicies: 240, mostLocations: 195 };

  constructor(clock: () => Date, start: EntraIdSnapshot) {
    this.#clock = clock;
    this.#lag = new Lag(clock, structuredClone(start));
  }

  now(): Date {
    return this.#clock();
  }

  /** Graph writes whole seconds. */
  stamp(): string {
    return `${this.#clock().toISOString().slice(0, 19)}Z`;
  }

  present(): EntraIdSnapshot {
    return this.#lag.present();
  }

  seen(): EntraIdSnapshot {
    return this.#lag.seen();
  }

  setLag(ms: number): void {
    this.#lag.set(ms);
  }

  changed(): void {
    this.#lag.changed();
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  snapshot(): EntraIdSnapshot {
    return structuredClone(this.present());
  }

  /** By object id or user principal name, as Graph takes them in a path. */
  user(key: string, where: EntraIdSnapshot = this.present()): UserRecord | undefined {
    const wanted = key.toLowerCase();
    return where.users.find(({ id, userPrincipalName: upn }) => id === wanted || upn.toLowerCase() === wanted);
  }

  /** By any address, for the page and the tests. */
  byEmail(email: string): UserRecord | undefined {
    const wanted = email.toLowerCase();
    return this.present().users.find(
      ({ userPrincipalName, mail, proxyAddresses }) =>
        userPrincipalName.toLowerCase() === wanted ||
        mail?.toLowerCase() === wanted ||
        proxyAddresses.some((address) => address.toLowerCase() === `smtp:${wanted}`),
    );
  }

  setPassword(user: UserRecord, password: string): void {
    if (!passwordMatches(password, user)) Object.assign(user, hashPassword(password));
    user.lastPasswordChangeDateTime = this.stamp();
  }

  audit(entry: AuditEntry): void {
    const { actor, target } = entry;
    const initiatedBy =
      'app' in actor
        ? {
            user: null,
            app: { appId: null, displayName: actor.app, servicePrincipalId: null, servicePrincipalName: null },
          }
        : { app: null, user: { id: null, displayName: null, userPrincipalName: actor.user, ipAddress: actor.ip } };
    const correlationId = entry.correlationId ?? randomUUID();
    const service = entry.service ?? 'Core Directory';
    const row: AuditRecord = {
      id: `${service === 'Core Directory' ? 'Directory' : 'SSPR'}_${correlationId}_${randomUUID().slice(0, 8)}`,
      category: entry.category ?? 'UserManagement',
      correlationId,
      result: 'success',
      resultReason: '',
      activityDisplayName: entry.activity,
      activityDateTime: this.#clock().toISOString(),
      loggedByService: service,
      operationType: 'Update',
      initiatedBy,
      targetResources: [
        {
          id: target.id,
          displayName: target.type === 'User' ? null : target.name,
          type: target.type,
          userPrincipalName: target.type === 'User' ? target.name : null,
          groupType: null,
          modifiedProperties: [],
        },
      ],
      additionalDetails: [],
    };
    this.present().audits.push(row);
  }
}

/** The groups that hold this object, also through other groups. */
export function groupsOf(state: EntraIdSnapshot, id: string, transitive: boolean): readonly GroupRecord[] {
  const found = new Map<string, GroupRecord>();
  const queue = [id];
  for (let visited = 0; queue.length > 0 && visited < 1_000; visited += 1) {
    const member = queue.shift() ?? '';
    for (const group of state.groups) {
      if (found.has(group.id) || !group.members.includes(member)) continue;
      found.set(group.id, group);
      if (transitive) queue.push(group.id);
    }
  }
  return [...found.values()];
}

/** Names and ids of the roles that hold for the whole tenant. */
export function rolesOf(
  state: EntraIdSnapshot,
  id: string,
  transitive: boolean,
): readonly { id: string; name: string }[] {
  const principals = new Set([id, ...(transitive ? groupsOf(state, id, true).map((group) => group.id) : [])]);
  return state.roleAssignments
    .filter(({ principalId, directoryScopeId }) => principals.has(principalId) && directoryScopeId === '/')
    .map(({ roleDefinitionId }) => ({ id: roleDefinitionId, name: ROLES[roleDefinitionId] ?? roleDefinitionId }));
}

export const isAdministrator = (state: EntraIdSnapshot, id: string): boolean => rolesOf(state, id, true).length > 0;
