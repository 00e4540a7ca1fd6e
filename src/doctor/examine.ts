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
}

/**
 * What is examined outside the identity systems: the security channel, the cards of open incidents, who may decide,
 * mail.
 */
const OTHER_SUBJECTS = ['channel', 'cards', 'approvers', 'mail'] as const;

export type Found = Omit<Finding, 'subject'> & {
  readonly subject: Finding['subject'] | (typeof OTHER_SUBJECTS)[number];
};

const subject = z.enum(['reach', 'sign_in', 'clock', 'find', 'events', 'evidence', ...OTHER_SUBJECTS, ...ACTION_KINDS]);
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
  findings: z.array(z.object({ subject, verdict, detail: z.string(), fix: z.string() })),
});

const SOUND: ReadonlySet<Finding['verdict']> = new Set(['ok', 'console', 'cannot_tell']);

/** Whether somebody has to act before an incident. */
export const isSound = ({ account, findings }: Diagnosis): boolean =>
  findings.every(({ verdict: said }) => SOUND.has(said)) && (account === null || account.problem === null);

/** Whom to look for in a system; `null`: somebody said that there is no account there. */
export type IdentifiersIn = (system: string) => PersonIdentifiers | null;

async function examineOne(
  connector: Connector,
  identifiersIn: IdentifiersIn | null,
  call: CallContext,
): Promise<Diagnosis> {
  const base = { system: connector.system, title: connector.title };
  const identifiers = identifiersIn?.(connector.system) ?? null;
  if (identifiersIn === null || identifiers === null)
    return { ...base, account: null, findings: await connector.examine(null, call) };
  const found = await connector.find(identifiers, call);
  const account: AccountRef | null = found.ok ? found.value : null;
  return {
    ...base,
    account: {
      login: account?.login ?? null,
      // No account in a system needs no fix: not everybody has one everywhere.
      problem: found.ok || found.error.kind === 'not_found' ? null : found.error.message,
    },
    findings: await connector.examine(account, call),
  };
}

/** Checks in every system at once what would work, without changing anything. */
export const examineSystems = (
  connectors: ReadonlyMap<string, Connector>,
  identifiersIn: IdentifiersIn | null,
  call: CallContext,
): Promise<readonly Diagnosis[]> =>
  Promise.all([...connectors.values()].map((connector) => examineOne(connector, identifiersIn, call)));
