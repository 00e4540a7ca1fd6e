import { z } from 'zod';
import { err, ok } from '../../result.js';
import type { AccountRef, CallContext } from '../port.js';
import type { GoogleApi } from './api.js';
import {
  chosenOf,
  doesNotHold,
  each,
  holds,
  isChosen,
  NOTHING_TO_DO,
  type Answer,
  type Handler,
  type Tools,
} from './handler.js';
import { readList, type Listed } from './pages.js';
import { SCOPE } from './scopes.js';
import { userPath } from './user.js';

const text = z.string().nullable().catch(null).default(null);

const grant = z.object({
  clientId: z.string().min(1),
  displayText: text,
  scopes: z.array(z.string()).catch([]).default([]),
  nativeApp: z.boolean().catch(false).default(false),
  anonymous: z.boolean().catch(false).default(false),
});
export type Grant = z.output<typeof grant>;

/** Milliseconds since 1970 as text; `0` where it never happened. */
const moment = z
  .union([z.string().regex(/^\d{1,15}$/), z.number().int().nonnegative()])
  .transform((value) => (Number(value) === 0 ? null : new Date(Number(value))))
  .nullable()
  .catch(null)
  .default(null);

const appPassword = z.object({
  codeId: z.union([z.number().int(), z.string().min(1)]).transform(String),
  name: text,
  creationTime: moment,
  lastTimeUsed: moment,
});
export type AppPassword = z.output<typeof appPassword>;

const MAX_PAGES = 10;

/** Tokens that the person gave to third-party apps. */
export const readGrants = (api: GoogleApi, account: AccountRef, call: CallContext): Answer<Listed<Grant>> =>
  readList(
    api,
    { path: `${userPath(account.accountId)}/tokens`, scope: SCOPE.security, what: 'the grants to apps', call },
    { key: 'items', item: grant, maxPages: MAX_PAGES },
  );

export const readAppPasswords = (api: GoogleApi, account: AccountRef, call: CallContext): Answer<Listed<AppPassword>> =>
  readList(
    api,
    { path: `${userPath(account.accountId)}/asps`, scope: SCOPE.security, what: 'the app passwords', call },
    { key: 'items', item: appPassword, maxPages: MAX_PAGES },
  );

interface DeletableList {
  readonly part: 'tokens' | 'asps';
  /** e.g. `grants to apps`. */
  readonly plural: string;
  readonly ids: (account: AccountRef, call: CallContext) => Answer<readonly string[]>;
}

/** Things in a list of the user, each deleted by its id. What is gone already is done. */
function deletion({ api }: Tools, { part, plural, ids }: DeletableList): Handler {
  const remove = async (account: AccountRef, id: string, call: CallContext) => {
    const path = `${userPath(account.accountId)}/${part}/${encodeURIComponent(id)}`;
    const what = `one of the ${plural} of ${account.login}`;
    const answer = await api.send({ method: 'DELETE', path, scope: SCOPE.security, what, call });
    if (answer.ok) return ok({ alreadyDone: false, requestId: answer.value.requestId });
    return answer.error.failure.kind === 'not_found' ? ok(NOTHING_TO_DO) : err(answer.error.failure);
  };
  return {
    capability: { route: 'native', undo: null, effectiveWithinSeconds: 0, permissions: [SCOPE.security] },
    survives: part === 'tokens' ? [{ what: 'Access tokens that the apps hold already', forSeconds: 3600 }] : [],
    async perform({ command, account, call }) {
      const chosen = chosenOf(command);
      const present = chosen === 'all' ? await ids(account, call) : ok(chosen);
      return present.ok ? each(present.value, (id) => remove(account, id, call)) : present;
    },
    async judge({ command, account, call }) {
      const present = await ids(account, call);
      if (!present.ok) return present;
      const left = present.value.filter((id) => isChosen(chosenOf(command), id));
      return ok(
        left.length === 0
          ? holds(`None of the chosen ${plural} is left (${present.value.length} in all).`)
          : doesNotHold(`The account still has ${left.length} of the chosen ${plural}.`),
      );
    },
  };
}

export const revokeGrants = (tools: Tools): Handler =>
  deletion(tools, {
    part: 'tokens',
    plural: 'grants to apps',
    async ids(account, call) {
      const found = await readGrants(tools.api, account, call);
      return found.ok ? ok(found.value.items.map(({ clientId }) => clientId)) : found;
    },
  });

export const deleteAppPasswords = (tools: Tools): Handler =>
  deletion(tools, {
    part: 'asps',
    plural: 'app passwords',
    async ids(account, call) {
      const found = await readAppPasswords(tools.api, account, call);
      return found.ok ? ok(found.value.items.map(({ codeId }) => codeId)) : found;
    },
  });
