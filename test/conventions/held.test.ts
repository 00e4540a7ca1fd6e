import { expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import { pathToFileURL } from 'node:url';
import tseslint from 'typescript-eslint';
import * as z from 'zod';

const RULE = 'no-restricted-syntax';
const configuration = z.object({
  default: z.array(
    z.object({
      files: z.array(z.string()).optional(),
      rules: z.object({ [RULE]: z.custom<Linter.RuleEntry>().optional() }).optional(),
    }),
  ),
});

/** What lint says of this text in the place of a handler: the lines on which something is stored past the claim. */
async function refusedLines(lines: readonly string[]): Promise<readonly string[]> {
  const config = configuration.parse(await import(pathToFileURL('eslint.config.js').href)).default;
  // The one rule alone needs no types, so that the text need not be a file of the project.
  const only = config.flatMap(({ files = [], rules }): Linter.Config[] => {
    const rule = rules?.[RULE];
    return rule === undefined ? [] : [{ files, languageOptions: { parser: tseslint.parser }, rules: { [RULE]: rule } }];
  });
  const messages = new Linter().verify(lines.join('\n'), only, { filename: 'jobs/handlers/planted.ts' });
  return [
    ...new Set(
      messages.map(({ line, message }) => (message.includes('run.commit') ? (lines[line - 1] ?? message) : message)),
    ),
  ];
}

const HELD = [
  `await run.commit((tx) => tx.query('update notices set answer = null where id = $1', [run.work.ref]));`,
  `await run.commit((tx) => addLine({ core, tx }, run.work.ref, 'key', said));`,
  `await core.db.query('select 1 from notices where id = $1 for update', [run.work.ref]);`,
  `const notice = await noticeById(core.db, core.workspaceId, run.work.ref);`,
  `const person = await savePersonWithoutSlack(core, core.db, notice.login);`,
];
const UNHELD = [
  `await core.db.transaction((tx) => tx.query('select 1'));`,
  `await core.db.batch([statement]);`,
  `await db.transaction(async () => undefined);`,
  `await core.db.query('update notices set answer = null');`,
  'await parts.core.db.query(`insert into notices (id) values ($1)`, [run.work.ref]);',
  'await db.query(`with held as (select 1) delete from notices where id = ${run.work.ref}`);',
  `await addLine({ core, tx: core.db }, run.work.ref, 'key', said);`,
  `await saveRefused(core, core.db, run.work.ref);`,
  `await requestWork(db, { name: 'read_accounts' });`,
];

it('lint refuses what a handler stores past its claim, and nothing else', async () => {
  const planted = ['export async function planted(core, run, db, said, statement) {', ...HELD, ...UNHELD, '}', ''];
  expect(await refusedLines(planted)).toEqual(UNHELD);
});
