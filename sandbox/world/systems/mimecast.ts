import type { MimecastDirectory } from '../../directories/mimecast/directory.js';
import { TWO_STEP_GROUP } from '../people.js';
import { httpConditions } from './conditions.js';
import type { CompanySystem } from './system.js';

/** Mimecast, which every world has. */
export const mimecastSystem = (directory: MimecastDirectory): CompanySystem => ({
  id: 'mimecast',
  title: 'Mimecast',
  twoStepGroup: TWO_STEP_GROUP,
  conditions: httpConditions(directory),
  accounts() {
    const { users, groups } = directory.state();
    return Promise.resolve(
      users.map((user) => ({
        email: user.emailAddress,
        enabled: !user.accountDisabled,
        mustChange: user.forcePasswordChange,
        passwordChangedAt: user.passwordChangedAt,
        sessions: null,
        lists: {
          'Opens mailboxes of': user.rules,
          Groups: groups.filter(({ members }) => members.includes(user.emailAddress)).map(({ name }) => name),
        },
      })),
    );
  },
  intrude: (email, { ip }) => directory.intrude(email, { ip }),
  // Kept in a place of its own, from before there were other systems.
  snapshot: () => null,
  onChange: (listener) => directory.onChange(listener),
  close: () => directory.close(),
});
