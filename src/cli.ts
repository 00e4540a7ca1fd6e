#!/usr/bin/env node
import { Command, Option } from 'commander';
import { verifyAudit } from './commands/audit.js';
import { doctorCommand } from './commands/doctor.js';
import { enrollCommand } from './commands/enroll.js';
import { migrateCommand } from './commands/migrate.js';
import { startCommand } from './commands/start.js';

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

/** What the file system says of a folder that is not for us. */
const UNUSABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT']);

const program = new Command('notme')
  .description('Turns "I didn\'t do this" in Slack into a contained account.')
  .showHelpAfterError('(notme --help lists the commands)')
  .enablePositionalOptions();

program
  .command('start')
  .description(
    'Starts Notme. Without a Slack token in the environment: the sandbox, with a local Slack in the browser.',
  )
  .addOption(
    new Option('--role <role>', 'what this process does; a split needs DATABASE_URL')
      .choices(['all', 'bot', 'worker'])
      .default('all'),
  )
  .option('--port <port>', 'port of the sandbox page, or of the web server with Slack tokens (PORT)', wholeNumber)
  .option('--data-dir <folder>', 'where the embedded database and the sandbox live (NOTME_DATA_DIR, default .notme)')
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
Environment: SLACK_BOT_TOKEN and SLACK_APP_TOKEN connect a real workspace (see .env.example for everything else);
PORT, NOTME_DATA_DIR, DATABASE_URL and REDIS_URL as usual. Settings that are no secrets live in notme.yml.`,
  )
  .action(startCommand);

program
  .command('drill')
  .description('Plays one incident through the sandbox without a person, and says what was verified.')
  .addOption(
    new Option('--scenario <name>', 'everything: accounts in every system, one down, one throttling, one late')
      .choices(['journey', 'everything'] as const)
      .default('journey'),
  )
  .option('--json', 'print one JSON object on the last line', false)
  .option(
    '--with-ad',
    'with a real Active Directory beside Mimecast (Samba; needs its Debian packages and root)',
    false,
  )
  .action(async (options: { scenario: 'journey' | 'everything'; json: boolean; withAd: boolean }) => {
    const { drillCommand } = await import('../sandbox/drill/command.js');
    await drillCommand(options);
  });

program
  .command('enroll')
  .argument('<who>', 'an approver: @name, Slack id or e-mail address')
  .description(
    'Gives an approver a new one-time code: shows a QR code for their authenticator app, here and nowhere else.',
  )
  .action(enrollCommand);

program
  .command('doctor')
  .description(
    'Asks every linked system what would work in an incident: reachable, signed in, permitted, licensed. Changes nothing.',
  )
  .option('--user <address>', 'also whether this very person can be contained')
  .option('--json', 'print one JSON object', false)
  .addHelpText('after', '\nExit status: 0 all is well, 1 something needs mending, 2 no system is linked.')
  .action(doctorCommand);

const audit = program.command('audit').description('The record of every incident.');
audit
  .command('verify')
  .description('Walks every chain of the record and names any changed, missing or reordered entry.')
  .option('--json', 'print one JSON object', false)
  .action(verifyAudit);

program
  .command('migrate')
  .description('Brings the database up to this version, and says what was applied.')
  .action(migrateCommand);

try {
  // Whatever is written (the database, the key, the sandbox) is for this user alone.
  process.umask(0o077);
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`\n${explain(error)}\n`);
  // What was started before it failed must not keep a terminal waiting for a command that has ended.
  process.exit(1);
}
