#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { SYSTEMS } from './systems.js';

const NAMES = Object.keys(SYSTEMS);

const USAGE = `Usage: identity-sandbox <system> [--people <file>] [--port <port>]

A local identity system on 127.0.0.1 that answers as its vendor's does. It prints one JSON line with its address and what a
client signs in with, and ends on Ctrl-C.

  <system>         ${NAMES.join(', ')}
  --people <file>  JSON: [{"email": "…", "name": "…", "password": "…"}]; the first is an administrator where one is
                   needed; left out: two people of sandbox.example whose passwords nobody knows
  --port <port>    0, which takes a free one
  --help
`;

const People = z.tuple(
  [z.strictObject({ email: z.email(), name: z.string().min(1), password: z.string().optional() })],
  z.strictObject({ email: z.email(), name: z.string().min(1), password: z.string().optional() }),
);

const TWO = [
  { email: 'ada@sandbox.example', name: 'Ada Byron' },
  { email: 'ben@sandbox.example', name: 'Ben Cole' },
];

/** @throws Error that names the file and what is wrong with it */
async function peopleOf(path: string | undefined): Promise<z.infer<typeof People>> {
  if (path === undefined) return People.parse(TWO);
  try {
    return People.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const why =
      error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
    throw new Error(`--people ${path} cannot be used: ${why}`, { cause: error });
  }
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`--port ${text} is no port: give a number from 0 to 65535.`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      people: { type: 'string' },
      port: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const [name = ''] = positionals;
  const start = Object.hasOwn(SYSTEMS, name) ? SYSTEMS[name] : undefined;
  if (start === undefined || positionals.length !== 1)
    throw new Error(
      `Name one system: ${NAMES.join(', ')}. ${positionals.length === 0 ? '' : `Not "${positionals.join(' ')}".`}`,
    );
  const running = await start({ port: portOf(values.port), people: await peopleOf(values.people) });
  process.stdout.write(`${JSON.stringify({ url: running.url, ...running.credentials })}\n`);
  const end = () => {
    void running.close();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\n(identity-sandbox --help lists the options)\n`,
  );
  process.exitCode = 1;
});
