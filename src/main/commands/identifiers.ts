import type { IdentifiersIn } from '../../doctor/examine.js';
import type { PersonIdentifiers } from '../../ports/connector.js';
import type { Config } from '../config.js';

/** Whom notme.yml knows under this address, if anybody. */
function knownAs({ workspace }: Config, address: string) {
  const email = address.toLowerCase();
  return workspace.people.find((person) => person.email === email || person.aliases.includes(email));
}

/** Every address of the person who has this one, that one included. */
export function addressesOf(config: Config, address: string): readonly string[] {
  const known = knownAs(config, address);
  const email = address.toLowerCase();
  return [...new Set([known?.email ?? email, email, ...(known?.aliases ?? [])])];
}

/** Whom to look for in each system. */
export function identifiersOf(config: Config, address: string): IdentifiersIn {
  const known = knownAs(config, address);
  const emails = addressesOf(config, address);
  return (system): PersonIdentifiers => {
    const named = known?.accounts[system];
    return named === undefined
      ? { emails, employeeId: known?.employeeId ?? null }
      : { emails: [named], employeeId: null };
  };
}
