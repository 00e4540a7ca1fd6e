import type { Runtime } from '../../platform/runtime.js';
import type { AccountRef } from '../../ports/connector.js';
import type { GraphApi } from './api.js';
import type { Domains } from './domains.js';
import type { EntraIdSettings } from './settings.js';

/** What every action works with. */
export interface Reader {
  readonly api: GraphApi;
  readonly domains: Domains;
  readonly settings: EntraIdSettings;
  readonly runtime: Runtime;
}

export const userPath = (account: AccountRef): string => `/v1.0/users/${encodeURIComponent(account.accountId)}`;

/** A text in an OData filter. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
