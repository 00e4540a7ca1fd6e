import { randomUUID } from 'node:crypto';
import { Lag } from '../http/lag.js';
import type { KeycloakAdminEventRecord, KeycloakEventRecord, KeycloakSnapshot, KeycloakUserRecord } from './model.js';

const LONGEST_LOG = 5000;

/** The directory's memory. Reads go through `seen()`, so that a lag shows; every change ends in `changed()`. */
export class Realm {
  readonly name: string;
  readonly clock: () => Date;
  readonly #lag: Lag<KeycloakSnapshot>;
  readonly #listeners = new Set<() => void>();

  constructor(name: string, clock: () => Date, data: KeycloakSnapshot) {
    this.name = name;
    this.clock = clock;
    this.#lag = new Lag(clock, data);
  }

  now(): number {
    return this.clock().getTime();
  }

  present(): KeycloakSnapshot {
    return this.#lag.present();
  }

  seen(): KeycloakSnapshot {
    return this.#lag.seen();
  }

  setLag(ms: number): void {
    this.#lag.set(ms);
  }

  userById(id: string): KeycloakUserRecord | undefined {
    return this.present().users.find((user) => user.id === id);
  }

  /** By e-mail address or username. Throws when nobody has it: a test or page named somebody who is not there. */
  named(email: string): KeycloakUserRecord {
    const wanted = email.toLowerCase();
    const found = this.present().users.find((user) => user.email === wanted || user.username === wanted);
    if (found === undefined) throw new Error(`There is no Keycloak user ${email}; choose one of the seeded ones.`);
    return found;
  }

  clientNamed(clientId: string): { id: string; clientId: string } | undefined {
    return this.present().clients.find((client) => client.clientId === clientId);
  }

  /** What a user has with groups and composite roles resolved. */
  effectiveAdminRoles(user: KeycloakUserRecord, data = this.seen()): readonly string[] {
    const fromGroups = data.groups.filter(({ id }) => user.groups.includes(id)).flatMap(({ adminRoles }) => adminRoles);
    const fromRoles = data.realmRoles
      .filter(({ name }) => user.realmRoles.includes(name))
      .flatMap(({ adminRoles }) => adminRoles);
    return [...new Set([...user.adminRoles, ...fromGroups, ...fromRoles])].toSorted();
  }

  log(event: Omit<KeycloakEventRecord, 'id' | 'time'> & { readonly time?: number }): void {
    const data = this.present();
    if (!data.eventsEnabled) return;
    data.events.unshift({ id: randomUUID(), time: this.now(), ...event });
    data.events.sort((left, right) => right.time - left.time);
    data.events.splice(LONGEST_LOG);
  }

  logAdmin(event: Omit<KeycloakAdminEventRecord, 'id' | 'time'>): void {
    const data = this.present();
    if (!data.adminEventsEnabled) return;
    data.adminEvents.unshift({ id: randomUUID(), time: this.now(), ...event });
    data.adminEvents.splice(LONGEST_LOG);
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
