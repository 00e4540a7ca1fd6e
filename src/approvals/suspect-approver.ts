import { list, phrase, user } from '../texts/phrase.js';
import type { Core } from '../ports/core.js';
import type { Row } from '../ports/database.js';
import { type Problem, refuse } from '../texts/problem.js';
import { ok, type Result } from '../platform/result.js';
import type { Own } from './own.js';
import { RIGHTS } from './rights.js';

/** An open incident about somebody who may otherwise decide. */
export type OwnIncident = Row<'incidents', 'id' | 'reference'>;

/**
 * The open incident about this approver: by the Slack id, by the address (also under another Slack user), or by a
 * shared account. It counts once the approver reported it, or once a decision in it was made with a code. An incident
 * that another approver merely opened, or an account linked by hand, does not count: a single click would silence a
 * colleague.
 */
export async function incidentAbout(core: Core, own: Own, by: Date): Promise<OwnIncident | null> {
  const { rows } = await core.db.query<OwnIncident>(
    `with found as (
       select a.person_id, a.system, a.account_id, lower(a.login) as login from accounts a
       where a.workspace_id = $1 and a.retired_at is null and a.account_id is not null and not exists
         (select 1 from account_links l where l.workspace_id = $1 and l.person_id = a.person_id and l.system = a.system))
     select i.id, i.reference from incidents i join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
     where i.workspace_id = $1 and i.status = 'open' and (
       exists (select 1 from reports r where r.workspace_id = $1 and r.incident_id = i.id and r.reported_at <= $5)
       or exists (select 1 from decisions d where d.workspace_id = $1 and d.incident_id = i.id
         and d.proof is not null and d.decided_at <= $5)
     ) and (
       p.slack_user_id = $2 or lower(p.email) = any($3) or exists (
         select 1 from found f where f.person_id = p.id and (f.login = any($3) or exists (
           select 1 from found mine where mine.person_id = $4 and mine.system = f.system and mine.account_id = f.account_id))))
     order by i.opened_at limit 1`,
    [core.workspaceId, own.slackUserId, own.addresses, own.person.id, by],
  );
  return rows[0] ?? null;
}

const MOST_NAMED = 10;

/**
 * An approver decides nothing while an incident about them is open that counts: an attacker with their Slack account
 * could end the investigation. What they decided before it counted stays valid.
 */
export async function checkUnsuspected(core: Core, own: Own, decidedAt?: Date): Promise<Result<null, Problem>> {
  const incident = await incidentAbout(core, own, decidedAt ?? core.runtime.now());
  if (!incident) return ok(null);
  const { reference } = incident;
  const others = (await core.roles.all(RIGHTS.close)).filter((id) => id !== own.slackUserId).slice(0, MOST_NAMED);
  return refuse(
    'suspended',
    others.length === 0
      ? phrase('problem.suspect.alone', { reference })
      : phrase('problem.suspect', {
          reference,
          who: list(
            others.map((id) => phrase('approver.name', { who: user(id) })),
            ', ',
          ),
        }),
  );
}
