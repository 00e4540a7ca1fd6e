import { ACTION_KINDS } from './connector.js';

/** What an approver may decide: one action in every linked system, or the whole plan. */
export const DECISION_KINDS = ['lockdown', ...ACTION_KINDS] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

/** What needs a one-time code: every decision, and the correction of linked accounts. */
export const CODED_KINDS = [...DECISION_KINDS, 'correct_accounts'] as const;
export type CodedKind = (typeof CODED_KINDS)[number];

/** What notme.yml may say of a person. */
export const PERSON_KINDS = ['ordinary', 'vip', 'administrator', 'service_account'] as const;
export type PersonKind = (typeof PERSON_KINDS)[number];

/** Whom a decision may be about: what notme.yml or a system says of them, or that they are an approver themselves. */
export const TARGET_KINDS = [...PERSON_KINDS, 'approver'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];
