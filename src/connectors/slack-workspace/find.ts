import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { AccountRef, CallContext, PersonIdentifiers } from '../../ports/connector.js';
import type { Answer } from '../kit/action.js';
import { isAddress, theOnly, tidy } from '../kit/find.js';
import { shaped, type SlackApi } from './api.js';
import { METHOD } from './permissions.js';
import { holder } from './user.js';

const resources = z.object({
  Resources: z
    .array(
      z.object({
        id: z.string().min(1),
        emails: z.array(z.object({ value: z.string() })).catch([]),
        userName: z.string().catch(''),
      }),
    )
    .catch([]),
});

const accountOf = (accountId: string, login: string): AccountRef => ({ system: 'slack', accountId, login });

/** Only SCIM finds deactivated people. Where SCIM is not available, they are not found. */
async function findInactive(api: SlackApi, email: string, call: CallContext): Answer<readonly AccountRef[]> {
  const query = new URLSearchParams({ filter: `email eq ${JSON.stringify(email)}`, count: '2' });
  const found = await shaped(api.scim(`/Users?${query.toString()}`, call), resources, 'a list of people');
  if (found.ok)
    return ok(found.value.Resources.map(({ id, emails, userName }) => accountOf(id, emails[0]?.value ?? userName)));
  return found.error.kind === 'transient' || found.error.kind === 'throttled' ? found : ok([]);
}

async function findOne(api: SlackApi, email: string, call: CallContext): Answer<readonly AccountRef[]> {
  const found = await shaped(api.web(METHOD.byEmail, { email }, call), holder, 'the person');
  if (!found.ok) return found.error.kind === 'not_found' ? findInactive(api, email, call) : found;
  const { id, profile } = found.value.user;
  return ok([accountOf(id, profile.email ?? email)]);
}

/** The one account that any of the addresses names. Slack has no search by personnel number. */
export async function find(api: SlackApi, person: PersonIdentifiers, call: CallContext): Answer<AccountRef> {
  const found: AccountRef[] = [];
  for (const email of tidy(person).emails.filter(isAddress)) {
    const some = await findOne(api, email, call);
    if (!some.ok) return some;
    found.push(...some.value);
  }
  return theOnly(found, 'Slack');
}
