/** One sign-in as reported by an identity system. Texts are untrusted. */
export interface SignIn {
  readonly at: Date;
  /** The title of the identity system, e.g. `Okta`. */
  readonly system: string;
  readonly ip: string | null;
  /** Country, city … as the system says: `DE, Berlin`. */
  readonly place: string | null;
  readonly device: string | null;
  /** `null`: the system does not say. */
  readonly succeeded: boolean | null;
  /** The evidence flags it as unusual (a new country, a new device …). */
  readonly odd: boolean;
}

/** What a picture of sign-ins is drawn from. */
export interface SignInStory {
  readonly title: string;
  /** IANA name of the reader's zone; one that the runtime does not know is shown as UTC. */
  readonly timeZone: string;
  /** When the sign-ins were read: the picture ends here. */
  readonly now: Date;
  /** When the incident was reported. */
  readonly opened: Date;
  readonly signIns: readonly SignIn[];
}

/** The time range shown: from and to in milliseconds since 1970, and the zone. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
}

const FIRST_YEAR = Date.UTC(1900, 0, 1);
const LAST_YEAR = Date.UTC(2200, 0, 1);

/** A sign-in outside 1900 to 2200 has a broken time; on an axis it would squeeze all others into one point. */
export const hasPlausibleTime = (at: Date): boolean => at.getTime() >= FIRST_YEAR && at.getTime() <= LAST_YEAR;
