import { z } from 'zod';
import { ok } from '../../result.js';
import type { CallContext } from '../port.js';
import type { Answer, Tools } from './handler.js';
import { readList } from './pages.js';
import { SCOPE } from './scopes.js';

/** 1000 rows a page are allowed; 400 of the larger ones (2 KB) stay under the client's 1 MiB. */
const PAGE_SIZE = 400;

/** Google refuses a beginning in its future, and its clock may be behind ours: more is asked for, and dropped here. */
const CLOCKS_DIFFER_MS = 5 * 60 * 1000;

const text = z.string().nullable().catch(null).default(null);
const parameter = z.object({
  name: z.string(),
  value: z.string().optional().catch(undefined),
  boolValue: z.boolean().optional().catch(undefined),
  multiValue: z.array(z.string()).optional().catch(undefined),
});

const activity = z.object({
  id: z.object({
    time: z.iso.datetime({ offset: true }).transform((time) => new Date(time)),
    uniqueQualifier: z.union([z.string(), z.number()]).transform(String).catch(''),
    applicationName: z.string().catch(''),
  }),
  actor: z.object({ email: text }).catch({ email: null }).default({ email: null }),
  ipAddress: text,
  networkInfo: z.object({ regionCode: text, subdivisionCode: text }).nullable().catch(null).default(null),
  events: z
    .array(z.object({ name: z.string(), parameters: z.array(parameter).catch([]).default([]) }))
    .catch([])
    .default([]),
});

/** One event of an activity, with what is common to the activity. */
export interface Activity {
  /** Unique over all applications. */
  readonly id: string;
  readonly at: Date;
  readonly name: string;
  /** Who did it. */
  readonly actor: string | null;
  readonly ip: string | null;
  /** `DE, DE-BE`. */
  readonly place: string | null;
  parameter(name: string): string | null;
}

export type Application = 'login' | 'admin' | 'user_accounts' | 'token';

export interface ActivityQuery {
  readonly application: Application;
  /** Whose doing: an address, or `all`. */
  readonly actor: string;
  readonly eventName?: string;
  /** One event parameter that must have this value; needs `eventName`. */
  readonly where?: { readonly parameter: string; readonly value: string };
  readonly from: Date;
  readonly to?: Date;
  readonly maxPages: number;
}

export interface Activities {
  /** Newest first. */
  readonly items: readonly Activity[];
  /** False when there was more than is read at once, or something that cannot be read: then absence proves nothing. */
  readonly complete: boolean;
  /** Rows that cannot be read. */
  readonly unreadable: number;
}

const newestFirst = (a: Activity, b: Activity): number => b.at.getTime() - a.at.getTime();

function spread(application: Application, row: z.output<typeof activity>): readonly Activity[] {
  const { id, actor, ipAddress, networkInfo, events } = row;
  const places = [networkInfo?.regionCode, networkInfo?.subdivisionCode].filter((part) => part);
  return events.map(({ name, parameters }, index) => ({
    id: `${application}:${id.time.toISOString()}:${id.uniqueQualifier}:${index}`,
    at: id.time,
    name,
    actor: actor.email,
    ip: ipAddress,
    place: places.length === 0 ? null : places.join(', '),
    parameter(wanted) {
      const found = parameters.find((candidate) => candidate.name === wanted);
      return found?.value ?? found?.boolValue?.toString() ?? found?.multiValue?.join(', ') ?? null;
    },
  }));
}

/** Rows of Google's audit logs. They come late: the admin log by minutes, sign-ins by minutes to hours. */
export async function readActivities(tools: Tools, query: ActivityQuery, call: CallContext): Answer<Activities> {
  const { application, actor, eventName, where, from, to } = query;
  const latest = tools.runtime.now().getTime() - CLOCKS_DIFFER_MS;
  const request = {
    path: `/admin/reports/v1/activity/users/${encodeURIComponent(actor)}/applications/${application}`,
    query: {
      startTime: new Date(Math.min(from.getTime(), latest)).toISOString(),
      ...(to === undefined ? {} : { endTime: to.toISOString() }),
      ...(eventName === undefined ? {} : { eventName }),
      ...(where === undefined ? {} : { filters: `${where.parameter}==${where.value}` }),
      maxResults: String(PAGE_SIZE),
    },
    scope: SCOPE.reports,
    what: `the ${application} audit log`,
    call,
  };
  const listed = await readList(tools.api, request, {
    key: 'items',
    item: activity.nullable().catch(null),
    maxPages: query.maxPages,
  });
  if (!listed.ok) return listed;
  const rows = listed.value.items;
  const items = rows.flatMap((row) => (row === null ? [] : spread(application, row)));
  const unreadable = rows.filter((row) => row === null).length;
  // With an event name, Google still shows the other events of the same activity.
  const wanted = items.filter(({ name, at }) => at >= from && (eventName === undefined || name === eventName));
  const complete = listed.value.complete && unreadable === 0;
  return ok({ items: wanted.sort(newestFirst), complete, unreadable });
}

export interface Since {
  readonly from: Date;
  readonly call: CallContext;
}

/** What administrators did to one person under one event name, newest first. */
export async function adminActsOn(
  tools: Tools,
  login: string,
  eventName: string,
  { from, call }: Since,
): Answer<Activities> {
  const where = { parameter: 'USER_EMAIL', value: login };
  const found = await readActivities(
    tools,
    { application: 'admin', actor: 'all', eventName, where, from, maxPages: 5 },
    call,
  );
  if (!found.ok) return found;
  const items = found.value.items.filter((row) => row.parameter('USER_EMAIL')?.toLowerCase() === login.toLowerCase());
  return ok({ ...found.value, items });
}

/** Every password change of one person, by administrators and by the person, newest first. */
export async function passwordChanges(tools: Tools, login: string, since: Since): Answer<Activities> {
  const { from, call } = since;
  const [byAdmins, byThemselves] = await Promise.all([
    adminActsOn(tools, login, 'CHANGE_PASSWORD', since),
    readActivities(tools, { application: 'login', actor: login, eventName: 'password_edit', from, maxPages: 2 }, call),
  ]);
  if (!byAdmins.ok) return byAdmins;
  if (!byThemselves.ok) return byThemselves;
  const items = [...byAdmins.value.items, ...byThemselves.value.items].sort(newestFirst);
  const unreadable = byAdmins.value.unreadable + byThemselves.value.unreadable;
  return ok({ items, complete: byAdmins.value.complete && byThemselves.value.complete, unreadable });
}
