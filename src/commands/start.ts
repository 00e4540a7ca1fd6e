import { type Notme, type Role, startNotme } from '../app.js';
import { createLog } from '../log.js';
import { systemRuntime } from '../runtime.js';
import { configOrThrow } from './open.js';
import { createProgress } from './progress.js';
import { untilSignal } from './signals.js';

export interface StartFlags {
  readonly role: 'all' | Role;
  readonly port?: number;
  readonly dataDir?: string;
  readonly fresh: boolean;
  readonly withAd: boolean;
  readonly systems: 'all' | 'mimecast';
  readonly verbose: boolean;
}

const argvOf = ({ port, dataDir }: StartFlags) => ({
  ...(port === undefined ? {} : { PORT: String(port) }),
  ...(dataDir === undefined ? {} : { NOTME_DATA_DIR: dataDir }),
});

/** `notme start`: the sandbox without Slack tokens, a real workspace with them. */
export async function startCommand(flags: StartFlags): Promise<void> {
  const config = configOrThrow(argvOf(flags));
  if (config.credentials === 'none') {
    const { runSandbox } = await import('../../sandbox/run.js');
    await runSandbox({ dataDir: config.dataDir, port: config.web.port, ...flags });
    return;
  }
  if (flags.fresh || flags.withAd)
    throw new Error('--fresh and --with-ad are for the sandbox; a Slack token is set, so this is a real workspace.');
  if (flags.role !== 'all' && config.databaseUrl === null) {
    throw new Error(`--role ${flags.role} needs DATABASE_URL: the embedded database belongs to one process.`);
  }
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
