/**
 * Reports made elsewhere. `reported`: the person told the system that something was not them; `push_denied`: a sign-in
 * request was rejected on the person's phone; `at_risk`: the system's own verdict of the account.
 */
export const REPORT_KINDS = ['reported', 'push_denied', 'at_risk'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** How sure a system is that somebody else has an account, ascending. */
export const RISK_LEVELS = ['low', 'medium', 'high'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** An event of the system: one that a person is notified of, or a report made there. */
export interface SystemEvent {
  /** The system's own id of the event; unique within the system. */
  readonly eventId: string;
  readonly kind: 'password_reset' | 'sign_in' | 'two_step_changed' | ReportKind;
  /** The login (an e-mail address or UPN) of the affected account. */
  readonly login: string;
  /** Who did it, as the system says; `null` when it does not. */
  readonly actor: string | null;
  /** Whether Notme's own credentials did it; absent when the system does not say so reliably. */
  readonly own?: boolean;
  readonly occurredAt: Date;
  /** The address it came from, when the system says. */
  readonly ip: string | null;
  /** Of a report: what it is about, in the system's own word. */
  readonly word?: string;
  /** Of a report: how sure the system is; absent where it does not say. */
  readonly level?: RiskLevel;
  /**
   * Of a report: when what it is about happened, where that may have been Notme's own doing (a reset of ours is told to
   * the person too). Absent: it cannot have been, or the system does not say.
   */
  readonly about?: Date;
}

/** What a person may be asked of: whether it was them. */
export type AskedKind = Exclude<SystemEvent['kind'], 'reported'>;
