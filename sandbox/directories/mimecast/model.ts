/** A user as Mimecast keeps it; the password only as salt and hash. */
export interface MimecastUserRecord {
  emailAddress: string;
  name: string;
  passwordSalt: string;
  passwordHash: string;
  forcePasswordChange: boolean;
  passwordNeverExpires: boolean;
  accountLocked: boolean;
  accountDisabled: boolean;
  allowPop: boolean;
  allowSmtp: boolean;
}

export interface MimecastGroupRecord {
  id: string;
  /** The group's name: Mimecast calls it so. Not unique. */
  description: string;
  source: 'cloud' | 'ldap';
  members: string[];
}

export interface AuditRecord {
  readonly id: string;
  readonly auditType: string;
  /** The actor, not the person it happened to. */
  readonly user: string;
  /** UTC, whole seconds, `2026-01-01T00:00:00+0000`. */
  readonly eventTime: string;
  readonly eventInfo: string;
  readonly category: string;
}

/** A change that took effect; a repeat that changes no flag is none, a password that is set again is one. */
export interface Effect {
  readonly at: string;
  readonly kind:
    | 'reset_password'
    | 'attacker_reset'
    | 'disable_account'
    | 'enable_account'
    | 'change_flags'
    | 'add_group_member'
    | 'remove_group_member';
  readonly email: string;
  readonly detail: string;
}

/** Everything that the directory holds; plain JSON. */
export interface MimecastSnapshot {
  readonly users: readonly MimecastUserRecord[];
  readonly groups: readonly MimecastGroupRecord[];
  readonly audit: readonly AuditRecord[];
  readonly effects: readonly Effect[];
}

export interface MimecastCall {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** `null` when no answer was sent. */
  readonly status: number | null;
  /** The request's JSON with passwords and secrets replaced. */
  readonly body: unknown;
  readonly correlationId: string | null;
  readonly requestId: string;
}
