import { z } from 'zod';
import type { NoticeFacts } from '../mail/notice-mail.js';

/** 32 random bytes are 43 characters of base64url; nothing is decoded, so there is one spelling of a token. */
export const reportToken = z.string().regex(/^[A-Za-z0-9_-]{32,128}$/);

/** A notice as the page shows it. `timeZone` is the person's IANA zone. */
export interface OpenNotice extends NoticeFacts {
  readonly expiresAt: Date;
  readonly timeZone: string;
  /** It was answered here with "This was me": whoever sees that and did not say it learns of it. */
  readonly saidMe: boolean;
}

export type Gone = { readonly state: 'used' | 'expired' | 'unknown' };

export interface PageAnswer {
  readonly answer: 'not_me' | 'me';
  readonly correlationId: string;
  readonly ip: string;
  /** At most 300 characters of one line; `null` when the browser sent none. */
  readonly userAgent: string | null;
}

/** What became of an answer. `claimed`: "this was me" is noted; `already_reported`: it came after "not me". */
export type Taken =
  | { readonly state: 'reported'; readonly reference: string }
  | { readonly state: 'claimed' | 'already_reported' }
  | Gone;

/** What the report page needs from the core. `look` changes nothing; `answer` spends the token with "not me", once. */
export interface ReportPagePort {
  look(token: string): Promise<({ readonly state: 'open' } & OpenNotice) | Gone>;
  answer(token: string, answer: PageAnswer): Promise<Taken>;
}
