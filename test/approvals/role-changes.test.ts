import { beforeEach, describe, expect, it } from '@jest/globals';
import { watchRoles } from '../../src/approvals/role-changes.js';
import { WORKSPACE_CHAIN } from '../../src/incidents/workspace-event.js';
import type { Core } from '../../src/ports/core.js';
import { phraseSchema, sayPhrase } from '../../src/texts/phrase.js';
import { sayMrkdwn, withOverrides } from '../../src/texts/say.js';
import { rolesOf } from '../roles.js';
import { BEA, CEM, ELI, Scene } from '../scene.js';

const GROUP = 'S0SECURITY';

let scene: Scene;
let members: readonly string[] | null;
let isSilent: boolean;
/** As after a restart: nothing is known but what is stored. */
const process = (users: readonly string[] = []): Core => ({
  ...scene.core,
  roles: rolesOf(
    { approver: { users: [BEA.slackUserId], userGroups: [GROUP] }, administrator: { users, userGroups: [] } },
    { membersOf: () => (isSilent ? Promise.reject(new Error('ratelimited')) : Promise.resolve(members)) },
  ),
});
const chain = async () => {
  const { rows } = await scene.core.db.query<{ action: string; detail: { moves?: unknown } }>(
    'select action, detail from record_entries where incident_id = $1 order by seq',
    [WORKSPACE_CHAIN],
  );
  return rows.map(({ action, detail }) => [action, detail.moves]);
};
const told = async (): Promise<readonly string[]> => {
  const { rows } = await scene.core.db.query<{ phrase: unknown }>(
    'select phrase from announcements where recipient is null order by created_at, id',
  );
  const say = sayMrkdwn(withOverrides({}));
  return rows.map((row) => sayPhrase(say, phraseSchema.parse(row.phrase)));
};
const move = (way: string, { slackUserId: user }: { readonly slackUserId: string }, role = 'approver') => ({
  role,
  user,
  way,
});

beforeEach(async () => {
  scene = await Scene.open();
  members = [CEM.slackUserId];
  isSilent = false;
  await watchRoles(process());
}, 120_000);

describe('who is in a role', () => {
  it('is recorded at the first start, and not told as if all were new; nothing is added while it stays', async () => {
    await watchRoles(process());
    expect(await chain()).toEqual([['roles.recorded', undefined]]);
    expect(await told()).toEqual([]);
  });

  it('is told and in the chain when somebody comes in and somebody goes out, also after a restart', async () => {
    members = [ELI.slackUserId];
    await watchRoles(process());
    expect(await chain()).toEqual([
      ['roles.recorded', undefined],
      ['roles.changed', [move('in', ELI), move('out', CEM)]],
    ]);
    const [post, ...more] = await told();
    expect(more).toEqual([]);
    expect(post).toContain('<@U0ELI> is now one of the approvers');
    expect(post).toContain('<@U0CEM> is no longer one of the approvers');
  });

  it('is told once by two processes, and for all roles that changed together', async () => {
    members = [CEM.slackUserId, ELI.slackUserId];
    await Promise.all([1, 2].map(() => watchRoles(process([ELI.slackUserId]))));
    expect(await told()).toHaveLength(1);
    expect((await chain()).at(-1)).toEqual(['roles.changed', [move('in', ELI), move('in', ELI, 'administrator')]]);
  });

  it('is recorded once by two processes at the first start', async () => {
    scene = await Scene.open();
    await Promise.all([1, 2].map(() => watchRoles(process())));
    expect(await chain()).toEqual([['roles.recorded', undefined]]);
  });

  it('is left as it was while Slack does not say; a group that is gone is a change', async () => {
    isSilent = true;
    await watchRoles(process([ELI.slackUserId]));
    expect((await chain()).at(-1)).toEqual(['roles.changed', [move('in', ELI, 'administrator')]]);
    isSilent = false;
    await watchRoles(process([ELI.slackUserId]));
    expect(await told()).toHaveLength(1);
    members = null;
    await watchRoles(process([ELI.slackUserId]));
    expect((await chain()).at(-1)).toEqual(['roles.changed', [move('out', CEM)]]);
  });
});
