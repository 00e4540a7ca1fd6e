/**
 * Runs a local Slack on its own: `npx tsx sandbox/slack/start.ts --manifest manifest.yml --seed seed.yml`.
 * Prints one JSON line with what the app needs; ends on SIGINT or SIGTERM.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { createSlackSandbox } from './sandbox.js';
import { SeedDocument } from './workspace/seed.js';

const USAGE =
  'Usage: start.ts --manifest <manifest.yml> --seed <seed.yml> [--port 4800] [--request-url <url>] [--rate-limits tiers]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      manifest: { type: 'string' },
      seed: { type: 'string' },
      port: { type: 'string', default: '0' },
      'request-url': { type: 'string' },
      'rate-limits': { type: 'string', default: 'off' },
    },
  });
  if (values.manifest === undefined || values.seed === undefined) throw new Error(USAGE);
  const requestUrl = values['request-url'];
  const slack = await createSlackSandbox({
    manifest: await readFile(values.manifest, 'utf8'),
    seed: SeedDocument.parse(parse(await readFile(values.seed, 'utf8'))),
    port: Number(values.port),
    rateLimits: values['rate-limits'] === 'tiers' ? 'tiers' : 'off',
    ...(requestUrl === undefined ? {} : { requestUrl }),
  });
  const { url, apiUrl, botToken, appToken, signingSecret, teamId, appId, botUserId } = slack;
  process.stdout.write(
    `${JSON.stringify({ url, apiUrl, botToken, appToken, signingSecret, teamId, appId, botUserId })}\n`,
  );
  const end = () => {
    void slack.close();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
