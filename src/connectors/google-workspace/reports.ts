import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { CallContext } from '../../ports/connector.js';
import { asPages, type Pages } from '../http/pages.js';
import type { Answer, Outcome } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { joined } from '../kit/evidence.js';
import { isSame } from '../kit/find.js';
import { SCOPE } from './scopes.js';
import { text } from './shapes.js';
import type { Tools } from './tools.js';

/** 1000 rows a page are allowed; 400 of the larger ones (2 KB) stay under the client's 1 MiB, still larger ones come in smaller pages. */
const PAGE_SIZE = 400;

/** Google refuses a beginning in its future, and its clock may be behind ours: more is requested, and dropped here. */
const CLOCKS_DIFFER_MS = 5 * 60 * 1000;

const parameter = z.object({
  name: z.string(),
  value: z.string().optional().catch(undefined),
  boolValue: z.boolean().optional().catch(undefined),
  multiValue: z.array(z.string()).optional().catch(undefined),
});

export const activity = z.object({
  id: z.object({
    time: z.iso.datetime({ offset: true }).transform((time) => new Date(time)),
    uniqueQualifier: z.union([z.string(), z.number()]).transform(String).catch(''),
    applicationName: z.string().catch(''),
  }),
  actor: z.object({ email: text }).catch({ email: null }).default({ email: null }),
  ipAddress: text,
  networkInfo: z.object({ regionCode: text, subdivisionCode: text }).nullable().catch(null).default(null),
  events: z.array(
    z.object({ name: z.string().min(1), parameters: z.array(parameter.nullable().catch(null)).catch([]).default([]) }),
  ),
});

export type Application = 'login' | 'admin' | 'user_accounts' | 'token';

export interface ActivityQuery {
  readonly application: Application;
  /** The actor: an address, or `all`. */
  readonly actor: string;
  readonly eventName?: string;
  /** One event parameter that must have this value; needs `eventName`. */
  readonly where?: { readonly parameter: string; readonly value: string };
  readonly from: Date;
  readonly to?: Date;
  readonly mostPages: number;
}

/** The events of an activity, each with the activity's common fields: their ids are unique over all applications. */
function spread(application: Application, { id, actor, ipAddress, networkInfo, events }: z.output<typeof activity>) {
  return events.map(({ name, parameters }, index) => ({
    id: `${application}:${id.time.toISOString()}:${id.uniqueQualifier}:${index}`,
    at: id.time,
    name,
    /** Who did it. */
    actor: actor.email,
    ip: ipAddress,
    /** `DE, DE-BE`; empty when Google does not say. */
    place: joined([networkInfo?.regionCode, networkInfo?.subdivisionCode]),
    parameter(wanted: string): string | null {
      const found = parameters.find((candidate) => candidate?.name === wanted);
      return found?.value ?? found?.boolValue?.toString() ?? found?.multiValue?.join(', ') ?? null;
    },
  }));
}
export type Activity = ReturnType<typeof spread>[number];

/** Newest first. */
export type Activities = Pages<Activity>;

/** Several logs as one; the first unreadable one fails them all. */
export function together(logs: readonly Outcome<Activities>[]): Outcome<Activities> {
  let all: Activities = asPages({ items: [], unreadable: 0 });
  for (const log of logs) {
    if (!log.ok) return log;
    const { items, unreadable, cut } = log.value;
    all = asPages({ items: [...all.items, ...items], unreadable: all.unreadable + unreadable }, all.cut || cut);
  }
  return ok(all);
}

const newestFirst = (a: Activity, b: Activity): number => b.at.getTime() - a.at.getTime();

/** Rows of Google's audit logs. They come late: the admin log by minutes, sign-ins by minutes to hours. */
export async function readActivities(tools: Tools, query: ActivityQuery, call: CallContext): Answer<Activities> {
  const { application, actor, eventName, where, from, to, mostPages } = query;
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
  // With an event name, Google still shows the other events of the same activity.
  const isWanted = ({ name, at }: Activity): boolean => at >= from && (eventName === undefined || name === eventName);
  return mapped(tools.api.list(request, { key: 'items', item: activity, mostPages }), (rows) => ({
    ...rows,
    items: rows.items
      .flatMap((row) => spread(application, row))
      .filter(isWanted)
      .sort(newestFirst),
  }));
}

export interface Since {
  readonly from: Date;
  readonly mostPages: number;
  readonly call: CallContext;
}

/** What administrators did to one person under one event name, newest first. */
export async function adminActsOn(
  tools: Tools,
  login: string,
  eventName: string,
  { from, mostPages, call }: Since,
): Answer<Activities> {
  const where = { parameter: 'USER_EMAIL', value: login };
  const query = { application: 'admin', actor: 'all', eventName, where, from, mostPages } as const;
  return mapped(readActivities(tools, query, call), (rows) => {
    const nameless = rows.items.filter((row) => row.parameter('USER_EMAIL') === null).length;
    const items = rows.items.filter((row) => isSame(row.parameter('USER_EMAIL'), login));
    return asPages({ items, unreadable: rows.unreadable + nameless }, rows.cut);
  });
}

/** Every password change of one person, by administrators and by the person, newest first. */
export async function passwordChanges(tools: Tools, login: string, from: Date, call: CallContext): Answer<Activities> {
  const own = { application: 'login', actor: login, eventName: 'password_edit', from, mostPages: 2 } as const;
  const changes = together(
    await Promise.all([
      adminActsOn(tools, login, 'CHANGE_PASSWORD', { from, mostPages: 5, call }),
      readActivities(tools, own, call),
    ]),
  );
  return mapped(changes, (rows) => ({ ...rows, items: rows.items.toSorted(newestFirst) }));
}
