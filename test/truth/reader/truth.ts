/** One thing in a directory that an action may end: a factor, a grant, a rule, a device. */
export interface Thing {
  /** Whether it still does what it does. */
  readonly on: boolean;
  /** What it is, whatever id it has: what is put back by an undo may have another. */
  readonly said: string;
  /** When it came; a thing that is given anew under its old id has another. */
  readonly since: string;
}
export type Things = ReadonlyMap<string, Thing>;

export const THINGS = ['factors', 'identity_providers', 'grants', 'app_passwords', 'mail_rules', 'devices'] as const;
export type ThingKind = (typeof THINGS)[number];

/** What a directory holds about one account, read past its API. */
export interface Truth extends Readonly<Record<ThingKind, Things>> {
  /** The account is switched on. */
  readonly canSignIn: boolean;
  readonly locked: boolean;
  /** `null`: the system knows no such demand. */
  readonly mustChange: boolean | null;
  /** Changes with every password that is set; `null`: there is none here. */
  readonly passwordMark: string | null;
  /** Whether the password opens the account as it is kept at this moment. */
  opens(password: string): boolean;
  /** Those that still hold. */
  readonly sessions: readonly string[];
  /** Further ways in that go on by themselves, by what they are: `API token`. */
  readonly tokens: Readonly<Record<string, number>>;
  readonly backupCodes: number;
  /** Where a forgotten password may be reset, as far as the account itself says. */
  readonly contacts: readonly string[];
  readonly ownRoles: readonly string[];
  readonly groupRoles: readonly string[];
  readonly twoStep: boolean;
  readonly quarantined: boolean;
  /** The prepared sets of ranges whose group holds the account. */
  readonly rangeSets: readonly string[];
  /** For everybody. */
  readonly blocked: readonly string[];
  readonly compromised: boolean;
  /** Mail protocols that are open. */
  readonly protocols: readonly string[];
}

export const NO_THINGS: Things = new Map();

/** A system without any of it: each reader says what its own has. */
export const NOTHING: Omit<Truth, 'canSignIn' | 'opens'> = {
  locked: false,
  mustChange: null,
  passwordMark: null,
  sessions: [],
  tokens: {},
  factors: NO_THINGS,
  identity_providers: NO_THINGS,
  grants: NO_THINGS,
  app_passwords: NO_THINGS,
  mail_rules: NO_THINGS,
  devices: NO_THINGS,
  backupCodes: 0,
  contacts: [],
  ownRoles: [],
  groupRoles: [],
  twoStep: false,
  quarantined: false,
  rangeSets: [],
  blocked: [],
  compromised: false,
  protocols: [],
};

export const things = <Row>(rows: readonly Row[], of: (row: Row) => Partial<Thing> & { readonly id: string }): Things =>
  new Map(
    rows.map((row) => {
      const { id, on = true, said = id, since = '' } = of(row);
      return [id, { on, said, since }];
    }),
  );

/** The prepared groups of a world, as the directory names them. */
export interface PreparedNames {
  readonly twoStep: string;
  readonly quarantine: string;
  /** Group by its ranges, joined with a blank. */
  readonly ranges: Readonly<Record<string, string>>;
}

/** Which of the prepared groups hold the account. */
export function memberships(
  isIn: (group: string) => boolean,
  { twoStep, quarantine, ranges }: PreparedNames,
): Pick<Truth, 'twoStep' | 'quarantined' | 'rangeSets'> {
  return {
    twoStep: isIn(twoStep),
    quarantined: isIn(quarantine),
    rangeSets: Object.entries(ranges).flatMap(([set, group]) => (isIn(group) ? [set] : [])),
  };
}
