/**
 * What identifies a person. E-mail addresses include the UPN and aliases; never a display name. A connector accepts any
 * account that one of them names; two different accounts are `ambiguous`.
 */
export interface PersonIdentifiers {
  readonly emails: readonly string[];
  /** The personnel number, where both sides keep it. */
  readonly employeeId: string | null;
  /**
   * Accounts count too whose address the system says is not verified: an approver named it, or it is a guard that shall
   * rather see too much. Otherwise one that only such an address names is `ambiguous`, and marked so.
   */
  readonly unverifiedToo?: true;
}

/** Where one account lives: `accountId` is the system's stable id, `login` what a person would type there. */
export interface AccountRef {
  readonly system: string;
  readonly accountId: string;
  readonly login: string;
}

/** The account as the system reported it at `readAt`. `null` means that the system cannot tell. */
export interface AccountState {
  readonly enabled: boolean | null;
  readonly locked: boolean | null;
  readonly mustChangePassword: boolean | null;
  readonly passwordChangedAt: Date | null;
  readonly twoStepRequired: boolean | null;
  /** The named set of login ranges in force, as CIDRs; `[]` when unrestricted. */
  readonly loginRanges: readonly string[] | null;
  /** Set when delegated rights do not reach this account (an administrator, AdminSDHolder): why, in one sentence. */
  readonly protectedBecause: string | null;
  /**
   * Where the account is managed. `synced`: it is copied from there, and the next sync may undo what is done here.
   * `federated`: people authenticate there, and the password here opens nothing. `from` is that system's id in Notme
   * when it is known (`active_directory`), else what this system calls it.
   */
  readonly authority:
    { readonly where: 'here' } | { readonly where: 'synced' | 'federated'; readonly from: string | null } | null;
  /** Names of the administrator roles; `[]` for an ordinary account. */
  readonly adminRoles: readonly string[] | null;
  /** What the system's own marks say (a service principal name, a licence, a naming rule of the system); never guessed. */
  readonly use: 'person' | 'service' | 'shared' | null;
  readonly readAt: Date;
}
