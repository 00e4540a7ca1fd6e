import type { MimecastDirectory } from 'identity-sandbox/mimecast';
import type { DirectoryServer } from './active-directory.js';
import { type Conditions, createConditions, httpConditions } from './systems/conditions.js';
import type { Attacker, CompanySystem, Play, TrueAccount } from './systems/system.js';

/** An identity system as it is shown and played with: its true state, how it does, and what an attacker may do there. */
export interface ShownSystem {
  readonly id: string;
  readonly title: string;
  readonly conditions: Conditions;
  accounts(): Promise<readonly TrueAccount[]>;
  /** What else may happen there, by the button that plays it. */
  readonly plays: readonly Play[];
  /** Somebody gets in and leaves what attackers leave there. Rejects when there is no such account. */
  intrude(email: string, from: Attacker): Promise<void>;
}

const showMimecast = (directory: MimecastDirectory, setClock: (aheadMs: number) => void): ShownSystem => ({
  id: 'mimecast',
  title: 'Mimecast',
  plays: [],
  conditions: httpConditions(
    {
      faults: directory.faults,
      hooks: directory.hooks,
      setLag: (ms) => directory.setLag(ms),
      setClock,
    },
    {
      ways: { groups_refused: () => directory.refuseGroupChanges(true) },
      rewritten: ['left_out'],
      normal: () => directory.refuseGroupChanges(false),
    },
  ),
  accounts: () =>
    Promise.resolve(
      directory.state().users.map((user) => ({
        email: user.emailAddress,
        enabled: user.enabled,
        mustChange: user.mustChange,
        passwordChangedAt: user.passwordChangedAt,
        sessions: null,
        lists: { Groups: user.groups, 'Opens mailboxes of': user.rules },
      })),
    ),
  intrude(email, from) {
    directory.intrude(email, from);
    return Promise.resolve();
  },
});

/** It can be cut off; a domain controller neither throttles nor lags. */
const showActiveDirectory = (server: DirectoryServer): ShownSystem => ({
  id: 'active_directory',
  title: 'Active Directory',
  plays: [],
  conditions: createConditions({ normal: () => server.connected(true), down: () => server.connected(false) }),
  async accounts() {
    const accounts = await server.accounts();
    return accounts.map(({ login, disabled, mustChange, passwordChangedAt, groups }) => ({
      email: login,
      enabled: !disabled,
      mustChange,
      passwordChangedAt,
      sessions: null,
      lists: { Groups: groups },
    }));
  },
  intrude: (email) => server.domain.intrude(email),
});

const showSystem = (system: CompanySystem): ShownSystem => ({
  id: system.id,
  title: system.title,
  plays: system.plays ?? [],
  conditions: system.conditions ?? httpConditions(system, { ways: {}, rewritten: system.rewritten ?? [] }),
  accounts: () => Promise.resolve(system.accounts()),
  intrude(email, from) {
    system.intrude(email, from);
    return Promise.resolve();
  },
});

/** Every identity system of the company, in the order in which they are shown. */
export const showCompany = (parts: {
  readonly mimecast: MimecastDirectory;
  readonly setMimecastClock: (aheadMs: number) => void;
  readonly activeDirectory: DirectoryServer | null;
  readonly systems: readonly CompanySystem[];
}): readonly ShownSystem[] => [
  showMimecast(parts.mimecast, parts.setMimecastClock),
  ...(parts.activeDirectory ? [showActiveDirectory(parts.activeDirectory)] : []),
  ...parts.systems.map(showSystem),
];
