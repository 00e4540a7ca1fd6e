import { randomBytes } from 'node:crypto';
import type { AuditRecord, Effect, MimecastGroupRecord, MimecastSnapshot, MimecastUserRecord } from './model.js';
import { hashPassword } from '../passwords.js';

export interface UserSeed {
  readonly email: string;
  readonly name: string;
  /** Left out: nobody knows it. */
  readonly password?: string;
  readonly disabled?: boolean;
}

export interface GroupSeed {
  readonly name: string;
  readonly source?: 'cloud' | 'ldap';
  readonly members?: readonly string[];
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
  readonly #listeners = new Set<() => void>();
  readonly #clock: () => Date;

  constructor(clock: () => Date, users: readonly UserSeed[], groups: readonly GroupSeed[]) {
    this.#clock = clock;
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
    this.changed();
  }

  snapshot(): MimecastSnapshot {
    return structuredClone({
      users: [...this.users.values()],
      groups: this.groups,
      audit: this.audit,
      effects: this.effects,
    });
  }

  find(email: string): MimecastUserRecord | undefined {
    return this.users.get(email.toLowerCase());
  }

  isInternal(email: string): boolean {
    const domain = email.split('@')[1]?.toLowerCase();
    return [...this.users.keys()].some((address) => address.split('@')[1] === domain);
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

function newUser({ email, name, password, disabled = false }: UserSeed): MimecastUserRecord {
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
  };
}
