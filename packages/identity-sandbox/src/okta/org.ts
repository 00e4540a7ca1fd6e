import { answer, change, empty, isRecord, nextLink, paged, refuse, type Context, type Handler } from './context.js';
import { forbidden, invalid, noFeature, notFound, oktaError } from './errors.js';
import { matches, parseFilter } from './filter.js';
import type { Gateway, LogRecord, UserRecord } from './model.js';
import { partyOf } from './state.js';
import { apiTokenJson, deviceJson, groupJson, logJson, policyJson, riskJson, ruleJson, zoneJson } from './wire.js';

export const listGroups: Handler = (context) => {
  const begin = (context.query.get('q') ?? '').toLowerCase();
  return paged(context, context.state.groups.filter(({ name }) => name.toLowerCase().startsWith(begin)).map(groupJson));
};

export const listGroupsOf =
  (userOf: (context: Context) => UserRecord | null): Handler =>
  (context) => {
    const user = userOf(context);
    if (user === null) return refuse(notFound(context.params[0] ?? '', 'User'));
    return paged(context, context.state.groups.filter(({ members }) => members.includes(user.id)).map(groupJson));
  };

/** Both directions answer 204 whether or not something changed. */
const setMember =
  (member: boolean): Handler =>
  (context) => {
    const { state, params, origin } = context;
    const group = state.groups.find(({ id }) => id === params[0]);
    if (group === undefined) return refuse(notFound(params[0] ?? '', 'UserGroup'));
    const user = state.byId(params[1] ?? '');
    if (user === undefined) return refuse(notFound(params[1] ?? '', 'User'));
    if (group.type !== 'OKTA_GROUP') return refuse(forbidden());
    return change(user, () => {
      const held = group.members.includes(user.id);
      group.members = member ? [...new Set([...group.members, user.id])] : group.members.filter((id) => id !== user.id);
      const target = { id: group.id, type: 'UserGroup', alternateId: 'unknown', displayName: group.name };
      if (held !== member)
        state.writeLog(`group.user_membership.${member ? 'add' : 'remove'}`, [partyOf(user), target], origin);
      return empty();
    });
  };

export const addMember = setMember(true);
export const removeMember = setMember(false);

export const listZones: Handler = (context) => paged(context, context.state.zones.map(zoneJson));

const isGateway = (value: unknown): value is Gateway =>
  isRecord(value) && (value['type'] === 'CIDR' || value['type'] === 'RANGE') && typeof value['value'] === 'string';

const MOST_GATEWAYS = 1000;

/** PUT replaces the whole zone. */
export const replaceZone: Handler = ({ state, params, json, origin }) => {
  const zone = state.zones.find(({ id }) => id === params[0]);
  if (zone === undefined) return refuse(notFound(params[0] ?? '', 'NetworkZone'));
  const { type, name, gateways = [], usage = zone.usage } = json;
  if (type !== 'IP' || typeof name !== 'string') return refuse(invalid('type', 'type: The field cannot be left blank'));
  const list: unknown = gateways ?? [];
  if (!Array.isArray(list) || !list.every(isGateway) || list.length > MOST_GATEWAYS)
    return refuse(invalid('gateways', 'gateways: The gateways are not valid'));
  if (usage !== 'POLICY' && usage !== 'BLOCKLIST') return refuse(invalid('usage', 'usage: Invalid usage'));
  return {
    write: true,
    commit: () => {
      Object.assign(zone, { name, usage, gateways: list.map(({ type: kind, value }) => ({ type: kind, value })) });
      zone.lastUpdated = state.now();
      state.writeLog(
        'zone.update',
        [{ id: zone.id, type: 'NetworkZone', alternateId: 'unknown', displayName: name }],
        origin,
      );
      return { status: 200, body: zoneJson(zone) };
    },
  };
};

/** Okta asks for the type; an org of Classic Engine has no policies of applications. */
export const listPolicies: Handler = (context) => {
  const type = context.query.get('type');
  if (type === 'ACCESS_POLICY') return paged(context, []);
  if (type !== 'OKTA_SIGN_ON') return refuse(invalid('type', 'type: The policy type is not valid'));
  return paged(context, context.state.policies.map(policyJson));
};

export const listPolicyRules: Handler = (context) => {
  const policy = context.state.policies.find(({ id }) => id === context.params[0]);
  if (policy === undefined) return refuse(notFound(context.params[0] ?? '', 'Policy'));
  return paged(
    context,
    policy.rules.map((rule, index) => ruleJson(rule, policy, index + 1)),
  );
};

export const listApiTokens: Handler = (context) => paged(context, context.state.apiTokens.map(apiTokenJson));

