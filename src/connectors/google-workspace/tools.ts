import type { Runtime } from '../../platform/runtime.js';
import type { GoogleApi } from './api.js';
import type { GoogleWorkspaceSettings } from './settings.js';

/** What every part of the connector works with. */
export interface Tools {
  readonly api: GoogleApi;
  readonly settings: GoogleWorkspaceSettings;
  readonly runtime: Runtime;
}

/** In an incomplete list, absence proves nothing. */
export const notAllShown = (many: string): string =>
  `Google does not show all ${many} in a form that can be read, and among those that it shows nothing is left to do; look in the Admin console.`;
