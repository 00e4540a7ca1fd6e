import { parseArgs } from 'node:util';

export const USAGE = `Usage: slack-sandbox --manifest <file> [options] [-- <command> ...]

A local Slack on 127.0.0.1 for one app. It prints one JSON line with the addresses and secrets that the app needs, and ends
on Ctrl-C. With a command after "--" it runs that with these in its environment, sends what it would send to slack.com to
itself, and ends with it.

  --manifest <file>         the app's manifest, as YAML or JSON
  --seed <file>             team, people, groups and channels, as YAML or JSON; left out: two people in #general
  --port <port>             4800; 0 takes a free one
  --bot-token <token>       the token that the app must use (SLACK_BOT_TOKEN); left out: a random one
  --app-token <token>       the same for Socket Mode (SLACK_APP_TOKEN)
  --signing-secret <secret> what requests are signed with (SLACK_SIGNING_SECRET)
  --request-url <url>       where signed requests go while no socket is connected
  --rate-limits <which>     off, or tiers: Slack's own; off
  --help, --version
`;

export interface CommandLine {
  readonly manifest: string;
  readonly seed: string | undefined;
  readonly port: number;
  readonly botToken: string | undefined;
  readonly appToken: string | undefined;
  readonly signingSecret: string | undefined;
  readonly requestUrl: string | undefined;
  readonly rateLimits: 'off' | 'tiers';
  /** What to run beside it; empty: nothing. */
  readonly command: readonly string[];
}

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  manifest: TEXT,
  seed: TEXT,
  port: { ...TEXT, default: '4800' },
  'bot-token': TEXT,
  'app-token': TEXT,
  'signing-secret': TEXT,
  'request-url': TEXT,
  'rate-limits': { ...TEXT, default: 'off' },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const;

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`--port ${text} is no port: give a number from 0 to 65535.`);
}

function requestUrlOf(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text;
  throw new Error(`--request-url ${text} is no address: give one that begins with http:// or https://.`);
}

function rateLimitsOf(text: string): 'off' | 'tiers' {
  if (text === 'off' || text === 'tiers') return text;
  throw new Error(`--rate-limits ${text} is not known: give off or tiers.`);
}

/**
 * What was asked for; a word when only that word is wanted.
 * @throws Error that names the option and the fix
 */
export function readCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine | 'help' | 'version' {
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  const { values } = parseArgs({ args: [...own], options: OPTIONS });
  if (values.help) return 'help';
  if (values.version) return 'version';
  if (values.manifest === undefined) throw new Error("No manifest is given. Name the app's: --manifest manifest.yml");
  const fixed = (option: string | undefined, variable: string): string | undefined =>
    [option, environment[variable]].find((text) => text !== undefined && text !== '');
  return {
    manifest: values.manifest,
    seed: values.seed,
    port: portOf(values.port),
    botToken: fixed(values['bot-token'], 'SLACK_BOT_TOKEN'),
    appToken: fixed(values['app-token'], 'SLACK_APP_TOKEN'),
    signingSecret: fixed(values['signing-secret'], 'SLACK_SIGNING_SECRET'),
    requestUrl: requestUrlOf(values['request-url']),
    rateLimits: rateLimitsOf(values['rate-limits']),
    command: end === -1 ? [] : args.slice(end + 1),
  };
}
