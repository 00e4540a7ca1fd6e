import { generateSync } from 'otplib';

const STEP_MS = 30_000;

/** The one-time code that an authenticator app with this seed shows at an instant. */
export function codeAt(seed: string, at: Date): string {
  return generateSync({ secret: seed, epoch: Math.floor(at.getTime() / 1000) });
}

/** Milliseconds until the code changes. */
export const untilNextCode = (at: Date): number => STEP_MS - (at.getTime() % STEP_MS);
