import type { ActionKind, CallContext, ConnectorFailure } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { blocked, fine, toldOf, untold, type Examination, type Probe, type Told } from '../kit/examine.js';
import { readUser } from './account.js';
import { readAudit } from './audit.js';
import { readDelegates } from './delegates.js';
import { FORBIDDEN_ADDRESS } from './envelope.js';
import { preparedGroups } from './group-actions.js';
import { NO_MEMBER } from './groups.js';
import { namesOf, NOBODY, PATH, PERMISSION } from './permissions.js';
import type { Reader, Reading } from './reading.js';

const PERMITTED = 'The calls that it needs are permitted.';
const TRY_ONCE = 'Contain a test account of your own once (2-step or login ranges, then Undo)';

function fix(failure: ConnectorFailure): string | null {
  if (failure.kind === 'permission') {
    const names = failure.missing === undefined ? [] : namesOf(failure.missing);
    const missing = names.length === 0 ? 'the permission that the message names' : `"${names.join('" and "')}"`;
    return `In the Administration Console, open Account | Roles, open the role of the API application, tick ${missing} and choose Save.`;
  }
  if (failure.kind === 'transient' || failure.kind === 'throttled')
    return 'Look at the network, the proxy and the base_url, then ask again.';
  return null;
}

/** "Not found" about nobody proves that the question is permitted. */
const isAnswered = ({ kind }: ConnectorFailure): boolean => kind === 'not_found' || kind === 'invalid_input';

async function aboutNobody(answer: Answer<unknown>, told: Told): Promise<Told> {
  const found = await answer;
  return found.ok || isAnswered(found.error) ? told : toldOf(found.error, fix(found.error));
}

const nobodyFor = (call: CallContext): Target => ({
  account: { system: 'mimecast', accountId: NOBODY, login: NOBODY },
  call,
});

/**
 * The group exists once, its members can be read, and removing a non-member is permitted: the undo will work. Mimecast
 * notices that the address is not a member only after checking the right to remove; a removal that is simply accepted
 * may have been ignored.
 */
async function lookAtGroup({ api, groups }: Reader, name: string, call: CallContext): Promise<Told> {
  const id = await groups.idOf(name, call);
  if (!id.ok) return toldOf(id.error, fix(id.error));
  const members = await groups.hasMember(name, nobodyFor(call));
  if (!members.ok) return toldOf(members.error, fix(members.error));
  const data = { id: id.value, emailAddress: NOBODY };
  const removal = await api.call({ path: PATH.removeMember, data, write: false, call });
  const codes = removal.ok ? [] : removal.error.codes;
  if (codes.includes(NO_MEMBER)) return fine(PERMITTED);
  if (codes.includes(FORBIDDEN_ADDRESS))
    return untold(
      `Mimecast refused to take a test address out of the group "${name}" (${FORBIDDEN_ADDRESS}): some tenants refuse every change of a group so, others only this address.`,
      `${TRY_ONCE}; if it is refused, plan for the manual steps.`,
    );
  if (!removal.ok && !isAnswered(removal.error)) return toldOf(removal.error, fix(removal.error));
  return untold(
    'The group can be read; that Mimecast does not refuse to take a test address out of it, which is no member, proves no right to change it.',
    `${TRY_ONCE}, and make sure that the role of the API application holds "${PERMISSION.editGroups}".`,
  );
}

const CHANGE_UNTOLD = untold(
  'Delegate rights can be read; whether they may be changed only shows when one is.',
  `Make sure that the role of the API application holds "${PERMISSION.editDelegates}".`,
);

const groupProbes = (reader: Reader, call: CallContext): readonly Probe[] =>
  [...preparedGroups(reader.settings)].map(([name, subjects]) => ({
    name: `group "${name}"`,
    subjects,
    ask: () => lookAtGroup(reader, name, call),
  }));

/** Starting one changes accounts, so that it may be started is not tried. */
function syncProbes({ sync }: Reader, call: CallContext): readonly Probe[] {
  if (sync === null) return [];
  const ask = async (): Promise<Told> => {
    const failed = await sync.missing(call);
    if (failed !== null) return toldOf(failed, fix(failed));
    return untold(
      'The account can be disabled, and the connections to directories can be read; that a synchronisation may be started shows only when one is.',
      `Make sure that the role of the API application holds "${PERMISSION.startSync}".`,
    );
  };
  return [{ name: `directory connections (${PERMISSION.readSync})`, subjects: ['disable_account'], ask }];
}

async function mayReadLog({ api, runtime, settings }: Reader, call: CallContext): Promise<Told> {
  const to = runtime.now();
  const window = { from: new Date(to.getTime() - 60_000), to, categories: settings.audit_categories };
  const rows = await readAudit(api, window, call);
  return rows.ok ? fine('The audit log can be read.') : toldOf(rows.error, fix(rows.error));
}

/** Whether the profile of the prepared group is the one that governs this person. */
function byProfile(adminRoles: readonly string[] | null): Told | null {
  if (adminRoles === null)
    return untold(
      'Mimecast does not tell this API application whether the person is an administrator; if so, Account_Administrators_Authentication_Profile overrides the prepared group.',
      'Look under Account | Roles whether one of the roles holds the person.',
    );
  if (adminRoles.length === 0) return null;
  return blocked(
    `The person is an administrator (${adminRoles.join(', ')}): Account_Administrators_Authentication_Profile overrides the prepared group.`,
    'Take the administrator role away first (Account | Roles), or change that profile for all administrators; for the Administration Console, Admin IP Ranges (Account | Account Settings | User Access and Permissions) hold for all administrators.',
  );
}

function standsInTheWay(kind: ActionKind, { state: { adminRoles, authority } }: Reading): Told | null {
  if (kind === 'require_two_step' || kind === 'limit_login_ips') return byProfile(adminRoles);
  if (authority?.where !== 'synced' || kind !== 'disable_account') return null;
  return fine(
    `Mimecast copies people from ${authority.from ?? 'a directory'}: the next copy may enable the account again, so disable it there first.`,
  );
}

/** Checks, with an address that nobody has, whether each call would be permitted, which changes nothing. */
export const examinationOf = (reader: Reader): Examination<Reading> => ({
  credentials: 'credentials',
  fix,
  granting: { where: 'Account | Roles | the role of the API application', separator: '\n', form: namesOf },
  enter: (call) => reader.api.authenticate(call),
  probes: (call) => [
    {
      name: `users (${PERMISSION.editUsers})`,
      subjects: ['find', 'reset_password', 'disable_account', 'enable_account', 'block_mail_protocols'],
      ask: () => aboutNobody(readUser(reader.api, NOBODY, call), fine(PERMITTED)),
    },
    {
      name: `audit events (${PERMISSION.readAudit})`,
      subjects: ['events', 'evidence', 'reset_password'],
      ask: () => mayReadLog(reader, call),
    },
    {
      name: `delegates (${PERMISSION.readUsers})`,
      subjects: ['disable_mail_rules'],
      ask: () => aboutNobody(readDelegates(reader.api, nobodyFor(call)), CHANGE_UNTOLD),
    },
    ...groupProbes(reader, call),
    ...syncProbes(reader, call),
  ],
  blocked: standsInTheWay,
});
