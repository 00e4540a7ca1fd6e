import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';
import { isIn, readMemberships, type Memberships } from './memberships.js';
import { PERMISSION } from './permissions.js';
import { rangeSetKey } from '../ranges.js';
import {
  already,
  cannotTell,
  doesNotHold,
  done,
  holds,
  type Handler,
  type Outcome,
  type Reader,
  type Target,
} from './reader.js';
import type { EntraIdSettings } from './settings.js';
import { notByApi } from './unsupported.js';

async function join({ api, settings }: Reader, { account, call }: Target, group: string): Promise<Outcome> {
  const json = { '@odata.id': `${settings.graph_url}/v1.0/directoryObjects/${account.accountId}` };
  const path = `/v1.0/groups/${group}/members/$ref`;
  const answer = await api.send({ method: 'POST', path, json, needs: [PERMISSION.members], call });
  if (answer.ok) return done(answer.value.requestId);
  return answer.error.kind === 'conflict' && /already exist/i.test(answer.error.said) ? already : err(answer.error);
}

async function leave({ api }: Reader, { account, call }: Target, group: string): Promise<Outcome> {
  const path = `/v1.0/groups/${group}/members/${encodeURIComponent(account.accountId)}/$ref`;
  const answer = await api.send({ method: 'DELETE', path, needs: [PERMISSION.members], call });
  if (answer.ok) return done(answer.value.requestId);
  const { error } = answer;
  // Graph says 404 for "not a member" too; only a text about the group itself means that the group is gone.
  return error.kind === 'not_found' && !error.said.includes(group) ? already : err(error);
}

const direct = (reader: Reader, target: Target): Promise<Result<Memberships, ConnectorFailure>> =>
  readMemberships(reader, target, 'memberOf');

const effective = (reader: Reader, target: Target): Promise<Result<Memberships, ConnectorFailure>> =>
  readMemberships(reader, target, 'transitiveMemberOf');

/** Membership of a prepared group; `demand` is what its policy does, e.g. `demands a second factor`. */
export function membership(reader: Reader, group: string, demand: string): Handler {
  const key = `member of ${group}`;
  return {
    perform: (target) => join(reader, target, group),
    async capture(target) {
      const present = await direct(reader, target);
      if (!present.ok) return present;
      const inside = isIn(present.value, group);
      return inside.ok ? ok({ [key]: inside.value }) : inside;
    },
    restore: (target, before) => (before[key] === false ? leave(reader, target, group) : Promise.resolve(already)),
    async judge(target) {
      const present = await effective(reader, target);
      if (!present.ok) return present;
      const inside = isIn(present.value, group);
      if (!inside.ok) return inside;
      if (inside.value) return holds(`The account is in the group ${group}, whose policy ${demand}.`);
      return doesNotHold(`The account is not in the group ${group}, whose policy ${demand}.`);
    },
  };
}

/** The prepared group whose ranges are this very set; `null` when none is. */
export function groupForRanges(settings: EntraIdSettings, ranges: readonly string[]): string | null {
  const wanted = rangeSetKey(ranges);
  const match = settings.login_range_groups.find((prepared) => rangeSetKey(prepared.ranges) === wanted);
  return wanted === null ? null : (match?.group ?? null);
}

const FACT = 'login range groups';

/** Joins the wanted groups first and leaves the others after: in between the account is never unrestricted. */
async function moveTo(reader: Reader, target: Target, wanted: readonly string[]): Promise<Outcome> {
  const present = await direct(reader, target);
  if (!present.ok) return present;
  const prepared = reader.settings.login_range_groups.map(({ group }) => group);
  const inside = prepared.filter((group) => present.value.groups.some(({ id }) => id === group));
  let receipt = already;
  for (const group of wanted.filter((name) => prepared.includes(name) && !inside.includes(name))) {
    const joined = await join(reader, target, group);
    if (!joined.ok) return joined;
    if (!joined.value.alreadyDone) receipt = joined;
  }
  for (const group of inside.filter((name) => !wanted.includes(name))) {
    const left = await leave(reader, target, group);
    if (!left.ok) return left;
    if (!left.value.alreadyDone) receipt = left;
  }
  return receipt;
}

/** Sign-in from a prepared set of ranges only, by membership of the group that belongs to it. */
export function limitRanges(reader: Reader, ranges: readonly string[]): Handler {
  const group = groupForRanges(reader.settings, ranges);
  if (group === null) {
    return notByApi(
      'Entra ID limits sign-in by Conditional Access, and no prepared group has just these ranges; choose a prepared set, or do the console steps.',
    );
  }
  return {
    perform: (target) => moveTo(reader, target, [group]),
    async capture(target) {
      const present = await direct(reader, target);
      if (!present.ok) return present;
      const prepared = reader.settings.login_range_groups.map((entry) => entry.group);
      return ok({ [FACT]: prepared.filter((name) => present.value.groups.some(({ id }) => id === name)).sort() });
    },
    restore(target, before) {
      const saved = before[FACT];
      return Array.isArray(saved) ? moveTo(reader, target, saved.map(String)) : Promise.resolve(already);
    },
    judge(_target, { loginRanges }) {
      if (loginRanges === null)
        return Promise.resolve(cannotTell('Entra ID does not show which login ranges are in force for the account.'));
      const present = loginRanges.length === 0 ? 'not limited' : `limited to ${loginRanges.join(', ')}`;
      const observed = `Sign-in to the account is ${present}, by the prepared groups.`;
      const right = rangeSetKey(loginRanges) === rangeSetKey(ranges);
      return Promise.resolve(right ? holds(observed) : doesNotHold(observed));
    },
  };
}
