import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Lag } from '../http/lag.js';
import { hashPassword } from '../passwords.js';

const contact = z.object({ value: z.string(), type: z.string(), primary: z.boolean() });

const user = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string(),
  externalId: z.string().nullable(),
  active: z.boolean(),
  emails: z.array(contact),
  phoneNumbers: z.array(contact),
  roles: z.array(z.string()),
  employeeNumber: z.string().nullable(),
  passwordSalt: z.string(),
  passwordHash: z.string(),
  passwordChangedAt: z.string().nullable(),
  created: z.string(),
  lastModified: z.string(),
});
export type ScimUserRecord = z.output<typeof user>;

const group = z.object({ id: z.string(), displayName: z.string(), members: z.array(z.string()) });

/** Everything that the application holds; plain JSON, so that it can be kept in a file and parsed from it. */
export const scimSnapshot = z.object({ users: z.array(user), groups: z.array(group) });
export type ScimSnapshot = z.output<typeof scimSnapshot>;

export interface ScimUserSeed {
  readonly email: string;
  readonly name: string;
  /** The e-mail address when left out. */
  readonly userName?: string;
  /** Further addresses. */
  readonly aliases?: readonly string[];
  /** Left out: nobody knows it. */
  readonly password?: string;
  readonly disabled?: boolean;
  /** The provisioning system's own id of the account. */
  readonly externalId?: string;
  readonly employeeNumber?: string;
  readonly roles?: readonly string[];
}

export interface ScimSeed {
  readonly users: readonly ScimUserSeed[];
  /** With an id of its own choosing, so that a configuration can name it; members by e-mail address. */
  readonly groups?: readonly { readonly id: string; readonly name: string; readonly members?: readonly string[] }[];
}

function newUser(seed: ScimUserSeed, now: Date): ScimUserRecord {
  const at = now.toISOString();
  const addresses = [seed.email, ...(seed.aliases ?? [])];
  return {
    id: randomUUID(),
    userName: seed.userName ?? seed.email.toLowerCase(),
    displayName: seed.name,
    externalId: seed.externalId ?? null,
    active: seed.disabled !== true,
    emails: addresses.map((value, index) => ({ value: value.toLowerCase(), type: 'work', primary: index === 0 })),
    phoneNumbers: [],
    roles: [...(seed.roles ?? [])],
    employeeNumber: seed.employeeNumber ?? null,
    ...hashPassword(seed.password ?? randomUUID()),
    passwordChangedAt: null,
    created: at,
    lastModified: at,
  };
}

const hasAddress = (record: ScimUserRecord, email: string): boolean =>
  [record.userName, ...record.emails.map(({ value }) => value)].some(
    (one) => one.toLowerCase() === email.toLowerCase(),
  );

/** The application's memory. Reads go through `seen()`, so that a lag shows; every change ends in `changed()`. */
export class ScimStore {
  readonly clock: () => Date;
  readonly #lag: Lag<ScimSnapshot>;
  readonly #listeners = new Set<() => void>();

  constructor(clock: () => Date, seed: ScimSeed, snapshot?: ScimSnapshot) {
    this.clock = clock;
    const users = seed.users.map((one) => newUser(one, clock()));
    const groups = (seed.groups ?? []).map(({ id, name, members = [] }) => ({
      id,
      displayName: name,
      members: users.filter((one) => members.some((email) => hasAddress(one, email))).map((one) => one.id),
    }));
    this.#lag = new Lag(clock, structuredClone(snapshot) ?? { users, groups });
  }

  present(): ScimSnapshot {
    return this.#lag.present();
  }

  seen(): ScimSnapshot {
    return this.#lag.seen();
  }

  setLag(ms: number): void {
    this.#lag.set(ms);
  }

  find(email: string): ScimUserRecord | undefined {
    return this.present().users.find((record) => hasAddress(record, email));
  }

  /** Throws when nobody has the address: a test or page named somebody who is not there. */
  named(email: string): ScimUserRecord {
    const found = this.find(email);
    if (found === undefined)
      throw new Error(`There is no user ${email} in this application; choose one of the seeded.`);
    return found;
  }

  touch(record: ScimUserRecord): void {
    record.lastModified = this.clock().toISOString();
    this.changed();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    this.#lag.changed();
    for (const listener of this.#listeners) listener();
  }
}
