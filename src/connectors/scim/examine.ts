import { z } from 'zod';
import type { Result } from '../../result.js';
import {
  ACTION_KINDS,
  type AccountRef,
  type ActionKind,
  type CallContext,
  type ConnectorFailure,
  type Finding,
  type HealthProbe,
} from '../port.js';
import { withStanding } from '../standing.js';
import { capabilities } from './capabilities.js';
import type { ServiceProvider } from './service-provider.js';
import { readAccount, rangeGroupIds, type Reader, type Reading } from './state.js';
import { userPath } from './user.js';

/** Nobody has this id, so a change to it is answered with "not found" by a server that permits changes. */
const NOBODY = 'notme-examination-of-nobody';
const GRANT =
  "In the application's console give the SCIM token the right to provision users and groups, or make a new token with it.";

const finding = (subject: Finding['subject'], verdict: Finding['verdict'], detail: string, fix = ''): Finding => ({
  subject,
  verdict,
  detail,
  fix,
});

function fromFailure(subject: Finding['subject'], failure: ConnectorFailure, fix: string): Finding {
  switch (failure.kind) {
    case 'permission':
      return finding(subject, 'missing_permission', failure.message, GRANT);
    case 'licence':
      return finding(subject, 'unlicensed', failure.message, 'Ask the vendor which plan includes SCIM.');
    case 'transient':
    case 'throttled':
    case 'unknown_outcome':
      return finding(
        subject,
        'unreachable',
        failure.message,
        'Try again when it answers; check the base URL and the network.',
      );
    default:
      return finding(subject, 'misconfigured', failure.message, fix);
  }
}

const list = z.object({ totalResults: z.number() });

const readOne = (reader: Reader, call: CallContext) => reader.api.read('/Users?startIndex=1&count=1', list, call);

/** Whether changes are permitted, told by what becomes of a change to an account that does not exist. */
async function examineWrites(reader: Reader, call: CallContext): Promise<(kind: ActionKind) => Finding> {
  const operations = [{ op: 'replace', path: 'active', value: false }] as const;
  const probe = await reader.api.patch({ path: userPath(NOBODY), operations, call });
  if (!probe.ok && probe.error.kind === 'not_found')
    return (kind) =>
      finding(
        kind,
        'ok',
        'A change to an account that does not exist was answered with "not found", not with a refusal.',
      );
  if (
    !probe.ok &&
    ['permission', 'auth', 'licence', 'transient', 'throttled', 'unknown_outcome'].includes(probe.error.kind)
  ) {
    const { error } = probe;
    return (kind) => fromFailure(kind, error, GRANT);
  }
  return (kind) =>
    finding(
      kind,
      'cannot_tell',
      'The server does not tell whether the token may change users until one is changed.',
      GRANT,
    );
}

function groupsFor({ settings }: Reader, kind: ActionKind): readonly string[] {
  const prepared: Partial<Record<ActionKind, readonly (string | null)[]>> = {
    require_two_step: [settings.two_step_group_id],
    quarantine: [settings.quarantine_group_id],
    limit_login_ips: rangeGroupIds(settings),
    remove_admin_roles: settings.admin_groups.map(({ group_id }) => group_id),
  };
  return (prepared[kind] ?? []).filter((group) => group !== null);
}

interface Examination {
  readonly reader: Reader;
  readonly provider: ServiceProvider;
  readonly writes: (kind: ActionKind) => Finding;
  readonly call: CallContext;
}

