import type { Connector } from '../../../src/ports/connector.js';
import type { Condition } from '../../world/systems/conditions.js';
import type { ShownSystem } from '../../world/company.js';
import type { TrueAccount } from '../../world/systems/system.js';
import type { World } from '../../world/world.js';

/** One identity system in which the drill's person has an account. */
export interface Subject {
  readonly id: string;
  /** As the thread calls it. */
  readonly title: string;
  /** How the system does in this drill from the decision on. */
  readonly trouble: Condition;
  readonly system: ShownSystem;
  account(): Promise<TrueAccount>;
}

/** How each system does; one that is not named does well. */
export type Troubles = Readonly<Record<string, Condition>>;

/** Keycloak alone decides about its accounts, Okta tells its wait as a moment, Entra ID is late in all that it shows. */
export const EVERYTHING: Troubles = { keycloak: 'down', okta: 'throttling', entra_id: 'late' };

/** Every identity system of the world, with the account of this address. */
export const subjectsOf = (
  { company }: World,
  connectors: ReadonlyMap<string, Connector>,
  email: string,
  troubles: Troubles = EVERYTHING,
): readonly Subject[] =>
  company.map((system) => ({
    id: system.id,
    title: connectors.get(system.id)?.title ?? system.title,
    trouble: troubles[system.id] ?? 'normal',
    system,
    async account() {
      const found = (await system.accounts()).find((account) => account.email === email);
      if (!found)
        throw new Error(`${system.title} has no account of ${email}: the drill's person needs one everywhere`);
      return found;
    },
  }));
