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

/** One sign-in as evidence; `errorCode` 0 is success. */
export function signInOf(raw: unknown): EvidenceItem | null {
  const parsed = signInRow.safeParse(raw);
  if (!parsed.success) return null;
  const {
    id,
    createdDateTime: at,
    appDisplayName,
    clientAppUsed,
    ipAddress,
    status,
    location,
    deviceDetail,
  } = parsed.data;
  const risk = parsed.data.riskLevelDuringSignIn;
  const succeeded = status === null || status === undefined ? null : status.errorCode === 0;
  const place = filled([location?.countryOrRegion, location?.city]).join(', ');
  const device = filled([deviceDetail?.browser, deviceDetail?.operatingSystem, deviceDetail?.displayName]).join(', ');
  const detail = filled([
    clientAppUsed,
    succeeded === false ? status?.failureReason : null,
    risk === 'none' || risk === 'hidden' || !risk ? null : `risk ${risk}`,
  ]).join('; ');
  return {
    id,
    title: `Sign-in to ${appDisplayName ?? 'an application'}`,
    at,
    ...(ipAddress ? { ip: ipAddress } : {}),
    ...(place === '' ? {} : { place }),
    ...(device === '' ? {} : { device }),
    ...(succeeded === null ? {} : { succeeded }),
    ...(detail === '' ? {} : { detail }),
  };
}

/** A successful sign-in as a notice. */
export function signInEventOf(raw: unknown): Told | null {
  const parsed = signInRow.safeParse(raw);
  if (!parsed.success) return null;
  const { id: eventId, createdDateTime: occurredAt, userPrincipalName: login, ipAddress, status } = parsed.data;
  if (occurredAt === null || !login || status?.errorCode !== 0) return null;
  const event = { eventId, kind: 'sign_in', login, actor: login, occurredAt, ip: ipAddress ?? null } as const;
  return { event, activity: '' };
}