async function examineAction({ reader, provider, writes, call }: Examination, kind: ActionKind): Promise<Finding> {
  const permitted = writes(kind);
  if (permitted.verdict !== 'ok') return permitted;
  if (provider.patch === false)
    return finding(
      kind,
      'misconfigured',
      'The server says that it takes no PATCH (ServiceProviderConfig).',
      'Ask the vendor to switch PATCH on; until then do it in the console.',
    );
  if (kind === 'reset_password' && provider.changePassword === false)
    return finding(
      kind,
      'misconfigured',
      'The server says that it takes no passwords (ServiceProviderConfig changePassword).',
      'Set set_password to false for it, so that the reset becomes a console step.',
    );
  const groups = await Promise.all(groupsFor(reader, kind).map((group) => reader.groups.read(group, call)));
  const [broken] = groups.flatMap((group) => (group.ok ? [] : [group.error]));
  if (broken === undefined) return permitted;
  return fromFailure(kind, broken, 'Correct the id of the prepared group: GET /Groups lists them.');
}

const ofFind = (reading: Result<Reading, ConnectorFailure> | null): Finding => {
  if (reading === null) return finding('find', 'ok', 'Users can be read.');
  return reading.ok
    ? finding('find', 'ok', 'The account is there.')
    : fromFailure('find', reading.error, 'Unlink the account if it was deleted.');
};

/** Switching a copy off or on holds until the next provisioning writes over it. */
function asCopy(one: Finding, reading: Result<Reading, ConnectorFailure> | null): Finding {
  const authority = reading?.ok === true ? reading.value.state.authority : null;
  const switches = one.subject === 'disable_account' || one.subject === 'enable_account';
  if (!switches || one.verdict !== 'ok' || authority?.where !== 'synced') return one;
  const from = authority.from ?? 'another system';
  const detail = `Possible, but ${from} decides: its next provisioning switches it back unless it is done there too.`;
  return { ...one, detail };
}

/** What is reachable and permitted, for each action; changes nothing. */
export async function examine(
  reader: Reader,
  account: AccountRef | null,
  call: CallContext,
): Promise<readonly Finding[]> {
  const { title } = reader.settings;
  const one = await readOne(reader, call);
  if (!one.ok && (one.error.kind === 'transient' || one.error.kind === 'throttled'))
    return [fromFailure('reach', one.error, '')];
  const reached = finding('reach', 'ok', `${title} answers.`);
  if (!one.ok)
    return [
      reached,
      fromFailure('sign_in', one.error, 'Make a new token in the application and set it, and check the base URL.'),
    ];
  const provider = await reader.provider(call);
  const [writes, reading] = await Promise.all([
    examineWrites(reader, call),
    account === null ? null : readAccount(reader, account, call),
  ]);
  const unknown: ServiceProvider = { patch: null, filter: null, changePassword: null, etag: null };
  const examination: Examination = { reader, provider: provider.ok ? provider.value : unknown, writes, call };
  const can = capabilities(reader.settings);
  const actions = ACTION_KINDS.filter((kind) => can[kind].route !== 'none').map(async (kind) =>
    can[kind].route === 'console'
      ? finding(kind, 'console', 'A person does this: SCIM has no call for it, or no group was prepared.')
      : examineAction(examination, kind),
  );
  const findings = [
    reached,
    finding('sign_in', 'ok', 'The token is taken.'),
    ofFind(reading),
    finding('evidence', 'ok', 'Contacts, groups and roles can be read; SCIM shows no sign-ins.'),
    ...(await Promise.all(actions)).map((one) => asCopy(one, reading)),
  ];
  return withStanding(findings, reading?.ok === true ? reading.value.state : null);
}

/** Whether users can be read, and whether the prepared groups are there. */
export async function health(reader: Reader, call: CallContext): Promise<readonly HealthProbe[]> {
  const probe = (name: string, failure: ConnectorFailure | null): HealthProbe => ({
    name,
    ok: failure === null,
    detail: failure?.message ?? '',
  });
  const one = await readOne(reader, call);
  if (!one.ok) return [probe('users', one.error)];
  const ids = [...new Set(ACTION_KINDS.flatMap((kind) => groupsFor(reader, kind)))];
  const groups = await Promise.all(ids.map(async (id) => ({ id, found: await reader.groups.read(id, call) })));
  return [probe('users', null), ...groups.map(({ id, found }) => probe(`group ${id}`, found.ok ? null : found.error))];
}
