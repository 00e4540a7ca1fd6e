import { err, ok, type Result } from '../../result.js';
import type { Runtime } from '../../runtime.js';
import type { AccountRef, AccountState, CallContext, Command, Connector, ConnectorFailure, ReadBack } from '../port.js';
import { type Account, isInGroup, readAccount, SYSTEM, toState } from './account.js';
import { capabilities } from './capabilities.js';
import { leaveGroup, perform } from './commands.js';
import { consoleSteps } from './console-steps.js';
import { createDirectory, type Directory } from './directory.js';
import { createEventSource } from './events.js';
import { findByEmail } from './find.js';
import { health } from './health.js';
import { judge, type Proof, provePassword } from './read-back.js';
import type { ActiveDirectorySettings } from './settings.js';

/**
 * Active Directory (Windows or Samba) over LDAPS behind the connector's port. An account's id is its objectGUID, so
 * renames and moves do not matter. Every operation has its own connection to the one configured controller.
 */
export function createActiveDirectoryConnector(settings: ActiveDirectorySettings, runtime: Runtime): Connector {
  const directory = createDirectory(settings, runtime);
  return {
    system: SYSTEM,
    title: 'Active Directory',
    capabilities: capabilities(settings),
    knownRangeSets: null,
    findByEmail: (email, call) => directory.run(call, (session) => findByEmail(directory, session, email)),
    async readState(account, call) {
      const reading = await read(directory, account, call);
      return reading.ok ? ok(reading.value.state) : reading;
    },
    perform: (command, account, call) => directory.run(call, (session) => perform(session, settings, command, account)),
    readBack: (command, account, since, call) => readBack(directory, command, account, { since, call }),
    removeFromGroup: (kind, account, call) =>
      directory.run(call, (session) => {
        const group = settings.two_step_group_dn;
        if (kind === 'require_two_step' && group !== null) return leaveGroup(session, account, group);
        return Promise.resolve(
          err({
            kind: 'unsupported',
            message: 'No group is configured for this; set two_step_group_dn, or undo it by hand.',
          }),
        );
      }),
    consoleSteps: (command, account) => consoleSteps(settings, command, account),
    health: (call) => health(directory, call),
    events: createEventSource(directory),
    close: () => Promise.resolve(),
  };
}

interface Reading {
  readonly account: Account;
  readonly state: AccountState;
}

function read(directory: Directory, ref: AccountRef, call: CallContext): Promise<Result<Reading, ConnectorFailure>> {
  const group = directory.settings.two_step_group_dn;
  return directory.run(call, async (session) => {
    const account = await readAccount(session, ref);
    if (!account.ok) return account;
    const inGroup = group === null ? null : await isInGroup(session, account.value, group);
    return ok({ account: account.value, state: toState(account.value, inGroup, directory.runtime.now()) });
  });
}

async function readBack(
  directory: Directory,
  command: Command,
  ref: AccountRef,
  { since, call }: { readonly since: Date; readonly call: CallContext },
): Promise<Result<ReadBack, ConnectorFailure>> {
  const reading = await read(directory, ref, call);
  if (!reading.ok) return reading;
  const { account, state } = reading.value;
  const proof = await proofOf(directory, command, account, call);
  return proof.ok ? ok(judge(command, account, state, { proof: proof.value, since })) : proof;
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
