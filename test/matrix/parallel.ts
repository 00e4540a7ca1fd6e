import type { Driver, Seen } from './drive.js';
import { INTERACTIONS } from './interactions.js';
import { byTwo, changing } from './parallel-expected.js';
import { ROLE_NAMES, type RoleName } from './roles.js';
import { STATE_NAMES, type StateName } from './states.js';
import type { World } from './world.js';

interface ParallelCell {
  readonly interaction: string;
  readonly role: RoleName;
  readonly state: StateName;
}

const roleNamed = (name: string | undefined): RoleName => {
  const role = ROLE_NAMES.find((one) => one === name);
  if (!role) throw new Error(`${name} is no role`);
  return role;
};

const SAMPLED = changing(STATE_NAMES);

/** `twice`: the same delivery two times at once; `two`: the same by two people at once. */
export const PARALLEL_CELLS: readonly ParallelCell[] = SAMPLED.flatMap((one) => {
  const cell = { role: roleNamed(one.roles[0]), state: one.state as StateName };
  const twice = { ...cell, interaction: `twice ${one.interaction}` };
  return byTwo(one) ? [twice, { ...cell, interaction: `two ${one.interaction}` }] : [twice];
});

/** How many rows of each table differ after some deliveries at once; then all is as it was. */
async function countAfter(world: World, state: string, send: () => Promise<unknown>) {
  const { tables } = world;
  const before = await tables.keptBut(state, []);
  await send();
  const changed = await tables.changed(before);
  const counts = await tables.counted(state, changed);
  await tables.restore(state, changed);
  return counts;
}

/** What two at once leave beyond what one leaves, or leave out. */
export async function tryParallel(driver: Driver, parallel: string, role: RoleName, state: StateName): Promise<Seen> {
  const [how = '', ...rest] = parallel.split(' ');
  const interaction = rest.join(' ');
  const make = INTERACTIONS.get(interaction);
  const sampled = SAMPLED.find((one) => one.interaction === interaction);
  if (!make || !sampled) throw new Error(`nobody knows how to send ${parallel}`);
  const { world } = driver;
  const made = await driver.enter(state);
  const alone = make(driver.cellOf(role, made));
  const once = await countAfter(world, state, () => world.deliver(alone));
  const first = make(driver.cellOf(role, made));
  const other = how === 'two' ? make(driver.cellOf(roleNamed(sampled.roles[1]), made)) : first;
  const both = await countAfter(world, state, () => Promise.all([world.deliver(first), world.deliver(other)]));
  const names = [...new Set([...once.keys(), ...both.keys()])];
  const changed = names.flatMap((name) => {
    const [one, two] = [once.get(name) ?? 0, both.get(name) ?? 0];
    return two > one ? [name] : two < one ? [`less of ${name}`] : [];
  });
  return { changed, refusals: [] };
}
