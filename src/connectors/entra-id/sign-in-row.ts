import { z } from 'zod';
import type { EvidenceItem } from '../port.js';
import type { Told } from './audit-row.js';
import { time } from './user.js';

const words = z.string().nullish().catch(null);

const signInRow = z.object({
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

const filled = (parts: readonly (string | null | undefined)[]): readonly string[] =>
  parts.filter((part) => typeof part === 'string').filter((part) => part !== '');

type SignInRow = z.output<typeof signInRow>;

/** `errorCode` 0 is success; `null` when the row does not tell. */
const succeededOf = ({ status }: SignInRow): boolean | null =>
  status === null || status === undefined ? null : status.errorCode === 0;

const risky = (level: string | null | undefined): string | null =>
  typeof level !== 'string' || ['', 'none', 'hidden'].includes(level) ? null : `risk ${level}`;

/** The facts of a row that are there. */
function factsOf(row: SignInRow): Omit<EvidenceItem, 'id' | 'title' | 'at'> {
  const { ipAddress, location, deviceDetail, status } = row;
  const succeeded = succeededOf(row);
  const place = filled([location?.countryOrRegion, location?.city]).join(', ');
  const device = filled([deviceDetail?.browser, deviceDetail?.operatingSystem, deviceDetail?.displayName]).join(', ');
  const why = succeeded === false ? status?.failureReason : null;
  const detail = filled([row.clientAppUsed, why, risky(row.riskLevelDuringSignIn)]).join('; ');
  return {
    ...(ipAddress ? { ip: ipAddress } : {}),
    ...(place === '' ? {} : { place }),
    ...(device === '' ? {} : { device }),
    ...(succeeded === null ? {} : { succeeded }),
    ...(detail === '' ? {} : { detail }),
  };
}

/** One sign-in as evidence. */
export function signInOf(raw: unknown): EvidenceItem | null {
  const parsed = signInRow.safeParse(raw);
  if (!parsed.success) return null;
  const { id, createdDateTime: at, appDisplayName } = parsed.data;
  return { id, title: `Sign-in to ${appDisplayName ?? 'an application'}`, at, ...factsOf(parsed.data) };
}

/** A successful sign-in as a notice; `null` for a failed one. */
export function signInEventOf(raw: unknown): Told | 'unreadable' | null {
  const parsed = signInRow.safeParse(raw);
  if (!parsed.success) return 'unreadable';
  const { id: eventId, createdDateTime: occurredAt, userPrincipalName: login, ipAddress, status } = parsed.data;
  if (status?.errorCode !== 0) return null;
  if (occurredAt === null || !login) return 'unreadable';
  const event = { eventId, kind: 'sign_in', login, actor: login, occurredAt, ip: ipAddress ?? null } as const;
  return { event, activity: '' };
}
