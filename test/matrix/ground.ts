import type { Roles } from '../../src/ports/roles.js';

/** What Slack says of people, as it may change while something waits. */
export interface Ground {
  /** In no role any more. */
  readonly lost: Set<string>;
  /** Guests by now. */
  readonly demoted: Set<string>;
  /** Slack does not answer. */
  silent: boolean;
}

/** Roles that somebody can lose without another configuration, or a wait until a user group is read anew. */
export function changeable(roles: Roles): { readonly roles: Roles; readonly ground: Ground } {
  const ground: Ground = { lost: new Set(), demoted: new Set(), silent: false };
  return {
    ground,
    roles: {
      ...roles,
      has: async (id, wanted) => !ground.lost.has(id) && roles.has(id, wanted),
      all: async (wanted) => (await roles.all(wanted)).filter((id) => !ground.lost.has(id)),
      standing: (id) => {
        if (ground.silent) return Promise.reject(new Error('Slack does not answer'));
        return ground.demoted.has(id) ? Promise.resolve('guest') : roles.standing(id);
      },
    },
  };
}

/** As it was in the beginning. */
export function settle(ground: Ground): void {
  ground.lost.clear();
  ground.demoted.clear();
  ground.silent = false;
}
