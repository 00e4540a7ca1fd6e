import type { RoleLists } from '../../src/ports/roles.js';

/** Whoever is tried, and how Slack tells of them. The other axes of the matrix: `interactions.ts`, `states.ts`. */
export interface Actor {
  readonly id: string;
  readonly email: string | null;
  /** What `users.info` says beside the name and the address. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** The workspace that the delivery says it is from; left out: the own one. */
  readonly team?: string;
}

export const TEAM = 'T0MEADOW';
const ELSEWHERE = 'T0ELSEWHERE';

const actor = (id: string, flags: Actor['flags'] = {}): Actor => ({
  id: `U0${id}`,
  email: `${id.toLowerCase()}@meadow.example`,
  flags,
});

/** By the name of the role in the matrix. */
export const ACTORS = {
  /** who reported, about whom the incident is */
  reporter: actor('ADA'),
  /** an approver in the same place */
  reporting_approver: actor('VIC'),
  colleague: actor('ELI'),
  responder: actor('RITA'),
  approver: actor('BEA'),
  group_approver: actor('GIL'),
  dead_group_approver: actor('DINO'),
  administrator: actor('ADMIN'),
  auditor: actor('AUDITOR'),
  /** an approver about whom another incident is open, that they reported */
  suspected_approver: actor('SUE'),
  /** an approver whose own account is the one that the incident is about */
  account_sharer: actor('HAN'),
  /** an approver of whom Slack tells no address */
  addressless_approver: { ...actor('NOA'), email: null },
  // Named as approvers in the configuration, and no members any more: what they are goes before what they are called.
  guest: actor('GUS', { is_restricted: true }),
  single_channel_guest: actor('SIA', { is_restricted: true, is_ultra_restricted: true }),
  deactivated: actor('DEL', { deleted: true }),
  stranger: actor('STRAN', { is_stranger: true }),
  shared_channel: actor('SHARED', { team_id: ELSEWHERE }),
  app: actor('APP', { is_bot: true }),
  other_workspace: { ...actor('OTHER'), team: ELSEWHERE },
} as const satisfies Readonly<Record<string, Actor>>;
export type RoleName = keyof typeof ACTORS;
export const ROLE_NAMES = Object.keys(ACTORS) as readonly RoleName[];

/** An approver whose codes are locked in most states, so that there is a lock to lift. */
export const LOCKED = actor('LOU');

export const ALIVE_GROUP = 'S0ALIVE';
export const DEAD_GROUP = 'S0DEAD';

const ids = (...names: readonly RoleName[]): readonly string[] => names.map((name) => ACTORS[name].id);

/** As `notme.yml` names them. */
export const LISTS: RoleLists = {
  responder: { users: ids('responder'), userGroups: [] },
  approver: {
    users: [
      ...ids(
        'reporting_approver',
        'approver',
        'suspected_approver',
        'account_sharer',
        'addressless_approver',
        'guest',
        'single_channel_guest',
        'deactivated',
        'stranger',
        'shared_channel',
        'app',
        'other_workspace',
      ),
      LOCKED.id,
    ],
    userGroups: [ALIVE_GROUP, DEAD_GROUP],
  },
  administrator: { users: ids('administrator'), userGroups: [] },
  auditor: { users: ids('auditor'), userGroups: [] },
};
