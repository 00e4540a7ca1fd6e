import { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { Runtime } from '../../platform/runtime.js';
import type { CallContext, ConnectorFailure, Receipt } from '../../ports/connector.js';
import { createHttpClient, type HttpAnswer, type HttpFailure, type HttpLogEntry } from '../http/client.js';
import { lost } from '../http/network-failure.js';
import { fitting, rowsOf, withRows } from '../http/page-size.js';
import { readRows } from '../http/rows.js';
import { sendSigned } from '../http/signed.js';
import { ALREADY, changed, unsupported, type Answer } from '../kit/action.js';
import { andThen } from '../kit/answers.js';
import type { Clock } from '../kit/clock.js';
import type { Listed } from '../kit/items.js';
import type { Body } from './bodies.js';
import { classify, type Refused } from './failures.js';
import { createPace } from './pace.js';
import { covers, type Permission } from './permissions.js';
import type { EntraIdSettings } from './settings.js';
import { createTokens, type Access } from './token.js';

export interface GraphCall {
  /** With its version, e.g. `/v1.0/users`. */
  readonly path: string;
  readonly needs: readonly Permission[];
  readonly call: CallContext;
}

export interface GraphChange extends GraphCall {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly json?: Body;
  /** Microsoft lets only a few roles do it to an administrator. */
  readonly sensitive?: boolean;
  /** Whether a refusal with these words of Graph says that it is already so. */
  isAlready?(kind: ConnectorFailure['kind'], said: string): boolean;
  /** What a refusal means for this call, by Graph's own words; `null`: what it means anywhere. */
  retold?(failure: ConnectorFailure, said: string): ConnectorFailure | null;
}

export interface Rows<T> extends Listed<T> {
  /** How many are of another shape. */
  readonly unreadable: number;
  /** There were more than were requested. */
  readonly cut: boolean;
}

export interface GraphApi extends Clock {
  /** `what` is the requested kind, as in `something that is not a user`. */
  get<Schema extends z.ZodType>(schema: Schema, what: string, request: GraphCall): Answer<z.output<Schema>>;
  /** The rows of a collection, page after page, up to `most`. */
  list<Schema extends z.ZodType>(schema: Schema, request: GraphCall, most?: number): Answer<Rows<z.output<Schema>>>;
  /** A list that must be complete; `many`, as in `3 devices`. */
  whole<Schema extends z.ZodType>(schema: Schema, many: string, request: GraphCall): Answer<Listed<z.output<Schema>>>;
  change(request: GraphChange): Answer<Receipt>;
  /** Something new, as it was answered; `what` as in `get`. */
  make<Schema extends z.ZodType>(schema: Schema, what: string, request: GraphChange): Answer<z.output<Schema>>;
  /** `fresh`: with the grants of the last minute. */
  access(call: CallContext, fresh?: boolean): Answer<Access>;
}

const MOST_PAGES = 100;
/** The wait after a 429 that does not say how long: Conditional Access and Identity Protection. */
const OWN_BACK_OFF_MS = 5_000;
const PACED = ['/v1.0/identity/conditionalAccess/', '/v1.0/identityProtection/'];

const page = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional().catch(undefined),
});

type Request = GraphCall & Partial<Omit<GraphChange, 'method'>> & { readonly method?: 'GET' | GraphChange['method'] };

const withWait = (failure: HttpFailure): HttpFailure =>
  failure.kind === 'throttled' && failure.retryAfterMs === null
    ? { ...failure, retryAfterMs: OWN_BACK_OFF_MS }
    : failure;

/** The path of a next page; `null` when the link leads elsewhere: the token must not follow it. */
function pathOf(link: string, graphUrl: string): string | null {
  return link.startsWith(`${graphUrl}/`) ? link.slice(graphUrl.length) : null;
}

/** What is true when only unreadable items are left; `many`, as in `3 devices`. */
export const unread = (many: string): string =>
  `Microsoft Graph shows ${many} that cannot be read, and nothing else is left to do; look at them in the Entra admin center.`;

const otherThan = (what: string, write = false): ConnectorFailure =>
  lost(`Microsoft Graph answered something that is not ${what}`, write);

const told = ({ failure, said }: Refused, request: GraphChange): ConnectorFailure =>
  request.retold?.(failure, said) ?? failure;

