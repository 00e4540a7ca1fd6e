import { randomBytes, randomInt } from 'node:crypto';
import { hashPassword } from '../passwords.js';
import type {
  ActivityRecord,
  AlertRecord,
  AssignmentRecord,
  GoogleWorkspaceSnapshot,
  GroupRecord,
  UserRecord,
} from './model.js';
import { newId } from './seeds.js';

const MOST_ACTIVITIES = 5000;

/** Whose doing an entry of the audit log is, and from where. */
export interface Doer {
  readonly actor: string;
  readonly ip: string | null;
  readonly region?: string;
}

export type ActivityEntry = Pick<ActivityRecord, 'application' | 'type' | 'name'> & {
  readonly parameters?: Readonly<Record<string, string | boolean>>;
};

const mailScope = /mail\.google\.com|auth\/gmail/;

/** The directory's memory. Writers change records and then call `changed`, so that a page can show it at once. */
export class GoogleWorkspaceState {
  data: GoogleWorkspaceSnapshot;
  readonly clock: () => Date;
  #lagMs = 0;
  readonly #listeners = new Set<() => void>();

  constructor(clock: () => Date, data: GoogleWorkspaceSnapshot) {
    this.clock = clock;
    this.data = structuredClone(data);
  }

  restore(snapshot: GoogleWorkspaceSnapshot): void {
    this.data = structuredClone(snapshot);
    this.changed();
  }

  setLag(ms: number): void {
    this.#lagMs = ms;
  }

  /** The audit log is shown late, the rest at once. Its rows never change, so each waits from its own time on. */
  seenActivities(): readonly ActivityRecord[] {
    const edge = this.clock().getTime() - this.#lagMs;
    return this.data.activities.filter(({ time }) => Date.parse(time) <= edge);
  }

  /** As late as the log. */
  seenAlerts(): readonly AlertRecord[] {
    const edge = this.clock().getTime() - this.#lagMs;
    return (this.data.alerts ?? []).filter(({ createTime }) => Date.parse(createTime) <= edge);
  }

  /** By id, primary address or alias. */
  user(key: string): UserRecord | undefined {
    const wanted = key.toLowerCase();
    return this.data.users.find(
      ({ id, primaryEmail, aliases }) => id === wanted || primaryEmail === wanted || aliases.includes(wanted),
    );
  }

  group(key: string): GroupRecord | undefined {
    return this.data.groups.find(({ id, email }) => id === key || email === key.toLowerCase());
  }

  groupsOf({ id }: UserRecord): readonly GroupRecord[] {
    return this.data.groups.filter(({ members }) => members.includes(id));
  }

  /** Roles of the user's own and through groups. */
  assignmentsOf(user: UserRecord): readonly AssignmentRecord[] {
    const groups = new Set(this.groupsOf(user).map(({ id }) => id));
    return this.data.assignments.filter(({ assignedTo, assigneeType }) =>
      assigneeType === 'user' ? assignedTo === user.id : groups.has(assignedTo),
    );
  }

  adminKind(user: UserRecord): 'super' | 'delegated' | null {
    const roles = new Set(this.assignmentsOf(user).map(({ roleId }) => roleId));
    const held = this.data.roles.filter(({ roleId }) => roles.has(roleId));
    if (held.some(({ isSuperAdminRole }) => isSuperAdminRole)) return 'super';
    return held.length > 0 ? 'delegated' : null;
  }

  isEnforcedIn2Sv(user: UserRecord): boolean {
    const unit = this.data.orgUnits.find(({ path }) => path === user.orgUnitPath);
    return unit?.enforces2Sv === true || this.groupsOf(user).some(({ enforces2Sv }) => enforces2Sv);
  }

  /** A change of the password ends sessions, app passwords and grants that reach mail, as at Google. */
  setPassword(user: UserRecord, password: string): void {
    Object.assign(user, hashPassword(password));
    user.passwordChangedAt = this.clock().toISOString();
    user.sessions = [];
    user.appPasswords = [];
    user.grants = user.grants.filter(({ scopes }) => !scopes.some((scope) => mailScope.test(scope)));
  }

  /** Writes a row of the audit log. */
  log({ application, type, name, parameters = {} }: ActivityEntry, { actor, ip, region }: Doer): void {
    const { activities } = this.data;
    activities.push({
      application,
      time: this.clock().toISOString(),
      uniqueQualifier: `-${randomInt(1e12)}${randomInt(1e6)}`,
      actor,
      actorId: this.user(actor)?.id ?? '',
      ip,
      region: region ?? null,
      type,
      name,
      parameters: Object.entries(parameters).map(([key, value]) =>
        typeof value === 'string' ? { name: key, value } : { name: key, boolValue: value },
      ),
    });
    if (activities.length > MOST_ACTIVITIES) activities.shift();
  }

  /** A role of that name, made when there is none, given to the user. */
  assignRole(user: UserRecord, roleName: string): void {
    let role = this.data.roles.find((one) => one.roleName === roleName);
    if (role === undefined) {
      role = { roleId: String(randomInt(1e9, 1e12)), roleName, isSuperAdminRole: false };
      this.data.roles.push(role);
    }
    this.data.assignments.push({
      roleAssignmentId: newId(),
      roleId: role.roleId,
      assignedTo: user.id,
      assigneeType: 'user',
      scopeType: 'CUSTOMER',
    });
  }

  opaque(bytes: number): string {
    return randomBytes(bytes).toString('base64url');
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
