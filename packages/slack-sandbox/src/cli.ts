#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readCommandLine, USAGE } from './command-line.js';
import { runBeside } from './run-beside.js';
import { startFrom } from './start.js';

async function version(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

async function main(): Promise<void> {
  const given = readCommandLine(process.argv.slice(2), process.env);
  if (given === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  if (given === 'version') {
    process.stdout.write(`${await version()}\n`);
    return;
  }
  const slack = await startFrom(given);
  if (given.command.length > 0) {
    process.stderr.write(`The local Slack: ${slack.url}\n`);
    process.exitCode = await runBeside(slack, given.command);
    await slack.close();
    return;
  }
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
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n(slack-sandbox --help lists the options)\n`,
  );
  process.exitCode = 1;
});
