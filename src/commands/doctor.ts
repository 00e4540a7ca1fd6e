import { en } from '../../blocks/texts/en.js';
import { type Config } from '../config.js';
import { connectSystems } from '../connect.js';
import type { Finding, PersonHandles } from '../connectors/port.js';
import { type Diagnosis, examineSystems, type HandlesIn, isSound } from '../doctor/examine.js';
import { createLog } from '../log.js';
import { systemRuntime } from '../runtime.js';
import { configOrThrow } from './open.js';
import { createProgress } from './progress.js';

const LONGEST_MS = 120_000;

/** Nothing is linked, so nothing can be examined: not the same as "something is wrong". */
const NOTHING_LINKED = 2;

function handlesOf(config: Config, user: string): HandlesIn {
  const email = user.toLowerCase();
  const known = config.workspace.people.find((person) => person.email === email || person.aliases.includes(email));
  const emails = [...new Set([known?.email ?? email, email, ...(known?.aliases ?? [])])];
  return (system): PersonHandles => {
    const named = known?.accounts[system];
    return named === undefined
      ? { emails, employeeId: known?.employeeId ?? null }
      : { emails: [named], employeeId: null };
  };
}

const SIGNS: Readonly<Record<Finding['verdict'], string>> = {
  ok: 'ok  ',
  console: 'hand',
  cannot_tell: '?   ',
  missing_permission: 'FAIL',
  unlicensed: 'FAIL',
  misconfigured: 'FAIL',
  blocked: 'FAIL',
  unreachable: 'FAIL',
};

const SUBJECTS: Readonly<Record<Exclude<Finding['subject'], keyof typeof catalogueTitles>, string>> = {
  reach: 'answers',
  sign_in: 'takes our credentials',
  find: 'finds people',
  events: 'tells of events',
  evidence: 'gives evidence',
};

const catalogueTitles = {
  reset_password: en['action.reset_password'],
  revoke_sessions: en['action.revoke_sessions'],
  disable_account: en['action.disable_account'],
  enable_account: en['action.enable_account'],
  remove_factors: en['action.remove_factors'],
  invalidate_backup_codes: en['action.invalidate_backup_codes'],
  clear_recovery_contacts: en['action.clear_recovery_contacts'],
  require_two_step: en['action.require_two_step'],
  delete_app_passwords: en['action.delete_app_passwords'],
  revoke_grants: en['action.revoke_grants'],
  disable_mail_rules: en['action.disable_mail_rules'],
  block_mail_protocols: en['action.block_mail_protocols'],
  block_devices: en['action.block_devices'],
  remove_admin_roles: en['action.remove_admin_roles'],
  quarantine: en['action.quarantine'],
  limit_login_ips: en['action.limit_login_ips'],
  block_address: en['action.block_address'],
  confirm_compromised: en['action.confirm_compromised'],
} as const;

const nameOf = (subject: Finding['subject']): string => ({ ...SUBJECTS, ...catalogueTitles })[subject];

function sayFinding({ subject, verdict, detail, fix }: Finding): string[] {
  const lines = [`  ${SIGNS[verdict]}  ${nameOf(subject).padEnd(30)} ${detail}`];
  return fix === '' || verdict === 'ok' ? lines : [...lines, `        ${' '.repeat(30)} → ${fix}`];
}

function sayDiagnosis(diagnosis: Diagnosis): string[] {
  const { title, account, findings } = diagnosis;
  const who =
    account === null
      ? ''
      : account.problem !== null
        ? ` (${account.problem})`
        : ` (${account.login ?? 'no account there'})`;
  return [`${title}${who}`, ...findings.flatMap(sayFinding), ''];
}

/** `notme doctor [--user address] [--json]`: what would work in an incident, without changing anything. */
export async function doctorCommand(options: { user?: string; json: boolean }): Promise<void> {
  const config = configOrThrow();
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY });
  const connectors = connectSystems(config, systemRuntime(), log);
  const progress = createProgress(process.stderr);
  if (connectors.size === 0) {
    process.stderr.write(
      'No identity system is linked, so there is nothing to examine. Set the credentials of one (.env.example lists them), then run this again.\n',
    );
    process.exitCode = NOTHING_LINKED;
    return;
  }
  progress.step(`asking ${[...connectors.values()].map(({ title }) => title).join(', ')}`);
  const handles = options.user === undefined ? null : handlesOf(config, options.user);
  const call = { signal: AbortSignal.timeout(LONGEST_MS), correlationId: 'doctor' };
  const diagnoses = await examineSystems(connectors, handles, call);
  await Promise.all([...connectors.values()].map((connector) => connector.close()));
  // In one system too few is nothing to mend; in none at all the address is wrong, or nobody could be contained.
  const nobody =
    options.user !== undefined &&
    diagnoses.every(({ account }) => account !== null && account.login === null && account.problem === null);
  const ok = !nobody && diagnoses.every(isSound);
  if (nobody)
    process.stderr.write(
      `No linked system has an account of ${options.user}. Check the address, then run this again.\n`,
    );
  progress.done(ok ? 'Everything that can be done by itself would work.' : 'Something needs mending, see below.');
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ok, user: options.user ?? null, systems: diagnoses })}\n`
      : `${diagnoses.flatMap(sayDiagnosis).join('\n')}\n`,
  );
  process.exitCode = ok ? 0 : 1;
}
