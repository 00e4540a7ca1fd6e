/** What is kept of an account before anything is changed. Times and addresses as the system reports them. */
export const EVIDENCE_SECTIONS = [
  'sign_ins',
  'factors',
  'identity_providers',
  'sessions',
  'grants',
  'app_passwords',
  'mail_rules',
  'devices',
  'roles',
  'groups',
  'recovery',
  'changes',
] as const;
export type EvidenceSection = (typeof EVIDENCE_SECTIONS)[number];

/** One thing that was found: a sign-in, a factor, a rule … */
export interface EvidenceItem {
  /** The system's own id; what an item action is given. Unique within its section. */
  readonly id: string;
  /** What it is, in a few words for the thread, e.g. `Phone +1 555 0100` or `Forward to x@evil.example`. */
  readonly title: string;
  /** When it happened or was added. */
  readonly at: Date | null;
  /** Further facts worth showing; an absent key means that the system does not say. */
  readonly ip?: string;
  /** Country, city … as the system says, the country first as ISO 3166 code or name: `DE, Berlin`. */
  readonly place?: string;
  /** Browser, operating system, user agent or device name. */
  readonly device?: string;
  readonly by?: string;
  /** For sign-ins: whether it succeeded. */
  readonly succeeded?: boolean;
  /** For mail rules: the addresses that mail goes to (forwarded, redirected, read by a delegate), as far as known. */
  readonly givesMailTo?: readonly string[];
  /** For mail rules: mail is hidden from its owner (deleted, sent to spam, or moved away and marked as read). */
  readonly hidesMail?: boolean;
  readonly detail?: string;
}
