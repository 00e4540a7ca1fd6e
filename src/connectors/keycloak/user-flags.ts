import { recordOf } from '../../platform/record.js';
import { ok } from '../../platform/result.js';
import { ALREADY, cannotTell, doesNotHold, holds, lastingUntil, SKEW_MS, unsupported, utc } from '../kit/action.js';
import type { Action, Answer, Target, Verdict } from '../kit/action.js';
import { andThen, mapped } from '../kit/answers.js';
import { undoOfFlags } from '../kit/flags.js';
import type { ActionKind, Receipt, ResidualAccess } from '../../ports/connector.js';
import type { KeycloakApi } from './api.js';
import type { UserChange } from './bodies.js';
import { isFactor } from './holdings.js';
import { managing, ROLE, roleTitle } from './permissions.js';
import { demands, type Parts, type Reading } from './state.js';
import { putUser, readUser, type KeycloakUser } from './user.js';

/** A yes-or-no property of a user, changed with the user as a whole. */
interface Flag<Name extends string> {
  /** Among the facts of an undo. */
  readonly name: Name;
  /** `null`: it is not told. */
  of(user: KeycloakUser): boolean | null;
  /** `null`: what else is there cannot be read, and would be dropped. */
  changes(user: KeycloakUser, wanted: boolean): UserChange | null;
}

const ENABLED: Flag<'enabled'> = {
  name: 'enabled',
  of: (user) => user.enabled,
  changes: (_user, enabled) => ({ enabled }),
};

/** A required action beside the existing ones. */
const required = (action: string): Flag<'required_action'> => ({
  name: 'required_action',
  of: (user) => demands(user, action),
  changes({ requiredActions }, wanted) {
    if (requiredActions.includes(null)) return null;
    const others = requiredActions.filter((one) => one !== null && one !== action).map(String);
    return { requiredActions: wanted ? [...others, action] : others };
  },
});

interface Wish<Name extends string> {
  readonly flag: Flag<Name>;
  readonly wanted: boolean;
}

const setFlag = <Name extends string>(
  api: KeycloakApi,
  { flag, wanted }: Wish<Name>,
  user: KeycloakUser,
  on: Target,
): Answer<Receipt> => {
  if (flag.of(user) === wanted) return Promise.resolve(ok(ALREADY));
  const changes = flag.changes(user, wanted);
  if (changes !== null) return putUser(api, user, changes, on);
  const what = 'Keycloak shows the required actions in a form that cannot be read, and a change would drop them';
  return Promise.resolve(unsupported(`${what}; change them in its admin console.`));
};

/** An action that sets one flag, with its undo. */
function flagAction<K extends ActionKind, Name extends string>(
  { api, permitted, inTurn }: Parts,
  { flag, wanted }: Wish<Name>,
  rest: Pick<Action<K, Reading>, 'can' | 'residual' | 'judge'>,
): Action<K, Reading> {
  return {
    ...rest,
    perform: (task) => permitted(task, ({ user }) => setFlag(api, { flag, wanted }, user, task)),
    undo: undoOfFlags([flag.name], {
      read: (on) => mapped(readUser(api, on), (user) => recordOf([flag.name], () => flag.of(user))),
      set(flags, on) {
        const wish = { flag, wanted: flags.get(flag.name) === true };
        return inTurn(on, () => andThen(readUser(api, on), (user) => setFlag(api, wish, user, on)));
      },
    }),
  };
}

function judgeEnabled({ state }: Reading, wanted: boolean): Verdict {
  if (state.enabled === null) return cannotTell('Keycloak does not show whether the account is enabled.');
  const held = state.locked === true ? ', and held by brute-force protection' : '';
  const observed = `The Keycloak account is ${state.enabled ? 'enabled' : 'disabled'}${held}.`;
  // Nobody signs in to a locked account, so it is not let in again.
  return state.enabled === wanted && !(wanted && state.locked === true) ? holds(observed) : doesNotHold(observed);
}

export const switchTo = (
  parts: Parts,
  wanted: boolean,
  residual: readonly ResidualAccess[],
): Action<'disable_account' | 'enable_account', Reading> =>
  flagAction(
    parts,
    { flag: ENABLED, wanted },
    { can: managing(), residual, judge: (_task, { reading }) => judgeEnabled(reading, wanted) },
  );

/** The required action disappears once the person has enrolled: a factor added after the command proves it as well. */
function judgeTwoStep({ user, credentials }: Reading, action: string, since: Date): Verdict {
  const demanded = demands(user, action);
  if (demanded === true) return holds(`Keycloak demands ${action} at the next sign-in.`);
  const isFresh = (at: Date | null): boolean => at !== null && at.getTime() > since.getTime() + SKEW_MS;
  const enrolled = credentials?.items.find((one) => isFactor(one) && isFresh(one.createdDate));
  if (enrolled !== undefined)
    return holds(`A second factor (${enrolled.type}) was enrolled after ${action} was demanded.`);
  if (demanded === null)
    return cannotTell('Keycloak shows what it demands at the next sign-in in a form that cannot be read.');
  if (credentials?.complete === false)
    return cannotTell(
      `Keycloak does not demand ${action}, and among the credentials is one that cannot be read: it may be a second factor.`,
    );
  return doesNotHold(`Keycloak does not demand ${action}, and no second factor was enrolled since ${utc(since)}.`);
}

export function requireTwoStep(parts: Parts): Action<'require_two_step', Reading> {
  const { two_step_action: action } = parts.settings;
  return flagAction(
    parts,
    { flag: required(action), wanted: true },
    {
      can: managing(roleTitle(ROLE.viewRealm)),
      residual: [
        lastingUntil(
          'Whoever signs in next enrols the second factor: reset the password first, and end the sessions',
          'reset_password',
        ),
      ],
      judge: (_task, { reading, since }) => judgeTwoStep(reading, action, since),
    },
  );
}
