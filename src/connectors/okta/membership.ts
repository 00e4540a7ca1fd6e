import { ok, type Result } from '../../result.js';
import type { ConnectorFailure, Receipt, Survivor } from '../port.js';
import { cannotTell, doesNotHold, holds, textsOf, unsupported, type Action, type On, type Outcome } from './action.js';
import { rangeSetKey } from '../ranges.js';
import type { OktaSettings } from './settings.js';
import type { Parts } from './state.js';

const UNTIL_NEXT_SIGN_IN: Survivor = {
  what: 'Sessions that are open already: the policy is asked at the next sign-in, so revoke the sessions too',
  forSeconds: null,
};

export type GroupAction = 'require_two_step' | 'quarantine';

export const groupOf = (settings: OktaSettings, kind: GroupAction): string | null =>
  kind === 'quarantine' ? settings.quarantine_group : settings.two_step_group;

const MEANING: Readonly<Record<GroupAction, string>> = {
  require_two_step: 'whose sign-on policy demands a second factor',
  quarantine: 'whose sign-on policy denies every sign-in',
};

/** Membership of the one group that was prepared for this. */
export function membership(parts: Parts, kind: GroupAction): Action {
  const name = groupOf(parts.settings, kind);
  const unprepared = (): Outcome =>
    unsupported(
      `No Okta group was prepared for this; do the console steps, or set the group's name in the configuration.`,
    );
  return {
    perform: ({ account, call }) =>
      name === null ? Promise.resolve(unprepared()) : parts.groups.add(name, account, call),
    judge(_on, { reading: { groups } }) {
      if (name === null || groups === null)
        return Promise.resolve(ok(cannotTell("Okta's API does not show whether this is in force.")));
      const inside = groups.some(({ profile, type }) => profile.name === name && type === 'OKTA_GROUP');
      return Promise.resolve(
        ok(
          inside
            ? holds(`The account is in the Okta group "${name}", ${MEANING[kind]}.`)
            : doesNotHold(`The account is not in the Okta group "${name}".`),
        ),
      );
    },
    undo: {
      async capture({ account, call }) {
        const groups = await parts.groups.of(account, call);
        return groups.ok ? ok({ member: groups.value.some(({ profile }) => profile.name === name) }) : groups;
      },
      restore({ account, call }, before) {
        if (name === null) return Promise.resolve(unprepared());
        const { groups } = parts;
        return before['member'] === true ? groups.add(name, account, call) : groups.remove(name, account, call);
      },
    },
    survives: [UNTIL_NEXT_SIGN_IN],
  };
}

/** The prepared group whose ranges are this very set; `null` when none is. */
export function groupForRanges(settings: OktaSettings, ranges: readonly string[]): string | null {
  const wanted = rangeSetKey(ranges);
  const match = settings.login_range_groups.find((prepared) => rangeSetKey(prepared.ranges) === wanted);
  return wanted === null ? null : (match?.group ?? null);
}

/** Which of the prepared range groups hold the account. */
async function insideOf(
  { groups, settings }: Parts,
  { account, call }: On,
): Promise<Result<readonly string[], ConnectorFailure>> {
  const present = await groups.of(account, call);
  if (!present.ok) return present;
  const prepared = new Set(settings.login_range_groups.map(({ group }) => group));
  return ok(present.value.map(({ profile }) => profile.name).filter((name) => prepared.has(name)));
}

/** Joins what is wanted first and leaves the rest after: in between the account is never unrestricted. */
async function become(parts: Parts, on: On, wanted: readonly string[]): Promise<Outcome> {
  const inside = await insideOf(parts, on);
  if (!inside.ok) return inside;
  let receipt: Receipt = { alreadyDone: true, requestId: null };
  const steps = [
    ...wanted.filter((name) => !inside.value.includes(name)).map((name) => ({ name, join: true })),
    ...inside.value.filter((name) => !wanted.includes(name)).map((name) => ({ name, join: false })),
  ];
  for (const { name, join } of steps) {
    const { groups } = parts;
    const changed = await (join ? groups.add(name, on.account, on.call) : groups.remove(name, on.account, on.call));
    if (!changed.ok) return changed;
    if (!changed.value.alreadyDone) receipt = { alreadyDone: false, requestId: changed.value.requestId };
  }
  return ok(receipt);
}

export function limitLoginIps(parts: Parts, ranges: readonly string[]): Action {
  const group = groupForRanges(parts.settings, ranges);
  return {
    perform(on) {
      if (group !== null) return become(parts, on, [group]);
      return Promise.resolve(
        unsupported(
          'No Okta group was prepared for just these ranges; choose a prepared set, or do the console steps.',
        ),
      );
    },
    judge(_on, { reading: { state } }) {
      if (group === null || state.loginRanges === null)
        return Promise.resolve(ok(cannotTell("Okta's API does not show which login ranges are in force.")));
      const present = state.loginRanges;
      if (rangeSetKey(present) === rangeSetKey(ranges))
        return Promise.resolve(
          ok(
            holds(
              `The account is in the Okta group "${group}", whose sign-on policy permits ${present.join(', ')} only.`,
            ),
          ),
        );
      const where = present.length === 0 ? 'in none of the prepared range groups' : `limited to ${present.join(', ')}`;
      return Promise.resolve(ok(doesNotHold(`The account is ${where}.`)));
    },
    undo: {
      async capture(on) {
        const inside = await insideOf(parts, on);
        return inside.ok ? ok({ groups: inside.value.toSorted() }) : inside;
      },
      restore: (on, before) => become(parts, on, textsOf(before, 'groups')),
    },
    survives: [UNTIL_NEXT_SIGN_IN],
  };
}
