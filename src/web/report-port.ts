import { z } from 'zod';
import type { NoticeFacts } from '../mail/notice-mail.js';

/** 32 random bytes are 43 characters of base64url; nothing is decoded, so there is one spelling of a token. */
export const reportToken = z.string().regex(/^[A-Za-z0-9_-]{32,128}$/);

/** A notice as the page shows it. `timeZone` is the person's IANA zone. */
export interface OpenNotice extends NoticeFacts {
  readonly expiresAt: Date;
  readonly timeZone: string;
}

export type Gone = { readonly state: 'used' | 'expired' | 'unknown' };

export interface PageAnswer {
  readonly answer: 'not_me';
  readonly correlationId: string;
  readonly ip: string;
  /** At most 300 characters of one line; `null` when the browser sent none. */
  readonly userAgent: string | null;
}

/** What the report page needs from the core. `look` changes nothing; `report` spends the token, once. */
export interface ReportPagePort {
  look(token: string): Promise<({ readonly state: 'open' } & OpenNotice) | Gone>;
  report(token: string, answer: PageAnswer): Promise<{ readonly state: 'reported'; readonly reference: string } | Gone>;
}
