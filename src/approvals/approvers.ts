/** Who may decide, as configured. Both lists empty means nobody. */
export interface ApproverList {
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
}

/** Tells whether somebody may decide. Implemented over Slack's user groups; fails closed. */
export interface Approvers {
  /** Whether anybody is configured at all. */
  readonly configured: boolean;
  /** @throws when a user group has to be asked and Slack does not answer */
  includes(slackUserId: string): Promise<boolean>;
  /** The Slack ids of all approvers. @throws like `includes` */
  all(): Promise<readonly string[]>;
}

/** Approvers from configuration; `membersOf` asks Slack for a user group's members. */
export function createApprovers(
  list: ApproverList,
  membersOf: (userGroup: string) => Promise<readonly string[]>,
): Approvers {
  async function all(): Promise<string[]> {
    const groups = await Promise.all(list.userGroups.map((group) => membersOf(group)));
    return [...new Set([...list.users, ...groups.flat()])];
  }
  return {
    configured: list.users.length + list.userGroups.length > 0,
    includes: async (slackUserId) => list.users.includes(slackUserId) || (await all()).includes(slackUserId),
    all,
  };
}
