import type { Driver, Entered, Seen } from './drive.js';
import { isReport, issueLink, type Link, LINK_NAMES, mailLink } from './links.js';
import { WAY_NAMES, WAYS } from './page-calls.js';
import { ACTORS, ROLE_NAMES, type RoleName } from './roles.js';
import { STATE_NAMES, type StateName } from './states.js';
import type { World } from './world.js';

/** Of the same window with something else in it: what is refused without a look at the window is tried with one. */
const isVariant = (link: string): boolean => / (what|by|approved) /.test(link);

/** Reading is refused by what is confirmed; what else a link is for reads the same whatever became of an incident. */
const isWhole = (link: string, way: string): boolean =>
  WAYS[way]?.whole === true && (way === 'POST' || (link.startsWith('confirm ') && !isVariant(link)));

/** `page`, what the link is for, and how it is called. */
export const PAGE_NAMES: readonly string[] = LINK_NAMES.flatMap((link) =>
  WAY_NAMES.filter((way) => WAYS[way]?.whole === true || !isVariant(link)).map((way) => `page ${link}: ${way}`),
);

/** No link is made for somebody by their workspace: Slack's deliveries have one, pages have not. */
export const PAGE_ROLES: readonly RoleName[] = ROLE_NAMES.filter((role) => role !== 'other_workspace');

/** Where there is something to confirm: the one state for what is refused without a look at it. */
function homeOf(link: string): StateName {
  if (link.includes('countersign')) return 'signed';
  if (link.includes('review')) return 'glass_broken';
  return link.includes('undo') ? 'contained' : 'open';
}

export interface PageName {
  readonly link: string;
  readonly way: string;
}

export function pageOf(interaction: string): PageName {
  const [, link = '', way = ''] = /^page ([^:]+): (.+)$/.exec(interaction) ?? [];
  return { link, way };
}

export const statesOf = (interaction: string): readonly StateName[] => {
  const { link, way } = pageOf(interaction);
  return isWhole(link, way) ? STATE_NAMES : [homeOf(link)];
};

const REFUSED = ['decision.refused', 'attempt.refused', 'page.refused', 'passkey.refused'];
/** Longer than any link leads anywhere. */
const LATER_MS = 30 * 24 * 3_600_000;

export async function tryPage(driver: Driver, interaction: string, role: RoleName, state: StateName): Promise<Seen> {
  const { link: name, way: wayName } = pageOf(interaction);
  const way = WAYS[wayName];
  if (!way) throw new Error(`nobody knows how to call ${interaction}`);
  const { world } = driver;
  const made = await driver.enter(state);
  const condition = way.condition ?? 'open';
  // An expired one was made long ago.
  if (condition === 'expired') world.runtime.move(-LATER_MS);
  const link = await linkFor(driver, name, role, made);
  if (condition === 'expired') world.runtime.move(LATER_MS);
  const table = isReport(name) ? 'report_tokens' : 'page_requests';
  if (condition === 'used') await world.core.db.query(`update ${table} set used_at = $1`, [world.runtime.now()]);
  if (way.lost) world.ground.lost.add(ACTORS[role].id);
  const path = condition === 'unknown' ? link.path.replace(/[^/]+$/, 'u'.repeat(43)) : link.path;
  const call = { ...way.call({ world, name, link, user: ACTORS[role].id }), path };
  const refusedAs = { actions: REFUSED, actor: ACTORS[role].id };
  const act = () => askTimes(world, call, way.times ?? 1);
  return driver.observe(state, refusedAs, { act, prepared: [table] });
}

async function askTimes({ pages }: World, call: Parameters<World['pages']['ask']>[0], times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const status = await pages.ask(call);
    if (status >= 500) throw new Error(`${call.method} ${call.path} failed: ${JSON.stringify(pages.errors.at(-1))}`);
  }
}

async function linkFor(driver: Driver, name: string, role: RoleName, made: Entered): Promise<Link> {
  const number = driver.next;
  if (isReport(name)) {
    const notice = made.mailed[role];
    if (notice === undefined) throw new Error(`${role} was mailed nothing`);
    return mailLink(driver.world, notice, number);
  }
  const whose = role === 'reporting_approver' ? role : 'reporter';
  const [refs, bindings] = [made[whose], made.bindings[whose]];
  return issueLink(driver.world, name, { user: ACTORS[role].id, refs, bindings, number });
}
