import * as z from 'zod';
import {
  ACTION_KINDS,
  type AccountRef,
  type CallContext,
  type Connector,
  type Finding,
  type PersonHandles,
} from '../connectors/port.js';

/** What the doctor found out about one system. */
export interface Diagnosis {
  readonly system: string;
  readonly title: string;
  /** The account that was asked about; `null` when nobody was. */
  readonly account: { readonly login: string | null; readonly problem: string | null } | null;
  readonly findings: readonly Finding[];
}

const subject = z.enum(['reach', 'sign_in', 'find', 'events', 'evidence', ...ACTION_KINDS]);
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

/** Reads a stored diagnosis. */
export const diagnosisSchema: z.ZodType<Diagnosis> = z.object({
  system: z.string(),
  title: z.string(),
  account: z.object({ login: z.string().nullable(), problem: z.string().nullable() }).nullable(),
  findings: z.array(z.object({ subject, verdict, detail: z.string(), fix: z.string() })),
});

const SOUND: ReadonlySet<Finding['verdict']> = new Set(['ok', 'console', 'cannot_tell']);

/** Whether somebody has to do something before an incident. */
export const isSound = ({ account, findings }: Diagnosis): boolean =>
  findings.every(({ verdict: said }) => SOUND.has(said)) && (account === null || account.problem === null);

/** Whom to look for in a system; `null`: there is no account there, as somebody said. */
export type HandlesIn = (system: string) => PersonHandles | null;

async function examineOne(connector: Connector, handlesIn: HandlesIn | null, call: CallContext): Promise<Diagnosis> {
  const base = { system: connector.system, title: connector.title };
  const handles = handlesIn?.(connector.system) ?? null;
  if (handlesIn === null || handles === null)
    return { ...base, account: null, findings: await connector.examine(null, call) };
  const found = await connector.find(handles, call);
  const account: AccountRef | null = found.ok ? found.value : null;
  return {
    ...base,
    account: {
      login: account?.login ?? null,
      // No account in a system is nothing to mend: not everybody has one everywhere.
      problem: found.ok || found.error.kind === 'not_found' ? null : found.error.message,
    },
    findings: await connector.examine(account, call),
  };
}

/** Asks every system at once what would work, without changing anything. */
export const examineSystems = (
  connectors: ReadonlyMap<string, Connector>,
  handlesIn: HandlesIn | null,
  call: CallContext,
): Promise<readonly Diagnosis[]> =>
  Promise.all([...connectors.values()].map((connector) => examineOne(connector, handlesIn, call)));
