import { z } from 'zod';
import { err, ok, type Result } from '../../platform/result.js';
import type { AccountRef, CallContext, PersonIdentifiers } from '../../ports/connector.js';
import { lost } from '../http/network-failure.js';
import { readRows } from '../http/rows.js';
import { failure, type Answer } from '../kit/action.js';
import { isSame, theOnly } from '../kit/find.js';
import { contact } from '../http/contact.js';
import { segment } from '../http/path.js';
import { filterText, type ScimApi } from './api.js';
import type { ScimFailure } from './failures.js';
import { isEmpty, list } from './list.js';
import type { ScimSettings } from './settings.js';

const PAGE = 100;
/** How far a server that ignores filters is read before that is reported. */
const MOST_PAGES = 20;
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const detail = z.string().nullish().catch(null);
const valued = z.object({ value: detail, display: detail, type: detail });
/** An unreadable one is left out, the others stay; a bare text is its own value. `null`: there is none, or it is not shown. */
const listed = z
  .array(z.unknown())
  .nullish()
  .catch([undefined])
  .transform((rows) => rows?.map((row) => (typeof row === 'string' ? { value: row } : row)) ?? null)
  .transform((rows) => rows && readRows(rows, valued));

/** Booleans as servers write them: Azure's `"False"`, `"FALSE"`, `0`. */
const flag = z.preprocess((value) => {
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : value;
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : word;
}, z.boolean().nullish().catch(null));

const identifier = z.union([z.string().min(1), z.number().transform(String)]);

export const user = z.object({
  id: identifier,
  userName: z.string().catch(''),
  externalId: contact,
  active: flag.optional(),
  emails: listed,
  phoneNumbers: listed,
  groups: listed,
  roles: listed,
  entitlements: listed,
  [ENTERPRISE]: z.object({ employeeNumber: detail }).nullish().catch(null),
  meta: z.object({ version: detail, lastModified: detail }).nullish().catch(null),
});
export type ScimUser = z.output<typeof user>;

export const userPath = (id: string): string => `/Users/${segment(id)}`;

export const readUser = (api: ScimApi, id: string, call: CallContext): Promise<Result<ScimUser, ScimFailure>> =>
  api.read(userPath(id), user, call);

interface Query {
  readonly filter: string;
  /** Compared once more here: a server may ignore the filter and answer with everybody. */
  readonly matches: (found: ScimUser) => boolean;
}

function queriesFor({ emails, employeeId }: PersonIdentifiers): readonly Query[] {
  // A server may compare letters exactly, against the RFC: both spellings are queried.
  const spellings = emails.map((email) => email.trim()).flatMap((email) => [email, email.toLowerCase()]);
  const addresses = [...new Set(spellings)].filter((email) => email !== '');
  const number = employeeId === null || employeeId === '' ? [] : [employeeId];
  return [
    ...addresses.flatMap((email): Query[] => [
      { filter: `userName eq ${filterText(email)}`, matches: (found) => isSame(found.userName, email) },
      {
        filter: `emails.value eq ${filterText(email)}`,
        matches: (found) => found.emails?.items.some(({ value }) => isSame(value, email)) === true,
      },
    ]),
    ...number.map((employee): Query => ({
      filter: `${ENTERPRISE}:employeeNumber eq ${filterText(employee)}`,
      matches: (found) => found[ENTERPRISE]?.employeeNumber === employee,
    })),
  ];
}

const NO_LIST = 'The server answered a search with something that is no list of users, or with a count and no users';

interface Found {
  readonly users: readonly ScimUser[];
  /** It also answered with something that cannot be read. */
  readonly unread: boolean;
}

async function search(
  api: ScimApi,
  { filter, matches }: Query,
  call: CallContext,
): Promise<Result<Found, ScimFailure>> {
  const seen = new Map<string, ScimUser>();
  let read = 0;
  let unread = false;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const parameters = new URLSearchParams({ filter, startIndex: String(read + 1), count: String(PAGE) });
    const answer = await api.read(`/Users?${parameters.toString()}`, list, call);
    if (!answer.ok) return answer;
    const { Resources: resources, totalResults: total } = answer.value;
    const rows = resources ?? [];
    if (page === 0 && rows.length === 0 && !isEmpty(answer.value)) return err(lost(NO_LIST, false));
    read += rows.length;
    const known = seen.size;
    const { items, unreadable } = readRows(rows, user);
    unread ||= unreadable > 0;
    for (const one of items) seen.set(one.id, one);
    if (seen.size === known || (total != null && read >= total))
      return ok({ users: [...seen.values()].filter(matches), unread });
  }
  const message = `The server answers a search with more than ${PAGE * MOST_PAGES} users: it seems to ignore filters; link the account by its id.`;
  return err(failure('unsupported', message));
}

/** Whether the server shows any user at all to this token. */
export const readAnyUser = (api: ScimApi, call: CallContext): Promise<Result<unknown, ScimFailure>> =>
  api.read('/Users?startIndex=1&count=1', z.object({ Resources: z.array(z.unknown()).min(1) }), call);

/** Searching by this attribute is not supported: another query may still find the person. */
const isRefusedFilter = ({ kind, scimType }: ScimFailure): boolean =>
  scimType === 'invalidFilter' || scimType === 'invalidPath' || kind === 'invalid_input';

/** This query cannot be answered, others may be. Unlike an unknown filter, it leaves open who would be found. */
const isRefusedQuery = ({ kind }: ScimFailure): boolean => kind === 'permission' || kind === 'not_found';

/** The one account that the identifiers name, by `userName`, e-mail address or the enterprise extension's number. */
export async function findUser(
  api: ScimApi,
  { id: application, title }: ScimSettings,
  person: PersonIdentifiers,
  call: CallContext,
): Answer<AccountRef> {
  const queries = queriesFor(person);
  const found: ScimUser[] = [];
  const refused: ScimFailure[] = [];
  let unread = false;
  for (const result of await Promise.all(queries.map((query) => search(api, query, call)))) {
    if (result.ok) {
      found.push(...result.value.users);
      unread ||= result.value.unread;
    } else if (isRefusedFilter(result.error) || isRefusedQuery(result.error)) refused.push(result.error);
    else return result;
  }
  const hiding = refused.find((one) => isRefusedQuery(one) && !isRefusedFilter(one));
  const reason = hiding ?? (refused.length === queries.length ? refused[0] : undefined);
  if (found.length === 0 && reason !== undefined) return err(reason);
  const system = `scim_${application}`;
  return theOnly(
    found.map(({ id, userName }) => ({ system, accountId: id, login: userName === '' ? id : userName })),
    title,
    unread,
  );
}
