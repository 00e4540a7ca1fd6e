import { Command, Option } from 'commander';
import { checkpointAudit, keyAudit, verifyAudit } from './commands/audit.js';
import { doctorCommand } from './commands/doctor.js';
import { enrollCommand } from './commands/enroll.js';
import { endOnFatal } from './commands/fatal.js';
import { migrateCommand } from './commands/migrate.js';
import { tellAll } from './commands/print.js';
import { type DrillFlags, type Sandbox, theSandbox } from './commands/sandbox.js';
import { type StartFlags, startCommand } from './commands/start.js';
import { withoutSecrets } from '../platform/presentable.js';

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new Error(`"${text}" is not a port number`);
  return value;
};

/** What went wrong, with the fix where it is known. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `Port ${String(error.port)} is taken by another program. Stop that one, or choose another port: PORT=3001 or --port 3001 (0 takes a free one).`;
  }
  if ('code' in error && 'path' in error && UNUSABLE.has(String(error.code))) {
    return `${String(error.path)} cannot be used (${String(error.code)}). Choose a data folder that this user may write to: NOTME_DATA_DIR or --data-dir.`;
  }
  return error.message;
}

/** The file system's codes for a folder that we may not use. */
const UNUSABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT']);

/**
 * Runs the command that the process was started with.
 * @param sandbox what plays the workspace, passed in where there is one; `null` in an installation, which has none
 */
export async function runCommandLine(sandbox: Sandbox | null): Promise<void> {
  const program = new Command('notme')
    .description('Turns "I didn\'t do this" in Slack into a contained account.')
    .showHelpAfterError('(notme --help lists the commands)')
    .enablePositionalOptions();

  program
    .command('start')
    .description(
      'Starts Notme. Where nothing of a real workspace is set: the sandbox, with a local Slack in the browser.',
    )
    .addOption(
      new Option('--role <role>', 'what this process does; a split needs DATABASE_URL')
        .choices(['all', 'bot', 'worker'])
        .default('all'),
    )
    .option('--port <port>', 'port of the sandbox page, or of the web server with Slack tokens (PORT)', wholeNumber)
    .option('--data-dir <folder>', 'where the embedded database and the sandbox live (NOTME_DATA_DIR, default .notme)')
    .option('--sandbox', 'start the sandbox, whatever is set', false)
    .option('--production', 'start a real workspace, or fail', false)
    .option('--fresh', 'sandbox only: start over, the old data folder is emptied', false)
    .option('--with-ad', 'sandbox only: add a real Active Directory (Samba; needs its Debian packages and root)', false)
    .addOption(
      new Option('--systems <which>', 'sandbox only: every identity system, or Mimecast alone')
        .choices(['all', 'mimecast'])
        .default('all'),
    )
    .option('--verbose', 'show the log of the app in the terminal', false)
    .addHelpText(
      'after',
      `
Environment: SLACK_BOT_TOKEN and SLACK_APP_TOKEN connect a real workspace (see .env.example for everything else).
Without them, any other setting of a real workspace (DATABASE_URL, a system's secret, notme.yml …) is refused;
PORT, NOTME_DATA_DIR, DATABASE_URL and REDIS_URL as usual. Settings that are no secrets live in notme.yml.`,
    )
    .action(async (flags: StartFlags) => {
      await startCommand(flags, sandbox);
      // Anything still waiting for a server that does not answer (a socket that reconnects) must not keep the process
      // alive.
      process.exit();
    });

  program
    .command('drill')
    .description('Plays one incident through the sandbox without a person, and says what was verified.')
    .addOption(
      new Option(
        '--scenario <name>',
        'journey: one report, contained and undone in Mimecast; everything: accounts in every system, one down, one throttling, one late; four-eyes: two approvers about a VIP; doubtful: every system answers in a way that invites to claim too much',
      )
        .choices(['journey', 'everything', 'four-eyes', 'doubtful'] as const)
        .default('journey'),
    )
    .option('--json', 'standard output is one JSON document with "ok"; all else goes to standard error', false)
    .option(
      '--with-ad',
      'with a real Active Directory beside Mimecast (Samba; needs its Debian packages and root)',
      false,
    )
    .action(async (options: DrillFlags) => {
      await theSandbox(sandbox).drill(options);
    });

  program
    .command('enroll')
    .argument('[who]', 'an approver: @name, Slack id or e-mail address')
    .description(
      'Gives an approver new one-time codes: shows a QR code for their authenticator app and recovery codes, here and nowhere else.',
    )
    .option('--list', 'who is enrolled, since when, last used, locked until', false)
    .option('--passkey', 'print a link by which they register a passkey, in place of new codes', false)
    .option('--remove', 'take the codes and passkeys of this person back', false)
    .action(enrollCommand);

  program
    .command('doctor')
    .description(
      'Asks every linked system what would work in an incident: reachable, signed in, permitted, licensed. Changes nothing without --rehearse.',
    )
    .option('--user <address>', 'also whether this very person can be contained')
    .option(
      '--rehearse <address>',
      'do every reversible action to this test account, read it back and take it back at once: changes its accounts, for seconds',
    )
    .option('--yes', 'rehearse without asking for confirmation, for scripts', false)
    .option('--json', 'print one JSON object', false)
    .addHelpText(
      'after',
      `
Exit status: 0 all is well, 1 something needs mending, 2 no system is linked.
With --rehearse: 0 everything worked and was taken back, 1 something failed and nothing stays changed, 2 nothing was done
(refused, not confirmed, no account), 3 something stays changed: it is named, with how to take it back.
Nothing is rehearsed on accounts that are never touched, on approvers, administrators, protected or service accounts, nor
on anybody with an open incident. It needs the workspace (SLACK_BOT_TOKEN) and the database, and stands in the record.`,
    )
    .action(doctorCommand);

  const AUDIT_STATUS =
    '\nExit status: 0 the record is whole, 1 it is not, 2 nothing was examined (no record, a folder in use, a file that cannot be read).';
  const audit = program
    .command('audit')
    .description('The record of every incident.')
    // A typing mistake must not read like a changed record.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  audit
    .command('verify')
    .description('Walks every chain of the record and names any changed, missing or reordered entry.')
    .option('--json', 'print one JSON object', false)
    .option('--checkpoints <file>', 'checkpoints that were kept elsewhere: each must still be in the record')
    .option(
      '--key <key...>',
      'the keys that signed them, or files that hold them, as "notme audit key" prints them; by default this installation\'s',
    )
    .addHelpText('after', AUDIT_STATUS)
    .action(verifyAudit);
  audit
    .command('checkpoint')
    .description(
      'Prints a signed head over all incidents (c2sp.org/tlog-checkpoint). Keep it where whoever holds the database cannot write.',
    )
    .option('--out <file>', 'add it to this file, with what the file does not have yet')
    .option('--note', 'print the signed note alone, for other programs', false)
    .addHelpText('after', AUDIT_STATUS)
    .action(checkpointAudit);
  audit.command('key').description('Prints the key that others check checkpoints with.').action(keyAudit);

  program
    .command('migrate')
    .description('Brings the database up to this version, and says what was applied.')
    .action(migrateCommand);

  try {
    // Everything written (the database, the key, the sandbox) is for this user alone.
    process.umask(0o077);
    endOnFatal();
    await program.parseAsync();
  } catch (error) {
    tellAll(`\n${withoutSecrets(explain(error))}`);
    // Parts that were started before the failure must not keep a terminal waiting for a command that has ended.
    process.exit(process.exitCode ?? 1);
  }
}
