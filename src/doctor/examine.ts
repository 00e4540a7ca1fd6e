import * as z from 'zod';
import {
  ACTION_KINDS,
  type AccountRef,
  type CallContext,
  type Connector,
  type Finding,
  type PersonIdentifiers,
} from '../ports/connector.js';

/** What the doctor found out about one system. */
export interface Diagnosis {
  readonly system: string;
  readonly title: string;
  /** The account that was checked; `null` when none was. */
  readonly account: { readonly login: string | null; readonly problem: string | null } | null;
  readonly findings: readonly Found[];
  /** What has to be granted, ready to be pasted; `null` when no right is known to be missing. */
  readonly missing: MissingRights | null;
}

export interface MissingRights {
  readonly where: string;
  /** All of them, as they are entered there. */
  readonly paste: string;
  /** By what needs them. */
  readonly by_subject: Readonly<Record<string, readonly string[]>>;
}

/**
 * What is examined outside the identity systems: the security channel, the cards of open incidents, who may decide,
 * mail.
 */
const OTHER_SUBJECTS = ['channel', 'cards', 'approvers', 'mail'] as const;

export type Found = Omit<Finding, 'subject'> & {
  readonly subject: Finding['subject'] | (typeof OTHER_SUBJECTS)[number];
};

const subject = z.enum([
  ...(['reach', 'sign_in', 'clock', 'find', 'events', 'reports', 'evidence'] as const),
  ...OTHER_SUBJECTS,
  ...ACTION_KINDS,
]);
const verdict = z.enum([
  'ok',
  'console',
  'missing_permission',
  'unlicensed',
  'misconfigured',
  'blocked',
  'unreachable',
  'cannot_tell',
]);

/** Parses a stored diagnosis. */
export const diagnosisSchema: z.ZodType<Diagnosis> = z.object({
  system: z.string(),
  title: z.string(),
  account: z.object({ login: z.string().nullable(), problem: z.string().nullable() }).nullable(),
  findings: z.array(
    z.object({ subject, verdict, detail: z.string(), fix: z.string(), missing: z.array(z.string()).exactOptional() }),
  ),
  // A diagnosis that an earlier version stored has none.
  missing: z
    .object({ where: z.string(), paste: z.string(), by_subject: z.record(z.string(), z.array(z.string())) })
    .nullish()
    .transform((missing) => missing ?? null),
});

const SOUND: ReadonlySet<Finding['verdict']> = new Set(['ok', 'console', 'cannot_tell']);

/** Whether somebody has to act before an incident. */
export const isSound = ({ account, findings }: Diagnosis): boolean =>
  findings.every(({ verdict: said }) => SOUND.has(said)) && (account === null || account.problem === null);

function missingIn({ granting }: Connector, findings: readonly Finding[]): MissingRights | null {
  const lacking = findings.flatMap(({ subject: of, missing = [] }) => (missing.length === 0 ? [] : [[of, missing]]));
  const by_subject = Object.fromEntries(lacking) as MissingRights['by_subject'];
  const rights = [...new Set(Object.values(by_subject).flat())].sort();
  if (granting === undefined || rights.length === 0) return null;
  return { where: granting.where, paste: rights.join(granting.separator), by_subject };
}

/** Whom to look for in a system; `null`: somebody said that there is no account there. */
export type IdentifiersIn = (system: string) => PersonIdentifiers | null;

async function examineOne(
  connector: Connector,
  identifiersIn: IdentifiersIn | null,
  call: CallContext,
): Promise<Diagnosis> {
  const examined = async (account: AccountRef | null): Promise<Omit<Diagnosis, 'account'>> => {
    const findings = await connector.examine(account, call);
    return { system: connector.system, title: connector.title, findings, missing: missingIn(connector, findings) };
  };
  const identifiers = identifiersIn?.(connector.system) ?? null;
  if (identifiersIn === null || identifiers === null) return { account: null, ...(await examined(null)) };
  const found = await connector.find(identifiers, call);
  const account: AccountRef | null = found.ok ? found.value : null;
  return {
    account: {
      login: account?.login ?? null,
      // No account in a system needs no fix: not everybody has one everywhere.
      problem: found.ok || found.error.kind === 'not_found' ? null : found.error.message,
    },
    ...(await examined(account)),
  };
}

/** Checks in every system at once what would work, without changing anything. */
export const examineSystems = (
  connectors: ReadonlyMap<string, Connector>,
  identifiersIn: IdentifiersIn | null,
  call: CallContext,
): Promise<readonly Diagnosis[]> =>
  Promise.all([...connectors.values()].map((connector) => examineOne(connector, identifiersIn, call)));
