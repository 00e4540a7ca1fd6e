import { type Person, personById, savePerson, savePersonWithoutSlack } from '../incidents/people.js';
import type { Core } from '../ports/core.js';
import type { Notice } from './notice.js';

type Account = Pick<Notice, 'system' | 'login'>;

/** The e-mail address behind a login: the login itself, unless the configuration says otherwise. */
function ownerOf(core: Core, { system, login }: Account): string {
  for (const [email, { aliases, logins }] of core.policy.identifiers) {
    const names = [logins[system], ...aliases];
    if (names.some((name) => name?.toLowerCase() === login)) return email;
  }
  return login;
}

/**
 * Whom an open incident is about that has this account linked. A connector finds an account by an alias, a second address
 * or a number, too; its login is then nobody's address. When two incidents have it, that of its own address comes first.
 */
async function personOfLinked(core: Core, { system, login }: Account, email: string): Promise<Person | null> {
  const { rows } = await core.db.query<{ id: string }>(
    `select p.id from accounts a
       join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
       join incidents i on i.workspace_id = a.workspace_id and i.person_id = a.person_id and i.status = 'open'
     where a.workspace_id = $1 and a.system = $2 and a.retired_at is null
       and (lower(a.login) = $3 or lower(a.account_id) = $3)
     order by lower(p.email) = $4 desc, i.opened_at limit 1`,
    [core.workspaceId, system, login.toLowerCase(), email.toLowerCase()],
  );
  return rows[0] ? personById(core.db, core.workspaceId, rows[0].id) : null;
}

/**
 * Whose account it is: of whom an open incident is that has it, else as Slack knows them now; somebody whom Slack does
 * not know is known by the address.
 */
export async function personBehind(core: Core, account: Account): Promise<Person> {
  const email = ownerOf(core, account);
  const linked = await personOfLinked(core, account, email);
  if (linked) return linked;
  const found = await core.people.byEmail(email);
  return found && found.standing !== 'app'
    ? savePerson(core, { ...found, email })
    : savePersonWithoutSlack(core, core.db, email);
}
