import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Found, type Guarding, type Refusal, refusalOf, testAccounts } from '../../doctor/rehearsal-guard.js';
import { rehearse, reversibleIn, type TestAccount } from '../../doctor/rehearse.js';
import { type Rehearsed, staysChanged, worked } from '../../doctor/rehearse-action.js';
import { notme } from '../../incidents/audit-event.js';
import { appendWorkspaceEvent, WORKSPACE_CHAIN } from '../../incidents/workspace-event.js';
import type { JsonObject } from '../../platform/canonical.js';
import { createLog } from '../../platform/log.js';
import { systemRuntime } from '../../platform/runtime.js';
import { terminalLine } from '../../platform/untrusted.js';
import type { Row } from '../../ports/database.js';
import type { StoreDatabase } from '../../store/connection.js';
import { en } from '../../texts/en.js';
import type { Config } from '../config.js';
import { createConnectors } from '../create-connectors.js';
import { addressesOf, identifiersOf } from './identifiers.js';
import { configOrThrow, withDatabase } from './open.js';
import { print, printJson, tell } from './print.js';
import { sayLeft, sayRefusal, sayTable } from './rehearse-lines.js';
import { openWorkspace } from './workspace.js';

/** How a rehearsal ends, as an exit status. */
const STATUS = { well: 0, failed: 1, nothing_done: 2, stays_changed: 3 } as const;

interface Flags {
  readonly yes: boolean;
  readonly json: boolean;
}

interface Stage extends Guarding {
  readonly db: StoreDatabase;
  readonly config: Config;
  readonly address: string;
  readonly flags: Flags;
}

/** Into the workspace's chain: whoever changes accounts on the host is seen. */
async function record(stage: Stage, action: string, detail: JsonObject): Promise<void> {
  const { workspaceId, db, call, address } = stage;
  const runtime = systemRuntime();
  const event = {
    actor: notme('host'),
    action,
    origin: { surface: 'host', correlationId: call.correlationId },
    detail: { address, ...detail },
  };
  await db.transaction((tx) => appendWorkspaceEvent({ workspaceId, runtime }, tx, event));
}

/** A rehearsal that was killed may have left something behind. */
async function warnOfUnended({ db, workspaceId }: Stage): Promise<void> {
  const { rows } = await db.query<Row<'record_entries', 'action' | 'at' | 'detail'>>(
    `select action, at, detail from record_entries where workspace_id = $1 and incident_id = $2
       and action in ('rehearsal.started', 'rehearsal.ended') order by seq desc limit 1`,
    [workspaceId, WORKSPACE_CHAIN],
  );
  const [last] = rows;
  if (last?.action !== 'rehearsal.started') return;
  tell(
    `The last rehearsal, begun ${last.at.toISOString()}, did not end: ${JSON.stringify(last.detail)}. Look at those accounts; something may have stayed changed.`,
  );
}

const plannedIn = ({ connector, account }: TestAccount): string =>
  `${connector.title} (${account.login}): ${
    reversibleIn(connector)
      .map((kind) => en[`action.${kind}`])
      .join(', ') || 'nothing that can be taken back'
  }`;

/** Whether the operator confirms it, by typing the address once more. */
async function confirmed(address: string, { yes }: Flags): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    tell('Nothing was done: this changes accounts. Confirm it with --yes where nobody can be asked.');
    return false;
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const said = await asking.question(terminalLine(`Type ${address} to begin: `)).finally(() => asking.close());
  const same = said.trim().toLowerCase() === address.toLowerCase();
  if (!same) tell('Nothing was done.');
  return same;
}

const clicksFor =
  (tests: readonly TestAccount[]) =>
  ({ system, action }: Rehearsed): readonly string[] => {
    const test = tests.find(({ connector }) => connector.system === system);
    if (test === undefined || action !== 'disable_account') return [];
    return test.connector
      .consoleSteps({ kind: 'enable_account' }, test.account)
      .map(({ title, clicks }) => [title, ...clicks].join(' > '));
  };

