import type { Runtime } from '../../runtime.js';
import type { MimecastApi } from './api.js';
import type { Groups } from './groups.js';
import type { MimecastSettings } from './settings.js';

/** What every read and every command of this connector needs. */
export interface Reader {
  readonly api: MimecastApi;
  readonly groups: Groups;
  readonly settings: MimecastSettings;
  readonly runtime: Runtime;
}
