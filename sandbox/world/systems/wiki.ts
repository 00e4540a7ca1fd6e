import { randomBytes } from 'node:crypto';
import { createScimDirectory, type ScimUserView } from 'identity-sandbox/scim';
import { CONTRACTOR, PEOPLE, RANGES } from '../people.js';
import { type CompanySystem, savedAs, type SystemStart, type TrueAccount } from './system.js';

const ID = 'wiki';
const PERMISSIONS = ['read', 'write'] as const;

const accountOf = (user: ScimUserView): TrueAccount => ({
  email: user.email,
  enabled: user.enabled,
  mustChange: false,
  passwordChangedAt: user.passwordChangedAt,
  sessions: null,
  lists: { Groups: user.groups, Roles: user.roles, Contacts: user.contacts },
});

/** An application that is reached over SCIM 2.0 and gets its accounts from Okta. */
export async function startWiki({ clock, saved }: SystemStart): Promise<CompanySystem> {
  const token = randomBytes(24).toString('hex');
  const people = [PEOPLE.ada, PEOPLE.dia, { email: CONTRACTOR.email, real_name: CONTRACTOR.name }];
  const directory = await createScimDirectory({
    token,
    clock,
    users: people.map(({ email, real_name: name }) => ({ email, name })),
    groups: [
      { id: 'grp-2-step', name: 'Second step' },
      { id: 'grp-quarantine', name: 'Quarantine' },
      { id: 'grp-office', name: 'Office only' },
    ],
    ...savedAs('snapshot', saved),
  });
  return {
    id: `scim_${ID}`,
    title: 'Meadow Wiki',
    environment: { SCIM_TOKENS: JSON.stringify({ [ID]: token }) },
    settings: {
      scim: [
        {
          id: ID,
          title: 'Meadow Wiki',
          base_url: directory.url,
          set_password: true,
          provisioned_from: 'okta',
          two_step_group_id: 'grp-2-step',
          quarantine_group_id: 'grp-quarantine',
          login_range_groups: [{ group_id: 'grp-office', ranges: [...RANGES] }],
        },
      ],
    },
    faults: directory.faults,
    hooks: directory.hooks,
    rewritten: ['left_out', 'without_members'],
    setLag: (ms) => directory.setLag(ms),
    permissions: [...PERMISSIONS],
    permit(permission, granted) {
      const known = PERMISSIONS.find((one) => one === permission);
      if (known !== undefined) directory.permit(known, granted);
    },
    accounts: () => directory.state().users.map(accountOf),
    intrude: (email, { ip }) => directory.intrude(email, { ip }),
    snapshot: () => directory.snapshot(),
    onChange: (listener) => directory.onChange(listener),
    close: () => directory.close(),
  };
}
