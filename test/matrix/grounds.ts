import { commands } from '../../src/approvals/commands/index.js';
import { requestWork } from '../../src/outbox/outbox.js';
import { ACTORS, type Actor, LOCKED } from './roles.js';
import { done, link, ORIGIN, report, run, save, undo } from './states.js';
import type { World } from './world.js';

/** What was decided, and by whom. */
export interface Queued {
  readonly world: World;
  readonly incident: string;
  readonly victim: Actor;
  readonly first: Actor;
  /** What waits in the queue. */
  readonly steps: readonly string[];
}

const SECOND = ACTORS.group_approver;
const DAY_MS = 24 * 3_600_000;

const sql =
  (change: string) =>
  ({ world, incident }: Queued): Promise<unknown> =>
    world.core.db.query(change, [incident]);

/** An incident about them that counts; from before the decision, or from now on. */
async function suspect({ world }: Queued, about: Actor, when: 'before' | 'now'): Promise<void> {
  const incident = await report(world, await save(world, about));
  if (when === 'before')
    await world.core.db.query(
      `update reports set reported_at = reported_at - interval '1 day' where incident_id = $1`,
      [incident],
    );
}

/** As if it had never run: only the record knows. */
async function putBack({ world, steps }: Queued): Promise<void> {
  await world.core.db.query(
    `update steps set status = 'queued', finished_at = null, accepted_at = null, first_sent_at = null, attempts = 0
     where id = any($1)`,
    [steps],
  );
  await again(world, steps);
}

/** The queue delivers at least once. */
async function again({ core, runtime }: World, steps: readonly string[]): Promise<void> {
  const { workspaceId } = core;
  for (const ref of steps)
    await requestWork(core.db, {
      workspaceId,
      name: 'run_step',
      ref,
      correlationId: 'cor_again',
      now: runtime.now(),
    });
}

/** Of several on one account, one: the store holds that none is there twice. */
async function forgeAction({ world: { core }, steps }: Queued): Promise<void> {
  await core.db.query(
    `delete from steps where id = any($1)
       and id not in (select min(id) from steps where id = any($1) group by account_row)`,
    [steps],
  );
  await core.db.query(
    `update steps set action = case action when 'enable_account' then 'disable_account' else 'enable_account' end
     where id = any($1)`,
    [steps],
  );
}

/** To one that there is: whoever writes the row wants somebody else locked out. */
async function forgeAccount({ world: { core, systems }, incident, victim }: Queued): Promise<void> {
  for (const system of systems) system.add('ceo@meadow.example', `${system.system}/${victim.email}/ceo`);
  await core.db.query(
    `update accounts set account_id = account_id || '/ceo' from incidents i
     where i.id = $1 and i.person_id = accounts.person_id`,
    [incident],
  );
}

/** What changes between the decision and its job. */
export const GROUNDS: Readonly<Record<string, (queued: Queued) => unknown>> = {
  'nothing changed': () => undefined,
  'the first lost the role': ({ world, first }) => world.ground.lost.add(first.id),
  'the first became a guest': ({ world, first }) => world.ground.demoted.add(first.id),
  'the first was suspected when deciding': (queued) => suspect(queued, queued.first, 'before'),
  'the first was suspected afterwards': (queued) => suspect(queued, queued.first, 'now'),
  'the second lost the role': ({ world }) => world.ground.lost.add(SECOND.id),
  'the second became a guest': ({ world }) => world.ground.demoted.add(SECOND.id),
  'the second was suspected when deciding': (queued) => suspect(queued, SECOND, 'before'),
  'the second lost their signature': sql('update decisions set second = null where incident_id = $1'),
  'Slack is silent': ({ world }) => {
    world.ground.silent = true;
  },
  'the incident was closed': ({ world, incident: incidentId }) => {
    const closing = { incidentId, actor: ACTORS.approver.id, outcome: 'benign', reason: 'a mistake' } as const;
    return done(commands.close(world.core, { ...closing, origin: ORIGIN }));
  },
  'the account was unlinked': sql(
    'update accounts set retired_at = i.opened_at from incidents i where i.id = $1 and i.person_id = accounts.person_id',
  ),
  'the account is protected': ({ world, victim }) => {
    for (const system of world.systems) system.protect(`${system.system}/${victim.email}`, 'it is the last one');
  },
  "the account is the first's own": async ({ world, first, victim }) => {
    const owner = first === victim ? ACTORS.colleague : first;
    await link(world, await save(world, owner), { login: victim.email ?? '' });
  },
  'the action was forged': forgeAction,
  'the account was forged': forgeAccount,
  // By one who may as well.
  'the decider was forged': sql(`update decisions set decided_by = '${LOCKED.id}' where incident_id = $1`),
  'the incident was forged': async (queued) => {
    const other = await report(queued.world, await save(queued.world, ACTORS.colleague));
    await queued.world.core.db.query('update steps set incident_id = $2 where incident_id = $1', [
      queued.incident,
      other,
    ]);
  },
  'the tag was removed': sql('update steps set authentication = null where incident_id = $1'),
  'a day went by': ({ world }) => world.runtime.move(DAY_MS + 60_000),
  'it has ended': async ({ world, incident, steps }) => {
    await run(world, incident);
    await again(world, steps);
  },
  'it was put back': async (queued) => {
    await run(queued.world, queued.incident);
    await putBack(queued);
  },
  'it was undone and put back': async (queued) => {
    await run(queued.world, queued.incident);
    await undo(queued.world, queued.incident);
    await run(queued.world, queued.incident);
    await putBack(queued);
  },
  'another worker took over': () => undefined,
};
