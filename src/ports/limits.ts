/**
 * What one person may do only so often in an hour. `elsewhere`: incidents that open by themselves, about whomever, from
 * rejected sign-in requests and verdicts of identity systems.
 */
export const LIMITED = ['messages', 'home', 'refusals', 'lookups', 'doctor', 'lockdowns', 'elsewhere'] as const;
export type Limited = (typeof LIMITED)[number];

export type Limits = Readonly<Record<Limited, number>>;
