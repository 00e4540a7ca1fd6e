import { ok } from '../src/platform/result.js';
import { createLog } from '../src/platform/log.js';
import { type Runtime, systemRuntime } from '../src/platform/runtime.js';
import { Secret } from '../src/platform/secret.js';
import { createSealer } from '../src/platform/seal.js';
import type { RoleLists, Standing } from '../src/ports/roles.js';
import { rolesOf } from './roles.js';
import type { Connector } from '../src/ports/connector.js';
import type { Core, Policy } from '../src/ports/core.js';
import type { Database } from '../src/ports/database.js';
import type { DirectoryPerson } from '../src/ports/directory.js';
import { openMemoryDatabase } from './memory-database.js';

export const WORKSPACE = 'T0MEADOW';

const POLICY: Policy = {
  securityChannel: 'C0SECURITY',
  neverTouch: [],
  uncoded: [],
  identifiers: new Map(),
  kinds: new Map(),
  twoApprovers: { actions: [], targets: [], expireMs: 4 * 3_600_000, remindMs: 600_000 },
  limits: { messages: 60, home: 120, refusals: 60, lookups: 60, doctor: 10, lockdowns: 10, elsewhere: 5 },
  timeZone: 'Europe/Berlin',
  onCall: { userGroups: [], users: [], againMs: 600_000 },
  unansweredMinutes: { password_reset: 15, sign_in: 240, two_step_changed: 15, push_denied: 15, at_risk: 60 },
  reportsElsewhere: { person: 'open', deniedRequests: 3, verdictOpens: 'high', verdictAsks: 'medium' },
  watchMinutes: [],
};

/** Whom the directory knows; `email: null` when it shows no address. */
export type KnownPerson = Pick<DirectoryPerson, 'slackUserId' | 'email' | 'name'>;

export interface CoreOptions {
  /** Slack ids. */
  readonly approvers?: readonly string[];
  /** User groups of approvers; `null`: Slack does not answer. */
  readonly approverGroups?: Readonly<Record<string, readonly string[] | null>>;
  /** The other roles, by Slack ids. */
  readonly roles?: Readonly<Partial<Record<keyof RoleLists, readonly string[]>>>;
  /** What somebody is in the workspace; left out: a member. */
  readonly standingOf?: (slackUserId: string) => Promise<Standing>;
  readonly people?: readonly KnownPerson[];
  /** Whether the directory answers; left out: it does. */
  readonly directoryAnswers?: () => boolean;
  readonly connectors?: readonly Connector[];
  readonly policy?: Partial<Policy>;
  readonly runtime?: Runtime;
}

export interface OpenedCore {
  readonly core: Core;
  /** How often the dispatcher was woken. */
  dispatched(): number;
  close(): Promise<void>;
}

function directoryOf({ people = [], directoryAnswers = () => true }: CoreOptions): Core['people'] {
  const known = people.map((one): DirectoryPerson => ({
    ...one,
    title: null,
    manager: null,
    timeZone: 'UTC',
    standing: 'member',
  }));
  const ask = (isIt: (one: DirectoryPerson) => boolean): Promise<DirectoryPerson | null> =>
    directoryAnswers()
      ? Promise.resolve(known.find(isIt) ?? null)
      : Promise.reject(new Error('the directory does not answer'));
  return {
    bySlackId: (id) => ask(({ slackUserId }) => slackUserId === id),
    byEmail: (email) => ask((one) => one.email === email),
  };
}

/** The core over a database, with a directory and approvers that answer from what is given. */
export function coreOver(db: Database, options: CoreOptions = {}): Omit<OpenedCore, 'close'> {
  const { approvers = [], approverGroups = {}, connectors = [], policy, roles = {} } = options;
  const named = (users: readonly string[] = [], userGroups: readonly string[] = []) => ({ users, userGroups });
  const runtime = options.runtime ?? systemRuntime();
  const membersOf = (group: string): Promise<readonly string[] | null> =>
    approverGroups[group] === null
      ? Promise.reject(new Error('Slack does not answer'))
      : Promise.resolve(approverGroups[group] ?? null);
  let dispatched = 0;
  const core: Core = {
    workspaceId: WORKSPACE,
    db,
    runtime,
    sealer: createSealer(new Secret(runtime.randomBytes(32).toString('base64')), runtime),
    connectors: new Map(connectors.map((one) => [one.system, one])),
    people: directoryOf(options),
    roles: rolesOf(
      {
        responder: named(roles.responder),
        approver: named(roles.approver ?? approvers, Object.keys(approverGroups)),
        administrator: named(roles.administrator),
        auditor: named(roles.auditor),
      },
      { membersOf, ...(options.standingOf ? { standingOf: options.standingOf } : {}) },
    ),
    policy: { ...POLICY, ...policy },
    log: createLog({ level: 'silent', pretty: false }),
    meter: { incidentOpened: () => undefined, stepEnded: () => undefined, posted: () => undefined },
    party: () => ok({ id: 'localhost', origin: 'http://localhost:3000' }),
    dispatch: () => {
      dispatched += 1;
    },
  };
  return { core, dispatched: () => dispatched };
}

/** The core over a real database in memory. */
export async function openCore(options: CoreOptions): Promise<OpenedCore> {
  const db = await openMemoryDatabase();
  return { ...coreOver(db, options), close: () => db.close() };
}

const refuse = (): Promise<never> => Promise.reject(new Error('this test asks no database'));

/** For what decides without the store. */
export const noDatabase: Database = {
  kind: 'pglite',
  query: refuse,
  transaction: refuse,
  batch: refuse,
  ping: refuse,
  close: () => Promise.resolve(),
};
