import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wrongRows, wrongValues } from './check.js';
import { createDescriber, type Described, type Describer } from './describe.js';
import { SCHEMA_FILE, schemaText } from './generate.js';
import { readSources, type Sources, type Statement } from './statements.js';
import { tablesWritten, unallowed, WRITERS } from './writers.js';
import { writesOf } from './writes.js';

/** Nothing can be said of these before the program runs: the SQL is a migration's own, or handed through. */
const UNREAD = ['src/outbox/outbox.ts', 'src/store/migrate.ts', 'src/store/postgres.ts'];

/** Only described: the list of what is bound is handed in from elsewhere. */
const UNBOUND = ['src/incidents/people.ts', 'src/incidents/people.ts', 'src/outbox/outbox.ts'];

/** Columns that are never null, which neither the schema nor the statement's grammar tells; and why they are not. */
const NEVER_NULL: Readonly<Record<string, string>> = {
  'src/approvals/recent-address.ts: occurred_at': 'a group has a row, and so a newest one',
  'src/audit/checkpoint.ts: id': 'each part of the union is a column that is never null',
  'src/audit/read.ts: at': 'to_char of a column that is never null',
  'src/incidents/open.ts: value': 'a sequence always has a next value',
  'src/notices/refused-mail.ts: problem': 'written together with mail_kind, which the statement asks for',
  'src/notices/ingest.ts: sent': 'coalesced inside the subselect',
  'src/notices/ingest.ts: told': 'a count',
};

const FAULTY = 'test/schema/faulty';

const MAY_BE_NULL = / may be null( for all that is known)?$/;

describe('the schema in TypeScript', () => {
  it('is what the migrations make (npm run schema)', async () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(await schemaText());
  });
});

describe('every statement of the program', () => {
  let sources: Sources;
  let describer: Describer;
  const answers = new Map<string, Described>();
  const wrong: string[] = [];
  const faults: string[] = [];
  const believed = new Set<string>();
  const past: string[] = [];
  const writers = new Set<string>();

  const note = ({ at }: Statement, problem: string): void => {
    const column = `${at.replace(/:\d+$/, '')}: ${problem.replace(MAY_BE_NULL, '')}`;
    if (at.startsWith(FAULTY)) faults.push(problem);
    else if (MAY_BE_NULL.test(problem) && column in NEVER_NULL) believed.add(column);
    else wrong.push(`${at} ${problem}`);
  };

  async function answerOf(text: string): Promise<Described> {
    const known = answers.get(text) ?? (await describer.describe(text));
    answers.set(text, known);
    return known;
  }

  async function check(statement: Statement, text: string): Promise<void> {
    const written = await tablesWritten(text).catch(() => []);
    for (const table of written) writers.add(`${table} ${statement.at.replace(/:\d+$/, '')}`);
    for (const problem of unallowed(statement.at, written)) past.push(`${statement.at} ${problem}`);
    const described = await answerOf(text).catch((error: unknown) => String(error));
    if (typeof described === 'string') {
      note(statement, described);
      return;
    }
    for (const problem of wrongRows(sources, statement, described)) note(statement, problem);
    for (const problem of wrongValues(sources, statement, described, await writesOf(text))) note(statement, problem);
  }

  beforeAll(async () => {
    sources = readSources(['src', 'jobs', 'blocks', 'sandbox', FAULTY]);
    describer = await createDescriber();
    for (const statement of sources.statements) for (const text of statement.texts ?? []) await check(statement, text);
  }, 600_000);

  afterAll(() => describer.close());

  it('is read from the sources, but for those that only the run knows', () => {
    const unread = sources.statements.filter(({ texts }) => texts === null).map(({ at }) => at.replace(/:\d+$/, ''));
    expect(unread.toSorted()).toEqual(UNREAD);
    const unbound = sources.statements.filter(({ values }) => values === null).map(({ at }) => at.replace(/:\d+$/, ''));
    expect(unbound.toSorted()).toEqual(UNBOUND);
    expect(answers.size).toBeGreaterThan(150);
  });

  it('is taken by Postgres, and its rows and values have the types that they are given', () => {
    expect(wrong).toEqual([]);
  });

  it('would be found out, in whatever way it and its type drift apart', () => {
    expect(faults).toEqual([
      'Error: column "nickname" does not exist',
      'name is not returned',
      "name is returned but not in the row's type",
      'attempts is number, not string',
      'title may be null',
      'name is never null',
      'name may be null',
      'newest may be null',
      'status is "open" | "closed", not "open" | "shut"',
      expect.stringMatching(/^action is .*, not "reset_password"$/),
      'ranges is JSON: unknown until it is parsed',
      '2 parameters are named, 1 bound',
      '$1 is int4, and string is bound',
      '$1 is text, and Date is bound',
      'people.title is string | null, and Date is written',
      'incidents.status is "open" | "closed", and "shut" is written',
      'incidents.opened_at is Date, and null is written',
      expect.stringMatching(/^steps\.action is .*, and string is written$/),
      expect.stringMatching(/null value in column "written_at" violates not-null constraint/),
      'id is string, not number',
    ]);
  });

  it('changes the tables of an incident in the commands of approvers and in few other files', () => {
    expect(past.filter((one) => !one.startsWith(FAULTY))).toEqual([]);
    const named = Object.entries(WRITERS).flatMap(([table, files]) => files.map((file) => `${table} ${file}`));
    expect(named.filter((one) => !writers.has(one))).toEqual([]);
  });

  it('would be found out past them, however it names the table', () => {
    const found = past
      .filter((one) => one.startsWith(`${FAULTY}/writes.ts`))
      .map((one) => /writes (\w+)/.exec(one)?.[1]);
    expect(found).toEqual([
      'incidents',
      'incidents',
      'incidents',
      'steps',
      'decisions',
      'tasks',
      'account_links',
      'tasks',
      'steps',
    ]);
  });

  it('reads nothing as never null on belief that could be known, or is not read any more', () => {
    expect([...believed].toSorted()).toEqual(Object.keys(NEVER_NULL).toSorted());
  });
});
