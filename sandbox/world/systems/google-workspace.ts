import {
  createGoogleWorkspaceDirectory,
  createServiceAccount,
  EVERY_SCOPE,
  type GoogleWorkspaceUserView,
} from 'identity-sandbox/google-workspace';
import { DOMAIN, PEOPLE, RANGES } from '../people.js';
import { type CompanySystem, OFFICE, savedAs, type SystemStart, type TrueAccount } from './system.js';

const ADMIN = `workspace-admin@${DOMAIN}`;
const TWO_STEP = `containment-2sv@${DOMAIN}`;
const QUARANTINE = `containment-quarantine@${DOMAIN}`;
const OFFICE_GROUP = `containment-office@${DOMAIN}`;

const accountOf = (user: GoogleWorkspaceUserView): TrueAccount => ({
  email: user.email,
  enabled: user.enabled,
  mustChange: user.mustChange,
  passwordChangedAt: user.passwordChangedAt,
  sessions: user.sessions,
  lists: {
    Factors: user.factors,
    Grants: user.grants,
    'Backup codes': user.backupCodes === 0 ? [] : [`${user.backupCodes} valid codes`],
    'App passwords': user.appPasswords,
    'Mail rules': user.rules.map((rule) => rule.replaceAll(/["{}[\]]+/g, ' ').trim()),
    Devices: user.devices.map(({ name, status }) => `${name}, ${status.toLowerCase()}`),
    Recovery: user.recovery,
    Groups: user.groups,
    Roles: user.roles,
  },
});

export async function startGoogleWorkspace({ clock, saved }: SystemStart): Promise<CompanySystem> {
  const account = createServiceAccount('notme@notme-sandbox.iam.gserviceaccount.com');
  const directory = await createGoogleWorkspaceDirectory({
    serviceAccount: account.known,
    clock,
    users: [
      ...[PEOPLE.ada, PEOPLE.bea, PEOPLE.cem, PEOPLE.dia].map(({ email, real_name: name }) => ({ email, name })),
      { email: ADMIN, name: 'Workspace administrator', admin: 'super' },
    ],
    groups: [{ email: TWO_STEP, enforces2Sv: true }, { email: QUARANTINE }, { email: OFFICE_GROUP }],
    ...savedAs('snapshot', saved),
  });
  return {
    id: 'google_workspace',
    title: 'Google Workspace',
    environment: {
      GOOGLE_WORKSPACE_SERVICE_ACCOUNT_KEY: account.keyFile,
      GOOGLE_WORKSPACE_ADMIN_EMAIL: ADMIN,
      GOOGLE_WORKSPACE_ADMIN_URL: directory.url,
      GOOGLE_WORKSPACE_GMAIL_URL: directory.url,
      GOOGLE_WORKSPACE_ALERTS_URL: directory.url,
      GOOGLE_WORKSPACE_TOKEN_URL: `${directory.url}/token`,
    },
    settings: {
      google_workspace: {
        super_admin: true,
        two_step_group: TWO_STEP,
        quarantine_group: QUARANTINE,
        login_range_groups: [{ group: OFFICE_GROUP, ranges: [...RANGES] }],
      },
    },
    faults: directory.faults,
    hooks: directory.hooks,
    rewritten: ['left_out'],
    setLag: (ms) => directory.setLag(ms),
    permissions: [...EVERY_SCOPE],
    permit: (permission, granted) => directory.permit(permission, granted),
    accounts: () => directory.state().users.map(accountOf),
    intrude: (email, { ip }) => directory.intrude(email, { ip, country: 'BR' }),
    plays: [
      {
        id: 'alert',
        label: 'Have Google hold it for hijacked',
        description: "An alert of Google's Alert Center. Notme looks every minute.",
        run: (email) => directory.warn(email, 'hijacked', '203.0.113.66'),
      },
    ],
    signIn: (email) => directory.signIn(email, OFFICE),
    snapshot: () => directory.snapshot(),
    onChange: (listener) => directory.onChange(listener),
    close: () => directory.close(),
  };
}
