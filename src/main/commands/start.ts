import { type Notme, type Role, startNotme } from '../app.js';
import { claimFolder } from './data-folder.js';
import type { Config } from '../config.js';
import { createLog } from '../../platform/log.js';
import { systemRuntime } from '../../platform/runtime.js';
import { configOrThrow } from './open.js';
import { createProgress } from './progress.js';
import { type Sandbox, theSandbox } from './sandbox.js';
import { untilSignal } from './signals.js';

export interface StartFlags {
  readonly role: 'all' | Role;
  readonly port?: number;
  readonly dataDir?: string;
  /** Says explicitly which of the two is meant; neither: the sandbox when nothing of a real workspace is set. */
  readonly sandbox: boolean;
  readonly production: boolean;
  readonly fresh: boolean;
  readonly withAd: boolean;
  readonly systems: 'all' | 'mimecast';
  readonly verbose: boolean;
}

const argvOf = ({ port, dataDir }: StartFlags) => ({
  ...(port === undefined ? {} : { PORT: String(port) }),
  ...(dataDir === undefined ? {} : { NOTME_DATA_DIR: dataDir }),
});

const TOKENS = 'SLACK_BOT_TOKEN, and SLACK_APP_TOKEN or SLACK_SIGNING_SECRET with PUBLIC_URL';

/** What says that a real workspace is meant: settings of one, and the options that only one has. */
function signsOf({ production }: Config, { role }: StartFlags): readonly string[] {
  return [...(role === 'all' ? [] : [`--role ${role}`]), ...production];
}

/**
 * Which of the two is meant. A secret that was not mounted must not turn a real installation into a sandbox that looks
 * alive and protects nobody.
 * @throws a sentence that names the fix when that cannot be determined
 */
function isSandbox(config: Config, flags: StartFlags, canPlay: boolean): boolean {
  if (flags.sandbox && flags.production) throw new Error('--sandbox and --production exclude each other. Keep one.');
  if (flags.sandbox && flags.role !== 'all')
    throw new Error(`--role ${flags.role} is for a real workspace: the sandbox is one process. Leave it out.`);
  if (flags.sandbox) return true;
  if (config.credentials === 'slack') return false;
  if (flags.production) throw new Error(`No Slack token is set, and --production needs one. Set ${TOKENS}.`);
  const signs = signsOf(config, flags);
  if (signs.length === 0) return true;
  const withoutRole = flags.role === 'all' ? '' : ', without --role';
  throw new Error(
    `No Slack token is set, but ${signs.join(', ')} ${signs.length === 1 ? 'is' : 'are'} given, as for a real workspace. ` +
      `Nothing was started. Set ${TOKENS} to start the workspace` +
      (canPlay ? `, or say that the sandbox is meant: notme start --sandbox${withoutRole}` : '.'),
  );
}

/** `notme start`: a real workspace with Slack tokens, the sandbox without anything of a real workspace. */
export async function startCommand(flags: StartFlags, sandbox: Sandbox | null): Promise<void> {
  const config = configOrThrow(argvOf(flags));
  if (isSandbox(config, flags, sandbox !== null)) {
    await theSandbox(sandbox).start({ dataDir: config.dataDir, port: config.web.port, ...flags });
    return;
  }
  if (flags.fresh || flags.withAd)
    throw new Error('--fresh and --with-ad are for the sandbox; a Slack token is set, so this is a real workspace.');
  if (flags.role !== 'all' && config.databaseUrl === null) {
    throw new Error(`--role ${flags.role} needs DATABASE_URL: the embedded database belongs to one process.`);
  }
  if (config.databaseUrl === null || config.secretKeys.length === 0) claimFolder(config.dataDir, 'workspace');
  const log = createLog({ level: config.logLevel, pretty: process.stdout.isTTY });
  const progress = createProgress(process.stderr);
  const roles: readonly Role[] = flags.role === 'all' ? ['bot', 'worker'] : [flags.role];
  const app: Notme = await startNotme({
    config,
    runtime: systemRuntime(),
    log,
    roles,
    progress: (step) => progress.step(step),
  });
  progress.done(`Notme is running (${roles.join(' and ')}): health at ${app.webUrl}/readyz. Ctrl-C stops it.`);
  await untilSignal(log);
  await app.stop();
}