function show(
  { address, flags: { json } }: Stage,
  { tests, unread }: Found,
  outcome: { readonly refused: Refusal | null; readonly rows: readonly Rehearsed[] },
): void {
  const { refused, rows } = outcome;
  const left = rows.filter(staysChanged);
  if (!json) {
    print([...sayTable(rows), ...sayLeft(rows, clicksFor(tests))]);
    return;
  }
  const said = {
    ok: refused === null && unread.length === 0 && left.length === 0 && rows.length > 0 && rows.every(worked),
    user: address,
    refused: refused === null ? null : { ...refused, said: sayRefusal(refused, address) },
    unread: unread.map(({ title, failure }) => ({ title, problem: failure.message })),
    actions: rows,
    stays_changed: left.map(({ system, action }) => ({ system, action })),
  };
  printJson(said);
}

/** Ctrl-C begins nothing more; what was begun is taken back, however often it is pressed. */
function stopOnSignal(): { readonly now: boolean; end(): void } {
  const state = {
    now: false,
    end(): void {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
    },
  };
  const stop = (): void => {
    state.now = true;
    tell('Stopping: what was begun is taken back first. Please wait.');
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  return state;
}

async function run(stage: Stage, found: Found): Promise<number> {
  const { call, address } = stage;
  const { tests, unread } = found;
  await record(stage, 'rehearsal.started', {
    accounts: tests.map(({ account: { system, accountId } }) => `${system} ${accountId}`),
  });
  const stopping = stopOnSignal();
  const rows = await rehearse(tests, {
    call,
    runtime: systemRuntime(),
    wait: (ms) => pause(ms),
    stopping: () => stopping.now,
    onRow: ({ title, action, result }) => tell(`${title}: ${en[`action.${action}`]}: ${result.replaceAll('_', ' ')}`),
  });
  stopping.end();
  show(stage, found, { refused: null, rows });
  const left = rows.filter(staysChanged);
  const count = (wanted: (row: Rehearsed) => boolean): number => rows.filter(wanted).length;
  await record(stage, 'rehearsal.ended', {
    worked: count(worked),
    failed: count((row) => !worked(row)),
    stopped: stopping.now,
    // The values may be personal: their names suffice.
    stays_changed: left.map(({ system, action, left: facts }) =>
      [system, action, ...facts.map(({ name }) => name)].join(' '),
    ),
  });
  if (left.length > 0)
    tell(`${left.length} of ${rows.length} changes to ${address} stay. See above how to take them back.`);
  if (left.length > 0) return STATUS.stays_changed;
  return rows.length > 0 && rows.every(worked) && unread.length === 0 && !stopping.now ? STATUS.well : STATUS.failed;
}

async function onStage(stage: Stage): Promise<number> {
  const { config, address, flags } = stage;
  await warnOfUnended(stage);
  const person = { emails: addressesOf(config, address), identifiersIn: identifiersOf(config, address) };
  const found = await testAccounts(stage, person);
  for (const { title, failure } of found.unread) tell(`${title} is left out: ${failure.message}`);
  const refused = await refusalOf(stage, person, found.tests);
  if (refused !== null) {
    await record(stage, 'rehearsal.refused', { why: refused.why });
    tell(sayRefusal(refused, address));
    if (flags.json) show(stage, found, { refused, rows: [] });
    return STATUS.nothing_done;
  }
  tell(`Each of these is done to ${address}, read back, and taken back at once:`);
  for (const test of found.tests) tell(`  ${plannedIn(test)}`);
  tell(
    'Not taken back: sessions that end with it, the risk level where it becomes "low" or "dismissed", and log entries.',
  );
  return (await confirmed(address, flags)) ? run(stage, found) : STATUS.nothing_done;
}

/** `notme doctor --rehearse address`: every reversible action, done to a test account and taken back. */
export async function rehearseCommand(address: string, flags: Flags): Promise<void> {
  const config = configOrThrow();
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY, beside: true });
  const runtime = systemRuntime();
  const connectors = createConnectors(config, runtime, log);
  if (connectors.size === 0) {
    tell('No identity system is linked, so there is nothing to rehearse. Set the credentials of one first.');
    process.exitCode = STATUS.nothing_done;
    return;
  }
  const workspace = await openWorkspace(
    config,
    'A rehearsal needs the workspace, to know who decides in it: set SLACK_BOT_TOKEN.',
  );
  const call = { signal: new AbortController().signal, correlationId: runtime.newId('cli') };
  const { neverTouch } = config.workspace;
  try {
    process.exitCode = await withDatabase(config, (db) =>
      onStage({ ...workspace, db, connectors, neverTouch, call, config, address, flags }),
    );
  } finally {
    await Promise.all([...connectors.values()].map((connector) => connector.close()));
  }
}
