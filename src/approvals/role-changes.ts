import * as z from 'zod';
import { notme } from '../incidents/audit-event.js';
import { appendWorkspaceEvent, holdWorkspaceChain, WORKSPACE_CHAIN } from '../incidents/workspace-event.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import { type Role, ROLES } from '../ports/roles.js';
import { list, type Phrase, phrase, text, user } from '../texts/phrase.js';
import { announce } from './announce.js';

const RECORDED = 'roles.recorded';
const CHANGED = 'roles.changed';

type Members = Readonly<Partial<Record<Role, readonly string[]>>>;

const stored = z.object({ members: z.partialRecord(z.enum(ROLES), z.array(z.string())) });

/** One who came into a role, or went out of it. */
interface Move {
  readonly role: Role;
  readonly user: string;
  readonly way: 'in' | 'out';
}

/**
 * Compares who is in which role with what the workspace's chain says of it last: a change is told in the channel and
 * stands in the chain, once. Where nothing is known yet, it is only recorded. The chain is the memory: nobody can take a
 * line out of it to hide a change.
 */
export async function watchRoles(core: Core): Promise<void> {
  const now = await membersNow(core);
  if (!differs(now, await lastKnown(core, core.db))) return;
  const correlationId = core.runtime.newId('cor');
  await core.db.transaction(async (tx) => {
    await holdWorkspaceChain(core, tx);
    const before = await lastKnown(core, tx);
    // Another process was faster.
    if (!differs(now, before)) return;
    const moves = movesBetween(before, now);
    const members = { ...before, ...now };
    await appendWorkspaceEvent(core, tx, {
      actor: notme('worker'),
      action: moves.length === 0 ? RECORDED : CHANGED,
      origin: { surface: 'job', correlationId },
      detail: {
        members: Object.fromEntries(Object.entries(members).map(([role, users]) => [role, [...users]])),
        ...(moves.length === 0 ? {} : { moves: moves.map((move) => ({ ...move })) }),
      },
    });
    if (moves.length === 0) return;
    const lines = list(moves.map(sayMove));
    const told = { key: `roles_${correlationId}`, to: null, phrase: phrase('announce.roles', { lines }) };
    await announce(core, tx, told, correlationId);
  });
  core.dispatch();
}

/** Without the roles of which Slack does not say just now who is in them. */
async function membersNow({ roles }: Core): Promise<Members> {
  const asked = await Promise.all(ROLES.map(async (role) => [role, await roles.whole(role)] as const));
  return Object.fromEntries(asked.filter(([, members]) => members !== null));
}

async function lastKnown(core: Core, tx: Queryable): Promise<Members> {
  const { rows } = await tx.query<{ detail: unknown }>(
    `select detail from record_entries where workspace_id = $1 and incident_id = $2 and action in ($3, $4)
     order by seq desc limit 1`,
    [core.workspaceId, WORKSPACE_CHAIN, RECORDED, CHANGED],
  );
  return rows[0] ? stored.parse(rows[0].detail).members : {};
}

const differs = (now: Members, before: Members): boolean =>
  ROLES.some((role) => now[role] !== undefined && !isSame(now[role], before[role]));

const isSame = (one: readonly string[], other: readonly string[] | undefined): boolean =>
  other !== undefined && one.length === other.length && one.every((user) => other.includes(user));

/** A role of which nothing was known is no change. */
const movesBetween = (before: Members, now: Members): readonly Move[] =>
  ROLES.flatMap((role) => {
    const [old, current] = [before[role], now[role]];
    if (old === undefined || current === undefined) return [];
    return [
      ...current.filter((one) => !old.includes(one)).map((one) => ({ role, user: one, way: 'in' as const })),
      ...old.filter((one) => !current.includes(one)).map((one) => ({ role, user: one, way: 'out' as const })),
    ];
  });

const sayMove = ({ role, user: who, way }: Move): Phrase =>
  phrase(`announce.roles.${way}`, { who: user(who), role: text(`role.${role}`) });
