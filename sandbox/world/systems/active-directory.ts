import type { DirectoryServer } from '../active-directory.js';
import { TWO_STEP_GROUP } from '../people.js';
import { createConditions } from './conditions.js';
import type { CompanySystem } from './system.js';

/** The domain controller, which can be cut off but neither throttles nor lags. */
export const activeDirectorySystem = (server: DirectoryServer): CompanySystem => ({
  id: 'active_directory',
  title: 'Active Directory',
  twoStepGroup: TWO_STEP_GROUP,
  conditions: createConditions({ normal: () => server.connected(true), down: () => server.connected(false) }),
  async accounts() {
    const accounts = await server.accounts();
    return accounts.map(({ login, disabled, mustChange, passwordChangedAt, groups }) => ({
      email: login,
      enabled: !disabled,
      mustChange,
      passwordChangedAt,
      sessions: null,
      lists: { Groups: groups },
    }));
  },
  intrude: (email) => server.domain.intrude(email).then(() => undefined),
  // Samba keeps nothing: each start provisions the domain anew.
  snapshot: () => null,
  onChange: () => () => undefined,
  close: () => server.stop(),
});
