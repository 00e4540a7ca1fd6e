import type { WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { DirectoryPerson, PeopleDirectory } from '../incidents/directory.js';
import type { Runtime } from '../runtime.js';
import { slackErrorOf } from './failures.js';

const slackUser = z.object({
  user: z.object({
    id: z.string(),
    deleted: z.boolean().optional(),
    is_bot: z.boolean().optional(),
    tz: z.string().optional(),
    real_name: z.string().optional(),
    name: z.string().optional(),
    profile: z
      .object({ email: z.string().optional(), title: z.string().optional(), real_name: z.string().optional() })
      .optional(),
  }),
});

const members = z.object({ users: z.array(z.string()) });

/** Those that were found to be time zones: asking is dear, and there are few. */
const zones = new Set<string>();

const isTimeZone = (name: string): boolean => {
  if (zones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    zones.add(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

/** What configuration says about a person, over what Slack says. */
export interface ProfileOverride {
  readonly slackUser: string | null;
  readonly email: string | null;
  readonly timeZone: string | null;
  readonly manager: string | null;
}

export interface DirectoryOptions {
  /** Used when Slack gives no usable time zone. */
  readonly defaultTimeZone: string;
  readonly overrides: readonly ProfileOverride[];
}

const present = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

/** An override names its person by Slack id, else by the e-mail address in the profile. */
function concerns(override: ProfileOverride, id: string, email: string | null): boolean {
  if (override.slackUser !== null) return override.slackUser === id;
  return email !== null && override.email === email.toLowerCase();
}

type SlackUser = z.output<typeof slackUser>['user'];

const nameOf = (user: SlackUser): string => user.profile?.real_name ?? user.real_name ?? user.name ?? user.id;

function toPerson(answer: unknown, options: DirectoryOptions): DirectoryPerson | null {
  const { user } = slackUser.parse(answer);
  if (user.deleted) return null;
  const told = present(user.profile?.email);
  const override = options.overrides.find((one) => concerns(one, user.id, told));
  const zone = override?.timeZone ?? user.tz;
  return {
    slackUserId: user.id,
    email: override?.email ?? told,
    name: nameOf(user),
    title: present(user.profile?.title),
    manager: override?.manager ?? null,
    timeZone: zone !== undefined && isTimeZone(zone) ? zone : options.defaultTimeZone,
    isBot: user.is_bot ?? false,
  };
}

const UNKNOWN = new Set(['user_not_found', 'users_not_found', 'user_not_visible']);

/** Looks people up in Slack, by id or by the exact e-mail address; never by name. */
export function createPeopleDirectory(client: WebClient, options: DirectoryOptions): PeopleDirectory {
  async function ask(call: () => Promise<unknown>): Promise<DirectoryPerson | null> {
    try {
      return toPerson(await call(), options);
    } catch (error) {
      const code = slackErrorOf(error);
      if (code !== null && UNKNOWN.has(code)) return null;
      throw error;
    }
  }
  const overridden = (email: string): string | null =>
    options.overrides.find((one) => one.email?.toLowerCase() === email.toLowerCase())?.slackUser ?? null;
  const bySlackId = (user: string): Promise<DirectoryPerson | null> => ask(() => client.users.info({ user }));
  return {
    bySlackId,
    byEmail: (email) => {
      const known = overridden(email);
      return known === null ? ask(() => client.users.lookupByEmail({ email })) : bySlackId(known);
    },
  };
}

/** A user group's members, remembered for a short while: asked at each click and again in each job. */
export function createUserGroupReader(
  client: WebClient,
  runtime: Runtime,
  keepMs = 15_000,
): (group: string) => Promise<readonly string[]> {
  const known = new Map<string, { at: number; users: readonly string[] }>();
  return async (usergroup) => {
    const hit = known.get(usergroup);
    const now = runtime.now().getTime();
    if (hit && now - hit.at < keepMs) return hit.users;
    const { users } = members.parse(await client.usergroups.users.list({ usergroup }));
    known.set(usergroup, { at: now, users });
    return users;
  };
}
