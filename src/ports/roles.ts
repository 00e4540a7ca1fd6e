/** From those who may do least. An approver may also do all that a responder may: `src/approvals/rights.ts`. */
export const ROLES = ['responder', 'approver', 'administrator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Who is in a role, as configured. Both lists empty means nobody. */
export interface RoleList {
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
}

export type RoleLists = Readonly<Record<Role, RoleList>>;

/**
 * What somebody is in the workspace. Only a `member` acts in a role; `unknown`: Slack knows no such user, or does not
 * say.
 */
export type Standing =
  'member' | 'guest' | 'single_channel_guest' | 'deactivated' | 'stranger' | 'elsewhere' | 'app' | 'unknown';

export interface RoleGroup {
  readonly role: Role;
  /** The user group's id. */
  readonly group: string;
  /** `gone`: Slack knows no such group, or no longer. `silent`: Slack does not currently say who is in it. */
  readonly members: number | 'gone' | 'silent';
}

export interface RoleMember {
  readonly role: Role;
  readonly user: string;
  /** `silent`: Slack does not currently say. */
  readonly standing: Standing | 'silent';
}

/**
 * Says who is in which role. Implemented over Slack's user groups; fails closed, each group separately: nobody acts as
 * a member of a missing group, while members of the others still do.
 */
export interface Roles {
  /** Whether anybody is named for one of these roles. */
  configured(roles: readonly Role[]): boolean;
  /**
   * Whether somebody is in one of these roles; {@link standing} says whether they may act in it. @throws when it
   * depends on a user group for which Slack does not answer
   */
  has(slackUserId: string, roles: readonly Role[]): Promise<boolean>;
  /** @throws when Slack does not answer */
  standing(slackUserId: string): Promise<Standing>;
  /**
   * The Slack ids of all in these roles that are known now and can act: a user group for which Slack does not answer
   * does not hide the others. @throws when nobody is known and Slack did not answer
   */
  all(roles: readonly Role[]): Promise<readonly string[]>;
  /** Everybody in a role, whether they can act or not; `null` while a user group of it cannot be read. */
  whole(role: Role): Promise<readonly string[] | null>;
  /** Everybody in each role, also those who cannot act, for the doctor. */
  members(): Promise<readonly RoleMember[]>;
  /** Each user group, for the doctor. */
  groups(): Promise<readonly RoleGroup[]>;
}

/** What Slack is asked. */
export interface RoleSources {
  /** A user group's members; `null` when there is no such group. */
  readonly membersOf: (userGroup: string) => Promise<readonly string[] | null>;
  readonly standingOf: (slackUserId: string) => Promise<Standing>;
}

/** Roles from configuration, resolved by Slack. */
export function createRoles(lists: RoleLists, { membersOf, standingOf }: RoleSources): Roles {
  const usersIn = (roles: readonly Role[]): readonly string[] => roles.flatMap((role) => lists[role].users);
  const groupsIn = (roles: readonly Role[]): readonly string[] => [
    ...new Set(roles.flatMap((role) => lists[role].userGroups)),
  ];
  const askAll = (roles: readonly Role[]) => Promise.allSettled(groupsIn(roles).map((group) => membersOf(group)));
  type Asked = Awaited<ReturnType<typeof askAll>>;
  const membersIn = (asked: Asked): readonly string[] =>
    asked.flatMap((one) => (one.status === 'fulfilled' ? (one.value ?? []) : []));

  function refuseSilence(asked: Asked): void {
    const silent = asked.find((one) => one.status === 'rejected');
    if (silent) throw new Error('a user group of a role could not be read', { cause: silent.reason });
  }
  async function has(slackUserId: string, roles: readonly Role[]): Promise<boolean> {
    if (usersIn(roles).includes(slackUserId)) return true;
    const asked = await askAll(roles);
    if (membersIn(asked).includes(slackUserId)) return true;
    refuseSilence(asked);
    return false;
  }
  async function named(roles: readonly Role[]): Promise<readonly string[]> {
    const asked = await askAll(roles);
    const known = new Set([...usersIn(roles), ...membersIn(asked)]);
    if (known.size === 0) refuseSilence(asked);
    return [...known];
  }
  async function told(slackUserId: string): Promise<Standing | 'silent'> {
    const [asked] = await Promise.allSettled([standingOf(slackUserId)]);
    return asked.status === 'fulfilled' ? asked.value : 'silent';
  }
  async function sizeOf(group: string): Promise<RoleGroup['members']> {
    const [asked] = await Promise.allSettled([membersOf(group)]);
    return asked.status === 'rejected' ? 'silent' : (asked.value?.length ?? 'gone');
  }
  async function membersOfRole(role: Role): Promise<readonly RoleMember[]> {
    const asked = await askAll([role]);
    const users = [...new Set([...usersIn([role]), ...membersIn(asked)])];
    return Promise.all(users.map(async (user) => ({ role, user, standing: await told(user) })));
  }
  return {
    configured: (roles) => usersIn(roles).length + groupsIn(roles).length > 0,
    has,
    standing: standingOf,
    all: async (roles) => {
      const standings = await Promise.all((await named(roles)).map(async (user) => [user, await told(user)] as const));
      // Whom Slack does not speak of just now is told all the same: nobody acts on a message alone.
      return standings.filter(([, standing]) => standing === 'member' || standing === 'silent').map(([user]) => user);
    },
    whole: async (role) => {
      const asked = await askAll([role]);
      if (asked.some(({ status }) => status === 'rejected')) return null;
      return [...new Set([...usersIn([role]), ...membersIn(asked)])].sort();
    },
    members: async () => (await Promise.all(ROLES.map(membersOfRole))).flat(),
    groups: () =>
      Promise.all(
        ROLES.flatMap((role) => lists[role].userGroups.map((group) => ({ role, group }))).map(async (one) => ({
          ...one,
          members: await sizeOf(one.group),
        })),
      ),
  };
}