export const deleteApiToken: Handler = ({ state, params }) => {
  const at = state.apiTokens.findIndex(({ id }) => id === params[0]);
  if (at < 0) return refuse(notFound(params[0] ?? '', 'ApiToken'));
  return {
    write: true,
    commit: () => {
      state.apiTokens.splice(at, 1);
      state.changed();
      return empty();
    },
  };
};

export const listDevices: Handler = (context) => paged(context, context.state.devices.map(deviceJson));

const DEVICE_STEPS = {
  suspend: { from: 'ACTIVE', to: 'SUSPENDED' },
  unsuspend: { from: 'SUSPENDED', to: 'ACTIVE' },
} as const;

export const deviceLifecycle: Handler = ({ state, params, origin }) => {
  const device = state.devices.find(({ id }) => id === params[0]);
  const verb = params[1] === 'suspend' ? 'suspend' : 'unsuspend';
  const owner = device === undefined ? undefined : state.byId(device.userId);
  if (device === undefined || owner === undefined) return refuse(notFound(params[0] ?? '', 'UDDevice'));
  const step = DEVICE_STEPS[verb];
  if (device.status !== step.from)
    return refuse(invalid('device', `Cannot ${verb} a device that is not ${step.from.toLowerCase()}`));
  return change(owner, () => {
    device.status = step.to;
    state.writeLog(`device.lifecycle.${verb}`, [partyOf(owner)], origin);
    return empty();
  });
};

const RISK_LEVELS = ['HIGH', 'LOW'] as const;

export const getRisk = (user: UserRecord, licensed: boolean): ReturnType<Handler> =>
  licensed ? answer(riskJson(user.risk)) : refuse(noFeature());

export function putRisk({ state, json, origin }: Context, user: UserRecord, licensed: boolean): ReturnType<Handler> {
  if (!licensed) return refuse(noFeature());
  const level = RISK_LEVELS.find((known) => known === json['riskLevel']);
  if (level === undefined) return refuse(invalid('riskLevel', 'riskLevel: must be HIGH or LOW'));
  return change(user, () => {
    const status = user.risk === 'NONE' ? 201 : 200;
    user.risk = level;
    state.writeLog('user.risk.change', [partyOf(user)], origin);
    return { status, body: riskJson(level) };
  });
}

function valuesOf(row: LogRecord, name: string): readonly string[] {
  switch (name) {
    case 'eventType':
      return [row.eventType];
    case 'actor.id':
      return [row.actor.id];
    case 'target.id':
      return row.target.map(({ id }) => id);
    case 'outcome.result':
      return [row.result];
    default:
      return [];
  }
}

const badLog = (what: string): ReturnType<Handler> => refuse(invalid(what, `${what}: The value is not valid`));

/** In the order of storing, only what is visible by now. `after` is a place in that order, so late rows are met later. */
export const listLog: Handler = (context) => {
  const { state, query, now } = context;
  const limit = Number(query.get('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 0 || limit > 1000) return badLog('limit');
  const since = Date.parse(query.get('since') ?? new Date(now.getTime() - 7 * 86_400_000).toISOString());
  if (Number.isNaN(since))
    return refuse(
      oktaError(400, 'E0000030', 'Bad request. Invalid date. Dates must be of the form yyyy-MM-dd’T’HH:mm:ss.SSSZ.'),
    );
  const source = query.get('filter');
  const filter = source === null ? null : parseFilter(source);
  if (source !== null && filter === null) return badLog('filter');
  const stored = state.log
    .filter(({ visibleFrom }) => visibleFrom <= now.getTime())
    .toSorted((a, b) => a.visibleFrom - b.visibleFrom);
  const wanted = (row: LogRecord): boolean =>
    Date.parse(row.published) >= since && (filter === null || matches(filter, (name) => valuesOf(row, name)));
  if (query.get('sortOrder') === 'DESCENDING') {
    const newest = stored.filter(wanted).toSorted((a, b) => b.published.localeCompare(a.published));
    return paged(context, newest.map(logJson), 1000);
  }
  return ascending(context, { stored, wanted, limit });
};

function ascending(
  context: Context,
  { stored, wanted, limit }: { stored: readonly LogRecord[]; wanted: (row: LogRecord) => boolean; limit: number },
): ReturnType<Handler> {
  const token = context.query.get('after');
  const match = token === null ? null : /^(\d{1,9})_1$/.exec(token);
  if (token !== null && match === null) return badLog('after');
  const rows: LogRecord[] = [];
  let place = match === null ? 0 : Number(match[1]);
  for (; place < stored.length && rows.length < limit; place += 1) {
    const row = stored[place];
    if (row !== undefined && wanted(row)) rows.push(row);
  }
  return answer(rows.map(logJson), { Link: nextLink(context, `${place}_1`) });
}
