import { startEntraId } from './entra-id.js';
import { startGoogleWorkspace } from './google-workspace.js';
import { startKeycloak } from './keycloak.js';
import { startOkta } from './okta.js';
import { createSkew } from './skew.js';
import type { CompanySystem } from './system.js';
import { startWiki } from './wiki.js';

const STARTS = {
  okta: startOkta,
  entra_id: startEntraId,
  google_workspace: startGoogleWorkspace,
  keycloak: startKeycloak,
  scim_wiki: startWiki,
} as const;

/** Starts the company's other identity systems, in the order in which they are shown. */
export function startSystems(
  clock: () => Date,
  saved: Readonly<Record<string, unknown>>,
): Promise<readonly CompanySystem[]> {
  return Promise.all(
    Object.entries(STARTS).map(async ([id, start]) => {
      const skew = createSkew(clock);
      const system = await start({ clock: skew.clock, saved: saved[id] });
      return { ...system, setClock: (ms: number) => skew.set(ms) };
    }),
  );
}
