import { type Person, savePerson, savePersonWithoutSlack } from '../incidents/people.js';
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

/** Whose account it is, as Slack knows them now; somebody whom Slack does not know is known by the address. */
export async function personBehind(core: Core, account: Account): Promise<Person> {
  const email = ownerOf(core, account);
  const found = await core.people.byEmail(email);
  return found && found.standing !== 'app'
    ? savePerson(core, { ...found, email })
    : savePersonWithoutSlack(core, core.db, email);
}
