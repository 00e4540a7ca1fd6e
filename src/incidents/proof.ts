import * as z from 'zod';

/**
 * How the one who decided showed who they are, beside their Slack account: the time-step of a one-time code, a passkey,
 * or a recovery code. NIST SP 800-63B calls these authenticators.
 */
export const proofSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('totp'), timeStep: z.int() }),
  /** `credential`: the id that its authenticator gave it. */
  z.strictObject({ kind: z.literal('passkey'), credential: z.string() }),
  /** `code`: the id of its row, never the code itself. */
  z.strictObject({ kind: z.literal('recovery'), code: z.string() }),
]);
export type Proof = z.output<typeof proofSchema>;

/** As stored; `null` when none was required. What cannot be read is none, and then no tag over it holds. */
export const storedProof = proofSchema.nullable().catch(null);

/** The second approver of a decision that needs two: who, when, and what their proof covers. */
const second = z.strictObject({ by: z.string(), at: z.iso.datetime(), plan: z.string(), proof: proofSchema });
export type Second = z.output<typeof second>;

export const storedSecond = second.nullable().catch(null);
