import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import * as z from 'zod';
import type { DirectoryPerson, PeopleDirectory } from '../ports/directory.js';
import type { Standing } from '../ports/roles.js';
import type { Runtime } from '../platform/runtime.js';
import { slackErrorOf } from './failures.js';
import { maybe, readable } from './lenient.js';
import { standingOf } from './standing.js';

export const slackUser = z.object({
  user: z.object({
    id: z.string(),
    tz: maybe(z.string()),
    real_name: maybe(z.string()),
    name: maybe(z.string()),
    profile: maybe(z.object({ email: maybe(z.string()), title: maybe(z.string()), real_name: maybe(z.string()) })),
  }),
});

export const members = z.object({ users: readable(z.string()) });

/** Names found to be time zones: the check is expensive, and there are few. */
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

/** What the configuration says about a person, which overrides Slack. */
export interface ProfileOverride {
  readonly slackUser: string | null;
  readonly email: string | null;
  readonly timeZone: string | null;
  readonly manager: string | null;
}

export interface DirectoryOptions {
  /** The workspace that is asked about. */
  readonly teamId: string;
  /** Used when Slack gives no usable time zone. */
  readonly defaultTimeZone: string;
  readonly overrides: readonly ProfileOverride[];
}

const present = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

/** An override identifies its person by Slack id, else by the e-mail address in the profile. */
function concerns(override: ProfileOverride, id: string, email: string | null): boolean {
  if (override.slackUser !== null) return override.slackUser === id;
  return email !== null && override.email === email.toLowerCase();
}

type SlackUser = z.output<typeof slackUser>['user'];

const nameOf = (user: SlackUser): string => user.profile?.real_name ?? user.real_name ?? user.name ?? user.id;

const answered = z.object({ user: z.unknown() });

function toPerson(answer: unknown, options: DirectoryOptions): DirectoryPerson | null {
  const { user } = slackUser.parse(answer);
  const standing: Standing = standingOf(answered.parse(answer).user, options.teamId);
  if (standing === 'deactivated') return null;
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
    standing,
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

/** Source: docs.slack.dev, errors of usergroups.users.list; by default a disabled group is one of them. */
const NO_GROUP = 'no_such_subteam';

/**
 * A user group's members, cached for a short while: read at each click and again in each job. `null` when Slack knows
 * no such group: it was deleted, or its id is wrong.
 */
export function createUserGroupReader(
  client: WebClient,
  runtime: Runtime,
  log: Pick<Logger, 'error'>,
  keepMs = 15_000,
): (group: string) => Promise<readonly string[] | null> {
  const known = new Map<string, { at: number; users: readonly string[] | null }>();

  async function ask(usergroup: string): Promise<readonly string[] | null> {
    try {
      return members.parse(await client.usergroups.users.list({ usergroup })).users;
    } catch (error) {
      if (slackErrorOf(error) !== NO_GROUP) throw error;
      log.error(
        { usergroup },
        'Slack knows no such user group; its members may do nothing as members of it. Take it out of workspace.roles in notme.yml, or name another',
      );
      return null;
    }
  }

  return async (usergroup) => {
    const hit = known.get(usergroup);
    const now = runtime.now().getTime();
    if (hit && now - hit.at < keepMs) return hit.users;
    const users = await ask(usergroup);
    known.set(usergroup, { at: now, users });
    return users;
  };
}
