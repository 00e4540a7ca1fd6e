import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, PersonHandles } from '../port.js';
import { filterText, segment, type ScimApi } from './api.js';
import type { ScimFailure } from './failures.js';
import type { ScimSettings } from './settings.js';

const PAGE = 100;
/** A server that ignores filters is read this far before it is said that it does. */
const MOST_PAGES = 20;
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const valued = z.object({
  value: z.string().nullish(),
  display: z.string().nullish(),
  type: z.string().nullish(),
  primary: z.boolean().nullish(),
});
const listed = z.array(valued).nullish().catch(null);

const user = z.object({
  id: z.string().min(1),
  userName: z.string().catch(''),
  externalId: z.string().nullish().catch(null),
  active: z
    .union([z.boolean(), z.enum(['true', 'false', 'True', 'False']).transform((text) => text.toLowerCase() === 'true')])
    .nullish()
    .catch(null),
  emails: listed,
  phoneNumbers: listed,
  groups: listed,
  roles: listed,
  entitlements: listed,
  [ENTERPRISE]: z
    .object({ employeeNumber: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
  meta: z
    .object({ version: z.string().nullish().catch(null), lastModified: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
});
export type ScimUser = z.output<typeof user>;

const list = z.object({
  totalResults: z.number(),
  Resources: z.array(z.unknown()).nullish(),
});

export const userPath = (id: string): string => `/Users/${segment(id)}`;

export const readUser = (api: ScimApi, id: string, call: CallContext): Promise<Result<ScimUser, ScimFailure>> =>
  api.read(userPath(id), user, call);

const same = (left: string | null | undefined, right: string): boolean => left?.toLowerCase() === right.toLowerCase();

interface Query {
  readonly filter: string;
  /** Compared once more here: a server may ignore the filter and answer with everybody. */
  readonly matches: (found: ScimUser) => boolean;
}

function queriesFor({ emails, employeeId }: PersonHandles): readonly Query[] {
  // A server may compare letters exactly, against the RFC: both spellings are asked for.
  const spellings = emails.map((email) => email.trim()).flatMap((email) => [email, email.toLowerCase()]);
  const addresses = [...new Set(spellings)].filter((email) => email !== '');
  const number = employeeId === null || employeeId === '' ? [] : [employeeId];
  return [
    ...addresses.flatMap((email): Query[] => [
      { filter: `userName eq ${filterText(email)}`, matches: (found) => same(found.userName, email) },
      {
        filter: `emails.value eq ${filterText(email)}`,
        matches: (found) => found.emails?.some(({ value }) => same(value, email)) === true,
      },
    ]),
    ...number.map((employee): Query => ({
      filter: `${ENTERPRISE}:employeeNumber eq ${filterText(employee)}`,
      matches: (found) => found[ENTERPRISE]?.employeeNumber === employee,
    })),
  ];
}

/** Resources of a page that are users; one that is not readable is no candidate. */
const usersOf = (resources: readonly unknown[]): readonly ScimUser[] =>
  resources.flatMap((resource) => {
    const parsed = user.safeParse(resource);
    return parsed.success ? [parsed.data] : [];
  });

async function search(
  api: ScimApi,
  query: Query,
  call: CallContext,
): Promise<Result<readonly ScimUser[], ScimFailure>> {
  const found: ScimUser[] = [];
  let read = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const parameters = new URLSearchParams({ filter: query.filter, startIndex: String(read + 1), count: String(PAGE) });
    const answer = await api.read(`/Users?${parameters.toString()}`, list, call);
    if (!answer.ok) return answer;
    const resources = answer.value.Resources ?? [];
    found.push(...usersOf(resources).filter(query.matches));
    read += resources.length;
    if (resources.length === 0 || read >= answer.value.totalResults) return ok(found);
  }
  const message = `The server answers a search with more than ${PAGE * MOST_PAGES} users: it seems to ignore filters; link the account by its id.`;
  return err({ kind: 'unsupported', message, scimType: null });
}

/** Searching by this attribute is not supported: another query may still find the person. */
const isRefusedFilter = ({ kind, scimType }: ScimFailure): boolean =>
  scimType === 'invalidFilter' || scimType === 'invalidPath' || kind === 'invalid_input';

/** The one account that the handles name, by `userName`, e-mail address or the enterprise extension's number. */
export async function findUser(
  api: ScimApi,
  settings: ScimSettings,
  person: PersonHandles,
  call: CallContext,
): Promise<Result<AccountRef, ConnectorFailure>> {
  const queries = queriesFor(person);
  const results = await Promise.all(queries.map((query) => search(api, query, call)));
  const found = new Map<string, ScimUser>();
  const refused: ScimFailure[] = [];
  for (const result of results) {
    if (!result.ok && !isRefusedFilter(result.error)) return result;
    if (!result.ok) refused.push(result.error);
    else for (const one of result.value) found.set(one.id, one);
  }
  const [only, second] = [...found.values()];
  const [reason] = refused;
  if (only === undefined && reason !== undefined && refused.length === queries.length) return err(reason);
  if (only === undefined)
    return err({
      kind: 'not_found',
      message: `${settings.title} has no account with these addresses; link it by hand if it has another name there.`,
    });
  if (second !== undefined) {
    const candidates = [...found.values()].map(({ id, userName }) => `${userName} (${id})`);
    return err({
      kind: 'ambiguous',
      message: `${settings.title} has ${found.size} accounts that fit; say which one is meant.`,
      candidates,
    });
  }
  return ok({
    system: `scim_${settings.id}`,
    accountId: only.id,
    login: only.userName === '' ? only.id : only.userName,
  });
}
