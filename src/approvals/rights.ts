import type { Role } from '../ports/roles.js';

const RESPONDERS = ['responder', 'approver'] as const satisfies readonly Role[];
const APPROVERS = ['approver'] as const satisfies readonly Role[];

/**
 * Who may do what: a command of the registry, or something that is asked for outside an incident. A new command is
 * asked for here; one that changes an account, or ends what others watch, is for approvers.
 */
export const RIGHTS = {
  take: RESPONDERS,
  startTasks: RESPONDERS,
  changeTask: RESPONDERS,
  rescan: RESPONDERS,
  completeManualStep: RESPONDERS,
  // The same step with the same values, within a day: what was approved, and nothing else.
  retryStep: RESPONDERS,
  decide: APPROVERS,
  undo: APPROVERS,
  /** Being the second of two. */
  countersign: APPROVERS,
  /** Looking over what one approver ran by breaking the glass. */
  signReview: ['approver', 'administrator', 'auditor'],
  correctAccounts: APPROVERS,
  close: APPROVERS,
  /** Ending the lock of somebody else's codes, with an own one. */
  liftLock: ['approver', 'administrator'],
  /** Enrolling an authenticator app on the page, once another administrator has approved it. */
  askEnrolment: ['approver', 'administrator'],
  /** Approving that, for somebody else. */
  approveEnrolment: ['administrator'],
  /** By no role: whoever the incident is about, once they have reported it (`hold.ts`). */
  holdOwn: [],
  /** Opening an incident about somebody who did not report. */
  lockdown: APPROVERS,
  /** Ending that others wait for an answer. */
  settleNotice: APPROVERS,
  doctor: ['approver', 'administrator'],
  /** App Home's list of open incidents, and who is in which role. */
  see: ['responder', 'approver', 'administrator', 'auditor'],
} as const satisfies Readonly<Record<string, readonly Role[]>>;

export type Right = keyof typeof RIGHTS;
