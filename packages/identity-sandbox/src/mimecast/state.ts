import { randomBytes } from 'node:crypto';
import type {
  AuditRecord,
  ConnectionRecord,
  Effect,
  MimecastGroupRecord,
  MimecastSnapshot,
  MimecastUserRecord,
} from './model.js';
import { hashPassword } from '../passwords.js';

export interface UserSeed {
  readonly email: string;
  readonly name: string;
  /** Left out: nobody knows it. */
  readonly password?: string;
  readonly disabled?: boolean;
  readonly aliases?: readonly string[];
  /** An administrator role, e.g. `Basic Administrator`. */
  readonly role?: string;
  /** Mailboxes that the person may open. */
  readonly delegates?: readonly string[];
}

export interface GroupSeed {
  readonly name: string;
  readonly source?: 'cloud' | 'ldap';
  readonly members?: readonly string[];
}

/** A connection to a directory. */
export interface ConnectionSeed {
  readonly description: string;
  readonly serverType: ConnectionRecord['serverType'];
  readonly acknowledgeDisabledAccounts?: boolean;
}

/** Real ids are opaque texts of two hundred characters and more. */
const opaqueId = (): string => randomBytes(150).toString('base64url');

/** What a row of the audit log says; id and time are added. */
export type AuditEntry = Omit<AuditRecord, 'id' | 'eventTime'>;

/** The directory's memory. Every change goes through `changed`, so that a page can show it at once. */
export class MimecastState {
  readonly users = new Map<string, MimecastUserRecord>();
  readonly groups: MimecastGroupRecord[] = [];
  readonly audit: AuditRecord[] = [];
  readonly effects: Effect[] = [];
  readonly connections: ConnectionRecord[] = [];
  readonly inDirectory = new Map<string, boolean>();
  /** How long a synchronisation takes, ms. */
  syncMs = 0;
  /** How late rows of the audit log are seen, ms. */
  lagMs = 0;
  /** Some accounts let nobody change groups over the API, whatever the role permits. */
  refusesGroupChanges = false;
  readonly #listeners = new Set<() => void>();
  readonly #clock: () => Date;

  constructor(
    clock: () => Date,
    users: readonly UserSeed[],
    groups: readonly GroupSeed[],
    connections: readonly ConnectionSeed[] = [],
  ) {
    this.#clock = clock;
    for (const { description, serverType, acknowledgeDisabledAccounts = true } of connections)
      this.connections.push({
        ...{ id: opaqueId(), description, serverType, acknowledgeDisabledAccounts },
        ...{ lastSync: null, runsUntil: null },
      });
    for (const seed of users) this.users.set(seed.email.toLowerCase(), newUser(seed));
    for (const { name, source = 'cloud', members = [] } of groups) {
      this.groups.push({
        id: opaqueId(),
        description: name,
        source,
        members: members.map((member) => member.toLowerCase()),
      });
    }
  }

  restore(snapshot: MimecastSnapshot): void {
    this.users.clear();
    for (const user of snapshot.users) this.users.set(user.emailAddress.toLowerCase(), structuredClone(user));
    this.groups.splice(0, this.groups.length, ...structuredClone([...snapshot.groups]));
    this.audit.splice(0, this.audit.length, ...snapshot.audit);
    this.effects.splice(0, this.effects.length, ...snapshot.effects);
    this.connections.splice(0, this.connections.length, ...structuredClone([...snapshot.connections]));
    this.inDirectory.clear();
    for (const [email, enabled] of Object.entries(snapshot.inDirectory)) this.inDirectory.set(email, enabled);
    this.changed();
  }

  snapshot(): MimecastSnapshot {
    return structuredClone({
      users: [...this.users.values()],
      groups: this.groups,
      audit: this.audit,
      effects: this.effects,
      connections: this.connections,
      inDirectory: Object.fromEntries(this.inDirectory),
    });
  }

  find(email: string): MimecastUserRecord | undefined {
    const wanted = email.toLowerCase();
    return this.users.get(wanted) ?? [...this.users.values()].find(({ aliases }) => aliases.includes(wanted));
  }

  /** Like `find`; throws when there is no such user. */
  known(email: string): MimecastUserRecord {
    const found = this.find(email);
    if (found === undefined) throw new Error(`There is no Mimecast user ${email}; choose one of the seeded ones.`);
    return found;
  }

  /** Gives the right to open a mailbox and writes the row that tells of it. Returns the id of the right. */
  giveDelegate(user: MimecastUserRecord, address: string, by: { source: string; actor: string }): string {
    const id = opaqueId();
    user.delegates.push({ id, address, source: by.source });
    this.writeAudit({
      auditType: 'Delegate Mailbox Added',
      user: by.actor,
      eventInfo: `Delegate ${address} added to ${user.emailAddress}, Remote IP is null`,
      category: 'user_account_and_role_logs',
    });
    return id;
  }

  /** Rows that are older than the lag: Mimecast's log is written a while after what it tells of. */
  visibleAudit(): readonly AuditRecord[] {
    if (this.lagMs === 0) return this.audit;
    const edge = this.#clock().getTime() - this.lagMs;
    return this.audit.filter(({ eventTime }) => Date.parse(eventTime.replace(/(\d{2})$/, ':$1')) <= edge);
  }

  isInternal(email: string): boolean {
    const domain = email.split('@')[1]?.toLowerCase();
    return [...this.users.keys()].some((address) => address.split('@')[1] === domain);
  }

  /** The present, as the directory's clock tells it. */
  now(): Date {
    return this.#clock();
  }

  writeAudit(entry: AuditEntry): void {
    const eventTime = `${this.#clock().toISOString().slice(0, 19)}+0000`;
    this.audit.push({ id: `eNqrVipOTS4tSs1MUbJS${opaqueId().slice(0, 160)}`, eventTime, ...entry });
    this.changed();
  }

  took(kind: Effect['kind'], email: string, detail = ''): void {
    this.effects.push({ at: this.#clock().toISOString(), kind, email: email.toLowerCase(), detail });
    this.changed();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function newUser(seed: UserSeed): MimecastUserRecord {
  const { email, name, password, disabled = false, aliases = [], role = null, delegates = [] } = seed;
  return {
    emailAddress: email.toLowerCase(),
    name,
    ...hashPassword(password ?? randomBytes(24).toString('base64url')),
    forcePasswordChange: false,
    passwordNeverExpires: false,
    accountLocked: false,
    accountDisabled: disabled,
    allowPop: true,
    allowSmtp: true,
    aliases: aliases.map((alias) => alias.toLowerCase()),
    role,
    delegates: delegates.map((address) => ({ id: opaqueId(), address: address.toLowerCase(), source: 'ADCON' })),
    passwordChangedAt: null,
  };
}
