import { ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { AccountRef, CallContext, Command, Connector, ConnectorFailure, Limits, ReadBack } from '../port.js';
import { type Account, SYSTEM } from './account.js';
import { capabilities } from './capabilities.js';
import { perform } from './commands.js';
import { consoleSteps } from './console-steps.js';
import { createDirectory, type Directory } from './directory.js';
import { createEventSource } from './events.js';
import { evidence } from './evidence.js';
import { examine } from './examine.js';
import { findAccount } from './find.js';
import { health } from './health.js';
import { judge, type Proof, provePassword } from './read-back.js';
import { read } from './reading.js';
import type { ActiveDirectorySettings } from './settings.js';
import { capture, restore } from './undo.js';

/** Each operation is a connection of its own with a TLS handshake; a controller serves thousands, this is courtesy. */
const LIMITS: Limits = { concurrency: 4, perMinute: null };

/**
 * Active Directory (Windows or Samba) over LDAPS behind the connector's port. An account's id is its objectGUID, so
 * renames and moves do not matter. Every operation has its own connection to the one configured controller.
 */
export function createActiveDirectoryConnector(settings: ActiveDirectorySettings, runtime: Runtime): Connector {
  const directory = createDirectory(settings, runtime);
  const ranges = settings.login_range_groups.map((prepared) => prepared.ranges);
  return {
    system: SYSTEM,
    title: 'Active Directory',
    capabilities: capabilities(settings),
    knownRangeSets: ranges.length === 0 ? null : ranges,
    limits: LIMITS,
    find: (person, call) => directory.run(call, (session) => findAccount(directory, session, person)),
    async readState(account, call) {
      const reading = await directory.run(call, (session) => read(directory, session, account));
      return reading.ok ? ok(reading.value.state) : reading;
    },
    perform: (command, account, call) =>
      directory.run(call, (session) => perform(directory, session, command, account)),
    readBack: (command, account, since, call) => readBack(directory, command, account, { since, call }),
    capture: (command, account, call) => directory.run(call, (session) => capture(session, settings, command, account)),
    restore: (command, account, before, call) =>
      directory.run(call, (session) => restore(session, settings, { command, before }, account)),
    evidence: (account, call) => evidence(directory, account, call),
    examine: (account, call) => examine(directory, account, call),
    consoleSteps: (command, account) => consoleSteps(settings, command, account),
    health: (call) => health(directory, call),
    events: createEventSource(directory),
    close: () => Promise.resolve(),
  };
}

async function readBack(
  directory: Directory,
  command: Command,
  ref: AccountRef,
  { since, call }: { readonly since: Date; readonly call: CallContext },
): Promise<Result<ReadBack, ConnectorFailure>> {
  const reading = await directory.run(call, (session) => read(directory, session, ref));
  if (!reading.ok) return reading;
  const proof = await proofOf(directory, command, reading.value.account, call);
  return proof.ok ? ok(judge(directory.settings, command, reading.value, { proof: proof.value, since })) : proof;
}

async function proofOf(
  directory: Directory,
  command: Command,
  account: Account,
  call: CallContext,
): Promise<Result<Proof, ConnectorFailure>> {
  if (command.kind !== 'reset_password') return ok('hidden');
  return provePassword(() => directory.bindAs(account.dn, command.password, call));
}
