import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, Chosen, Command, ConnectorFailure, ReadBack } from '../port.js';
import { isChosen } from './commands.js';
import { isFactor, readCredentials, readGrants, readGroups, readSessions, RECOVERY_CODES } from './holdings.js';
import {
  cannotTell,
  doesNotHold,
  holds,
  judgeReset,
  readResetTrace,
  SKEW_MS,
  utc,
  type Verdict,
} from './read-reset.js';
import { readAccount, type Reader, type Reading } from './state.js';
import { survivors } from './survivors.js';

interface Asked {
  readonly reader: Reader;
  readonly reading: Reading;
  readonly since: Date;
  readonly call: CallContext;
}

type Judged = Promise<Result<Verdict, ConnectorFailure>>;

/** Things that came after the command are not what it was to remove: the person may be enrolling anew. */
const isOld = (at: number | null | undefined, since: Date): boolean => at == null || at <= since.getTime() + SKEW_MS;

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

function leftovers(what: string, left: readonly string[], fresh: number): Verdict {
  if (left.length > 0)
    return doesNotHold(`Keycloak still has ${count(left.length, what)}: ${left.slice(0, 5).join(', ')}.`);
  const added = fresh === 0 ? '' : ` ${count(fresh, what)} came after the command.`;
  return holds(`Keycloak has none of the chosen ${what}s any more.${added}`);
}

async function judgeSessions({ reader, reading, since, call }: Asked): Judged {
  const sessions = await readSessions(reader.api, reading.user.id, call);
  if (!sessions.ok) return sessions;
  const old = sessions.value.filter(({ start }) => isOld(start, since));
  const titles = old.map(
    ({ ipAddress, offline }) => `${offline ? 'offline, ' : ''}from ${ipAddress ?? 'an unknown address'}`,
  );
  return ok(leftovers('session', titles, sessions.value.length - old.length));
}

async function judgeFactors({ reader, reading, since, call }: Asked, items: Chosen): Judged {
  const stored = await readCredentials(reader.api, reading.user.id, call);
  if (!stored.ok) return stored;
  const chosen = stored.value.filter((one) => isFactor(one) && isChosen(items, one.id));
  const old = chosen.filter(({ createdDate }) => items !== 'all' || isOld(createdDate, since));
  const titles = old.map(({ type, userLabel }) => `${type} ${userLabel ?? ''}`.trim());
  return ok(leftovers('factor', titles, chosen.length - old.length));
}

async function judgeCodes({ reader, reading, since, call }: Asked): Judged {
  const stored = await readCredentials(reader.api, reading.user.id, call);
  if (!stored.ok) return stored;
  const codes = stored.value.filter(({ type }) => type === RECOVERY_CODES);
  const old = codes.filter(({ createdDate }) => isOld(createdDate, since));
  return ok(
    leftovers(
      'set of recovery code',
      old.map(({ id }) => id),
      codes.length - old.length,
    ),
  );
}

async function judgeGrants({ reader, reading, since, call }: Asked, items: Chosen): Judged {
  const grants = await readGrants(reader.api, reading.user.id, call);
  if (!grants.ok) return grants;
  const chosen = grants.value.filter(({ clientId }) => isChosen(items, clientId));
  const old = chosen.filter(({ createdDate }) => isOld(createdDate, since));
  return ok(
    leftovers(
      'grant',
      old.map(({ clientId }) => clientId),
      chosen.length - old.length,
    ),
  );
}

/** The required action goes once the person has enrolled: a factor that came after the command proves it as well. */
function judgeTwoStep({ reader, reading, since }: Asked): Verdict {
  const action = reader.settings.two_step_action;
  if (reading.user.requiredActions?.includes(action) === true)
    return holds(`Keycloak demands ${action} at the next sign-in.`);
  const enrolled = reading.credentials?.find((one) => isFactor(one) && !isOld(one.createdDate, since));
  if (enrolled !== undefined)
    return holds(`A second factor (${enrolled.type}) was enrolled after ${action} was demanded.`);
  return doesNotHold(`Keycloak does not demand ${action}, and no second factor was enrolled since ${utc(since)}.`);
}

function judgeRoles({ state }: Reading): Verdict {
  if (state.adminRoles === null)
    return cannotTell('Keycloak does not show the administrator roles to the service account.');
  if (state.adminRoles.length === 0) return holds('The account has no administrator role.');
  return doesNotHold(
    `The account has the administrator roles ${state.adminRoles.join(', ')}, directly or through a group or composite role.`,
  );
}

async function judgeQuarantine({ reader, reading, call }: Asked): Judged {
  const path = reader.settings.quarantine_group;
  if (path === null) return ok(cannotTell('No quarantine group is configured for Keycloak.'));
  const groups = await readGroups(reader.api, reading.user.id, call);
  if (!groups.ok) return groups;
  const inside = groups.value.some((group) => group.path === path);
  return ok(
    inside ? holds(`The account is in the group ${path}.`) : doesNotHold(`The account is not in the group ${path}.`),
  );
}

function judgeEnabled({ state }: Reading, wanted: boolean): Verdict {
  const observed = `The Keycloak account is ${state.enabled === true ? 'enabled' : 'disabled'}${state.locked === true ? ', and held by brute-force protection' : ''}.`;
  return state.enabled === wanted ? holds(observed) : doesNotHold(observed);
}

async function judge(asked: Asked, command: Exclude<Command, { kind: 'reset_password' }>): Judged {
  switch (command.kind) {
    case 'disable_account':
      return ok(judgeEnabled(asked.reading, false));
    case 'enable_account':
      return ok(judgeEnabled(asked.reading, true));
    case 'revoke_sessions':
      return judgeSessions(asked);
    case 'remove_factors':
      return judgeFactors(asked, command.items);
    case 'invalidate_backup_codes':
      return judgeCodes(asked);
    case 'require_two_step':
      return ok(judgeTwoStep(asked));
    case 'revoke_grants':
      return judgeGrants(asked, command.items);
    case 'remove_admin_roles':
      return ok(judgeRoles(asked.reading));
    case 'quarantine':
      return judgeQuarantine(asked);
    default:
      return ok(cannotTell("Keycloak's API does not show anything of this kind."));
  }
}

/** Reads what is true now and compares it with what the command wanted; also after an answer that was lost. */
export async function readBack(
  reader: Reader,
  command: Command,
  account: AccountRef,
  { since, call }: { readonly since: Date; readonly call: CallContext },
): Promise<Result<ReadBack, ConnectorFailure>> {
  const isReset = command.kind === 'reset_password';
  const [reading, trace] = await Promise.all([
    readAccount(reader, account, call),
    isReset ? readResetTrace(reader, account, { since, call }) : ok(null),
  ]);
  if (!reading.ok) return reading;
  if (!trace.ok) return trace;
  const judged = isReset
    ? ok(judgeReset(reading.value, trace.value, since))
    : await judge({ reader, reading: reading.value, since, call }, command);
  if (!judged.ok) return err(judged.error);
  return ok({ ...judged.value, state: reading.value.state, survives: survivors(reader.settings, command) });
}
