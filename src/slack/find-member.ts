import type { WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { DirectoryPerson, PeopleDirectory } from '../ports/directory.js';
import { maybe, pageEnd, readable } from './lenient.js';
import { LARGEST_PAGE, patiently } from './patience.js';

export const page = z.object({
  members: readable(z.object({ id: z.string(), name: maybe(z.string()), deleted: maybe(z.boolean()) })),
  response_metadata: pageEnd,
});

const MAX_PAGES = 100;

/** All members whose user name (not display name) is exactly this. */
async function byUserName(client: WebClient, name: string): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  for (let index = 0; index < MAX_PAGES; index += 1) {
    const query = { limit: LARGEST_PAGE, ...(cursor ? { cursor } : {}) };
    const answer = page.parse(await patiently(() => client.users.list(query)));
    found.push(
      ...answer.members.filter((member) => !member.deleted && member.name === name).map((member) => member.id),
    );
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return found;
  }
  return found;
}

/** Finds a member by Slack id, e-mail address or @user name. @throws a sentence when there is none, or more than one */
export async function findMember(client: WebClient, people: PeopleDirectory, who: string): Promise<DirectoryPerson> {
  const wanted = who.replace(/^@/, '');
  if (wanted.includes('@')) {
    const found = await people.byEmail(wanted);
    if (found) return found;
    throw new Error(`Slack knows nobody with the e-mail address ${wanted}.`);
  }
  const ids = /^[UW][A-Z0-9]{6,}$/.test(wanted) ? [wanted] : await byUserName(client, wanted.toLowerCase());
  const [id, ...others] = ids;
  if (id === undefined)
    throw new Error(
      `Slack knows nobody with the user name @${wanted}. Give the e-mail address or the member id instead.`,
    );
  if (others.length > 0)
    throw new Error(`Several members are called @${wanted} (${ids.join(', ')}). Give the member id.`);
  const found = await people.bySlackId(id);
  if (!found) throw new Error(`Slack knows no member ${id}.`);
  return found;
}
