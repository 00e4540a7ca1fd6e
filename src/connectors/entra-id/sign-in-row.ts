import { z } from 'zod';
import type { EvidenceItem } from '../../ports/connector.js';
import { filled, joined } from '../kit/evidence.js';
import type { Told } from './audit-row.js';
import { time, words } from './user.js';

export const signInRow = z.object({
  id: z.string().min(1),
  createdDateTime: time,
  userPrincipalName: words,
  appDisplayName: words,
  clientAppUsed: words,
  ipAddress: words,
  riskLevelDuringSignIn: words,
  status: z.object({ errorCode: z.number(), failureReason: words }).nullish().catch(null),
  location: z.object({ city: words, countryOrRegion: words }).nullish().catch(null),
  deviceDetail: z.object({ displayName: words, operatingSystem: words, browser: words }).nullish().catch(null),
});

type SignInRow = z.output<typeof signInRow>;

/**
 * The password was right, and a later check stopped the sign-in (Microsoft Entra authentication and authorization error
 * codes): a second factor is required (50072, 50074, 50076, 50079, 50158), was not passed (500121), has to be
 * registered (50125) or is not trusted (53004); Conditional Access blocks it (53003) or requires another device or app
 * (50097, 50131, 53000, 53001, 53002), which it evaluates after the first factor; only "stay signed in?" was open
 * (50140).
 */
const PASSWORD_WAS_RIGHT: ReadonlySet<number> = new Set([
  50072, 50074, 50076, 50079, 50097, 50125, 50131, 50140, 50158, 53000, 53001, 53002, 53003, 53004, 500121,
]);

const stoppedLater = ({ status }: SignInRow): boolean => PASSWORD_WAS_RIGHT.has(status?.errorCode ?? 0);

/** `errorCode` 0 is success; `null` when the row does not say, or the sign-in was stopped after the password. */
const succeededOf = (row: SignInRow): boolean | null =>
  row.status == null || stoppedLater(row) ? null : row.status.errorCode === 0;

const risky = (level: string | null | undefined): string | null =>
  typeof level !== 'string' || ['', 'none', 'hidden'].includes(level) ? null : `risk ${level}`;

/** The facts that a row has. */
function factsOf(row: SignInRow): Omit<EvidenceItem, 'id' | 'title' | 'at'> {
  const { ipAddress, location, deviceDetail, status } = row;
  const succeeded = succeededOf(row);
  const place = joined([location?.countryOrRegion, location?.city]);
  const device = joined([deviceDetail?.browser, deviceDetail?.operatingSystem, deviceDetail?.displayName]);
  const why = succeeded === true ? null : status?.failureReason;
  const stopped = stoppedLater(row) ? 'the password was right' : null;
  const detail = joined([row.clientAppUsed, stopped, why, risky(row.riskLevelDuringSignIn)], '; ');
  return { ...filled({ ip: ipAddress, place, device, detail }), ...(succeeded === null ? {} : { succeeded }) };
}

/** One sign-in as evidence. */
export function signInOf(raw: unknown): EvidenceItem | null {
  const parsed = signInRow.safeParse(raw);
  if (!parsed.success) return null;
  const { id, createdDateTime: at, appDisplayName } = parsed.data;
  return { id, title: `Sign-in to ${appDisplayName ?? 'an application'}`, at, ...factsOf(parsed.data) };
}

/** A successful sign-in as a notice; `null` for a failed one, `unreadable` when it does not say whether it failed. */
export function signInEventOf(raw: unknown): Told | 'unreadable' | null {
  const parsed = signInRow.safeParse(raw);
  if (!parsed.success) return 'unreadable';
  const { id: eventId, createdDateTime: occurredAt, userPrincipalName: login, ipAddress, status } = parsed.data;
  if (status == null) return 'unreadable';
  if (status.errorCode !== 0) return null;
  if (occurredAt === null || !login) return 'unreadable';
  const event = { eventId, kind: 'sign_in', login, actor: login, occurredAt, ip: ipAddress ?? null } as const;
  return { event, activity: '' };
}
