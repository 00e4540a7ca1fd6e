import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { SlackSandbox } from './sandbox.js';

/** Where Slack is and what it takes, as apps and the preload read it from their environment. */
export const environmentOf = ({ url, apiUrl, botToken, appToken, signingSecret }: SlackSandbox) => ({
  SLACK_SANDBOX_URL: url,
  SLACK_API_URL: apiUrl,
  SLACK_BOT_TOKEN: botToken,
  SLACK_APP_TOKEN: appToken,
  SLACK_SIGNING_SECRET: signingSecret,
});

/**
 * Runs a command that finds the local Slack in its environment, with the preload in front of every Node process.
 * Signals from the terminal reach it by themselves; one sent to this process is passed on.
 * @returns the command's exit status
 * @throws Error that names the command when it cannot be started
 */
export async function runBeside(slack: SlackSandbox, [program = '', ...args]: readonly string[]): Promise<number> {
  const preload = new URL('./preload.js', import.meta.url).href;
  const child = spawn(program, args, {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...environmentOf(slack),
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${preload}`.trim(),
    },
  });
  // The terminal's own interrupt reaches the command as well; this process stays until that has ended.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', (signal) => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