/** Microsoft Graph with an application's own rights. */
export function createGraphApi(
  settings: EntraIdSettings,
  runtime: Runtime,
  log?: (entry: HttpLogEntry) => void,
): GraphApi {
  const shared = {
    system: 'Microsoft Entra ID',
    deadlineMs: settings.deadline_ms,
    runtime,
    log,
    redactKeys: ['password', 'client_secret', 'client_assertion', 'access_token'],
  };
  const login = createHttpClient({ ...shared, baseUrl: settings.login_url });
  const http = createHttpClient({ ...shared, baseUrl: settings.graph_url });
  const tokens = createTokens(login, settings, runtime);
  const pace = createPace(settings.conditional_access_interval_ms, runtime);

  async function send(request: Request): Promise<Result<Pick<HttpAnswer, 'body' | 'headers'>, Refused>> {
    const { method = 'GET', path, json, needs, sensitive = false, call } = request;
    const write = method !== 'GET';
    const body = json === undefined ? {} : { body: { json } };
    const paced = PACED.some((prefix) => path.startsWith(prefix));
    const answer = await sendSigned(
      tokens,
      { write, call },
      {
        send({ token }) {
          const headers = {
            authorization: `Bearer ${token.reveal()}`,
            'client-request-id': call.correlationId.replace(/[^\x21-\x7e]/g, '_').slice(0, 128),
          };
          const sendOnce = () => http.request({ method, path, headers, ...body, write, call });
          return paced ? pace(call.signal, sendOnce) : sendOnce();
        },
        lacks({ status }, { rights }) {
          if (status !== 403) return status === 401 ? 'token' : null;
          return rights !== null && needs.every((one) => covers(rights.permissions, one)) ? null : 'right';
        },
      },
    );
    if (!answer.ok) return err({ failure: withWait(answer.error), said: '' });
    const { status, token } = answer.value;
    return status < 400 ? answer : err(classify(answer.value, { needs, sensitive, rights: token.rights }));
  }

  async function readPages(request: GraphCall, most: number) {
    const rows: unknown[] = [];
    let next: string | null = request.path;
    for (let pages = 0; next !== null && pages < MOST_PAGES && rows.length < most; pages += 1) {
      const answer: Awaited<ReturnType<typeof send>> = await send({ ...request, path: next });
      if (!answer.ok) return err(answer.error.failure);
      const parsed = page.safeParse(answer.value.body);
      if (!parsed.success) return err(otherThan('a collection'));
      rows.push(...parsed.data.value);
      const link = parsed.data['@odata.nextLink'];
      next = link === undefined ? null : pathOf(link, settings.graph_url);
      if (link !== undefined && next === null)
        return err(lost('Microsoft Graph named a next page at another address', false));
    }
    return ok({ rows: rows.slice(0, most), cut: next !== null || rows.length > most });
  }

  /** How many rows of a collection fit into an answer, where that is fewer than requested. */
  const known = new Map<string, number>();

  /** A page that is too large to be read is requested again with half the rows: a sign-in names every policy. */
  const list: GraphApi['list'] = async (schema, request, most = 1_000) => {
    const { path } = request;
    const [collection = path] = path.split('?');
    const asked = rowsOf(path, '$top');
    const begin = asked === null ? null : Math.min(asked, known.get(collection) ?? asked);
    const { answer, rows: fit } = await fitting(begin, (some) =>
      readPages(some === null ? request : { ...request, path: withRows(path, '$top', some) }, most),
    );
    if (fit !== null && fit !== begin) known.set(collection, fit);
    if (!answer.ok) return answer;
    const { rows, cut } = answer.value;
    const read = readRows(rows, schema);
    return ok({ ...read, cut, complete: !cut && read.unreadable === 0 });
  };

  return {
    async get(schema, what, request) {
      const answer = await send(request);
      if (!answer.ok) return err(answer.error.failure);
      const parsed = schema.safeParse(answer.value.body);
      return parsed.success ? ok(parsed.data) : err(otherThan(what));
    },
    list,
    whole: (schema, many, request) =>
      andThen(list(schema, request), (found) =>
        found.cut
          ? unsupported(`The account has more ${many} than are read at once; look at them in the Entra admin center.`)
          : ok(found),
      ),
    async change(request) {
      const answer = await send(request);
      if (answer.ok) return ok(changed(answer.value.headers.get('request-id')));
      const { failure, said } = answer.error;
      return request.isAlready?.(failure.kind, said) ? ok(ALREADY) : err(told(answer.error, request));
    },
    async make(schema, what, request) {
      const answer = await send(request);
      if (!answer.ok) return err(told(answer.error, request));
      const parsed = schema.safeParse(answer.value.body);
      return parsed.success ? ok(parsed.data) : err(otherThan(what, true));
    },
    access: (call, fresh) => tokens.get(call, fresh),
    ahead: () => http.ahead(),
    vendorTime: (own) => http.vendorTime(own),
    ownTime: (vendor) => http.ownTime(vendor),
  };
}
