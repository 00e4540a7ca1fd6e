/** What one person may do only so often in an hour. */
export const LIMITED = ['messages', 'home', 'refusals', 'lookups', 'doctor', 'lockdowns'] as const;
export type Limited = (typeof LIMITED)[number];

export type Limits = Readonly<Record<Limited, number>>;
