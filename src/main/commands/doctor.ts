import { en } from '../../texts/en.js';
import { sayPlain, withOverrides } from '../../texts/say.js';
import { sayUncoded } from '../../../blocks/uncoded.js';
import { createConnectors } from '../create-connectors.js';
import { ACTION_KINDS, type ActionKind, type Finding } from '../../ports/connector.js';
import { type Diagnosis, examineSystems, type Found, isSound } from '../../doctor/examine.js';
import { examineMail } from '../../doctor/examine-mail.js';
import { createLog } from '../../platform/log.js';
import { createMailer } from '../../mail/mailer.js';
import { mailSettings } from '../../mail/settings.js';
import { systemRuntime } from '../../platform/runtime.js';
import { configOrThrow } from './open.js';
import { identifiersOf } from './identifiers.js';
import { print, printJson, tell } from './print.js';
import { createProgress } from './progress.js';
import { rehearseCommand } from './rehearse.js';

const LONGEST_MS = 120_000;

/** Nothing is linked, so nothing can be examined: not the same as "something is wrong". */
const NOTHING_LINKED = 2;

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

const SUBJECTS: Readonly<Record<Exclude<Found['subject'], ActionKind>, string>> = {
  reach: 'answers',
  sign_in: 'takes our credentials',
  clock: en['doctor.subject.clock'],
  find: 'finds people',
  events: 'tells of events',
  reports: 'tells of reports made there',
  evidence: 'gives evidence',
  channel: en['doctor.subject.channel'],
  cards: en['doctor.subject.cards'],
  approvers: en['doctor.subject.approvers'],
  mail: en['doctor.subject.mail'],
};

const nameOf = (subject: Found['subject']): string => (isAction(subject) ? en[`action.${subject}`] : SUBJECTS[subject]);

const isAction = (subject: Found['subject']): subject is ActionKind =>
  (ACTION_KINDS as readonly string[]).includes(subject);

function sayFinding({ subject, verdict, detail, fix }: Found): string[] {
  const lines = [`  ${SIGNS[verdict]}  ${nameOf(subject).padEnd(30)} ${detail}`];
  return fix === '' || verdict === 'ok' ? lines : [...lines, `        ${' '.repeat(30)} → ${fix}`];
}

function sayDiagnosis(diagnosis: Diagnosis): string[] {
  const { title, account, findings, missing } = diagnosis;
  const who =
    account === null
      ? ''
      : account.problem !== null
        ? ` (${account.problem})`
        : ` (${account.login ?? 'no account there'})`;
  return [`${title}${who}`, ...findings.flatMap(sayFinding), ...sayMissing(missing), ''];
}

/** Lines that can be copied whole. */
const sayMissing = (missing: Diagnosis['missing']): readonly string[] =>
  missing === null ? [] : ['', `  To grant, in ${missing.where}:`, '', ...missing.paste.split('\n'), ''];

interface DoctorFlags {
  readonly user?: string;
  readonly rehearse?: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/**
 * `notme doctor [--user address] [--json]`: what would work in an incident, without changing anything; with
 * `--rehearse`, by doing it to a test account and taking it back.
 */
export async function doctorCommand(options: DoctorFlags): Promise<void> {
  if (options.rehearse !== undefined) {
    await rehearseCommand(options.rehearse, options);
    return;
  }
  const config = configOrThrow();
  const { notRequiredFor } = config.stepUp;
  const uncoded = sayUncoded(sayPlain(withOverrides(config.texts)), notRequiredFor);
  for (const { problem, fix } of config.warnings) tell(`${problem} ${fix}`);
  if (uncoded !== null) tell(uncoded);
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY, beside: true });
  const connectors = createConnectors(config, systemRuntime(), log);
  const progress = createProgress(process.stderr);
  if (connectors.size === 0) {
    tell(
      'No identity system is linked, so there is nothing to examine. Set the credentials of one (.env.example lists them), then run this again.',
    );
    process.exitCode = NOTHING_LINKED;
    return;
  }
  progress.step(`asking ${[...connectors.values()].map(({ title }) => title).join(', ')}`);
  const identifiers = options.user === undefined ? null : identifiersOf(config, options.user);
  const call = { signal: AbortSignal.timeout(LONGEST_MS), correlationId: 'doctor' };
  const mailer = config.mail ? createMailer(mailSettings.parse(config.mail), systemRuntime()) : null;
  // What waits in the store is for the doctor in App Home: this command needs no database.
  const [diagnoses, mail] = await Promise.all([examineSystems(connectors, identifiers, call), examineMail(mailer, [])]);
  await Promise.all([...connectors.values()].map((connector) => connector.close()));
  // No account in one system needs no fix; in none at all, the address is wrong, or nobody could be contained.
  const nobody =
    options.user !== undefined &&
    diagnoses.every(({ account }) => account !== null && account.login === null && account.problem === null);
  const ok = !nobody && [mail, ...diagnoses].every(isSound);
  if (nobody) tell(`No linked system has an account of ${options.user}. Check the address, then run this again.`);
  progress.done(ok ? 'Everything that can be done by itself would work.' : 'Something needs mending, see below.');
  if (options.json)
    printJson({ ok, user: options.user ?? null, without_code: notRequiredFor, mail, systems: diagnoses });
  else print([...diagnoses, mail].flatMap(sayDiagnosis));
  process.exitCode = ok ? 0 : 1;
}
