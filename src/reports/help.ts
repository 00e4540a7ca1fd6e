import type { Core } from '../ports/core.js';
import type { Row } from '../ports/database.js';

/** A person's own open report, as far as it is shown to that person. */
export type OwnReport = Row<'incidents', 'reference' | 'opened_at' | 'owner'>;

/**
 * The words with which people ask how a command works, or about the state of their report, in every language in which
 * they type `help`.
 */
const ASKS = new Set([
  'h',
  'help',
  'help me',
  'please help',
  'help please',
  'please help me',
  'usage',
  'info',
  'about',
  'how',
  'how does this work',
  'what is this',
  'what does this do',
  'commands',
  'status',
  'state',
  'my status',
  'any news',
  'news',
  'update',
  'hilfe',
  'ayuda',
  'aide',
  'aiuto',
  'ajuda',
  'pomoc',
  'yardim',
  'yardım',
]);

/** Whether the words after a command are only a question about it (`help`, `?`, `status`): they report nothing. */
export const asksForHelp = (text: string): boolean =>
  /^[\p{P}\s]*$/u.test(text)
    ? !text.includes('!')
    : ASKS.has(
        text
          .toLowerCase()
          .replace(/[^\p{L}\p{N}]+/gu, ' ')
          .trim(),
      );

/**
 * The person's own open report; `null` when there is none. A person locked down without a report does not learn of it
 * here.
 */
export async function ownReport(core: Core, slackUserId: string): Promise<OwnReport | null> {
  const { rows } = await core.db.query<OwnReport>(
    `select i.reference, i.opened_at, i.owner from incidents i
     join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
     where i.workspace_id = $1 and p.slack_user_id = $2 and i.status = 'open'
       and exists (select 1 from reports r where r.workspace_id = i.workspace_id and r.incident_id = i.id)`,
    [core.workspaceId, slackUserId],
  );
  return rows[0] ?? null;
}
