import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, PersonHandles } from '../port.js';
import type { SlackApi } from './api.js';
import { METHOD } from './permissions.js';
import { userIn } from './user.js';

/** No address with a space, a quote or a backslash is anybody's here; it is not asked for. */
const ADDRESS = /^[^\s@"\\\p{Cc}]{1,200}@[^\s@"\\\p{Cc}]{1,200}$/u;
const MOST_ADDRESSES = 20;

interface Found {
  readonly id: string;
  readonly login: string;
}

const resources = z.looseObject({
  Resources: z
    .array(
      z.looseObject({
        id: z.string().min(1),
        emails: z.array(z.looseObject({ value: z.string() })).catch([]),
        userName: z.string().catch(''),
      }),
    )
    .catch([]),
});

const quoted = (text: string): string => `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;

/** Deactivated people are found by SCIM alone. Where SCIM is not to be had, they are not found. */
async function findInactive(
  api: SlackApi,
  email: string,
  call: CallContext,
): Promise<Result<readonly Found[], ConnectorFailure>> {
  const query = new URLSearchParams({ filter: `email eq ${quoted(email)}`, count: '2' });
  const answer = await api.scim('GET', `/Users?${query.toString()}`, { write: false, call });
  if (!answer.ok) {
    const { kind } = answer.error;
    const passing = kind === 'transient' || kind === 'throttled';
    return passing ? answer : ok([]);
  }
  const read = resources.safeParse(answer.value.body);
  if (!read.success)
    return err({ kind: 'transient', message: 'Slack answered without a list of people; it is safe to ask again.' });
  return ok(read.data.Resources.map(({ id, emails, userName }) => ({ id, login: emails[0]?.value ?? userName })));
}

async function findOne(
  api: SlackApi,
  email: string,
  call: CallContext,
): Promise<Result<readonly Found[], ConnectorFailure>> {
  const answer = await api.web(METHOD.byEmail, { email }, { write: false, call });
  if (!answer.ok) return answer.error.kind === 'not_found' ? findInactive(api, email, call) : answer;
  const user = userIn(answer.value.body);
  return user.ok ? ok([{ id: user.value.id, login: user.value.profile.email ?? email }]) : user;
}

/** The one account that any of the addresses names. Slack gives no search by personnel number. */
export async function find(
  api: SlackApi,
  person: PersonHandles,
  call: CallContext,
): Promise<Result<AccountRef, ConnectorFailure>> {
  const emails = [...new Set(person.emails.map((email) => email.trim().toLowerCase()))].filter((email) =>
    ADDRESS.test(email),
  );
  const found = new Map<string, Found>();
  for (const email of emails.slice(0, MOST_ADDRESSES)) {
    const some = await findOne(api, email, call);
    if (!some.ok) return some;
    for (const one of some.value) found.set(one.id, one);
  }
  const [first, ...others] = found.values();
  if (first === undefined)
    return err({
      kind: 'not_found',
      message: 'Slack has nobody with one of these addresses; check the address, or leave Slack out for this person.',
    });
  if (others.length > 0)
    return err({
      kind: 'ambiguous',
      message: 'Several people in Slack have one of these addresses; choose one of them.',
      candidates: [...found.values()].map(({ login }) => login),
    });
  return ok({ system: 'slack', accountId: first.id, login: first.login });
}
