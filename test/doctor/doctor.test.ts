import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { sandboxConfig, sandboxEnvironment, type SandboxSettings } from '../../sandbox/world/config.js';
import { PEOPLE } from '../../sandbox/world/people.js';
import { startWorld } from '../../sandbox/world/start.js';
import { DOWN } from '../../sandbox/world/systems/system.js';
import type { World } from '../../sandbox/world/world.js';
import { createConnectors } from '../../src/main/create-connectors.js';
import type { Finding } from '../../src/ports/connector.js';
import { type Diagnosis, examineSystems, isSound } from '../../src/doctor/examine.js';
import { createLog } from '../../src/platform/log.js';
import { systemRuntime } from '../../src/platform/runtime.js';

const { ada } = PEOPLE;

/** What each vendor must grant, and what is lost without it. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, readonly Finding['subject'][]>>>> = {
  okta: {
    'okta.users.manage': ['reset_password', 'disable_account'],
    'okta.groups.manage': ['require_two_step'],
    'okta.roles.manage': ['remove_admin_roles'],
    'okta.logs.read': ['events', 'reports', 'evidence'],
    'okta.networkZones.manage': ['block_address'],
    'okta.devices.manage': ['block_devices'],
    'okta.userRisk.manage': ['confirm_compromised'],
    'okta.apiTokens.manage': ['revoke_grants'],
  },
  entra_id: {
    'User.EnableDisableAccount.All': ['disable_account', 'enable_account'],
    'User-PasswordProfile.ReadWrite.All': ['reset_password'],
    'User.RevokeSessions.All': ['revoke_sessions'],
    'UserAuthenticationMethod.ReadWrite.All': ['remove_factors'],
    'GroupMember.ReadWrite.All': ['require_two_step', 'quarantine'],
    'DelegatedPermissionGrant.ReadWrite.All': ['revoke_grants'],
    'RoleManagement.ReadWrite.Directory': ['remove_admin_roles'],
    'Device.ReadWrite.All': ['block_devices'],
    'MailboxSettings.ReadWrite': ['disable_mail_rules'],
    'Policy.ReadWrite.ConditionalAccess': ['block_address'],
    'IdentityRiskyUser.ReadWrite.All': ['confirm_compromised'],
    'AuditLog.Read.All': ['events', 'evidence'],
    'IdentityRiskEvent.Read.All': ['reports'],
  },
  google_workspace: {
    'admin.directory.user': ['reset_password', 'disable_account'],
    'admin.directory.user.security': ['revoke_sessions', 'remove_factors', 'delete_app_passwords'],
    'admin.directory.group.member': ['require_two_step', 'quarantine'],
    'admin.directory.rolemanagement': ['remove_admin_roles'],
    'admin.directory.device.mobile.action': ['block_devices'],
    'admin.reports.audit.readonly': ['events', 'reports', 'evidence'],
    'apps.alerts': ['reports'],
    'gmail.settings.basic': ['disable_mail_rules', 'block_mail_protocols'],
  },
  keycloak: { 'manage-users': ['reset_password', 'disable_account'], 'view-events': ['events', 'reports', 'evidence'] },
};
/** Read beside the needed ones; wider than them are taken away, so that nothing stands in for what is missing. */
const READING = ['Directory.Read.All', 'Policy.Read.All', 'AppRoleAssignment.ReadWrite.All', 'User.Read.All'];

const cases = Object.entries(NEEDED).flatMap(([system, permissions]) =>
  Object.entries(permissions).map(([permission, subjects]) => [system, permission, subjects] as const),
);

const answer = z.object({
  ok: z.boolean(),
  systems: z.array(
    z.object({
      system: z.string(),
      findings: z.array(z.object({ subject: z.string(), verdict: z.string(), detail: z.string(), fix: z.string() })),
      missing: z.object({ where: z.string(), paste: z.string() }).nullable(),
    }),
  ),
});

describe('the doctor', () => {
  let world: World;
  let dataDir: string;
  const settings = () => ({
    dataDir,
    webPort: 0,
    pollSeconds: 1,
    logLevel: 'warn',
    databaseUrl: null,
    redisUrl: null,
  });

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'notme-doctor-'));
    const runtime = systemRuntime();
    world = await startWorld({ dataDir, runtime, port: 0, page: false, keep: false, everySystem: true });
    const entra = system('entra_id');
    const granted = [...Object.keys(NEEDED['entra_id'] ?? {}), ...READING];
    for (const permission of entra.permissions) entra.permit(permission, granted.includes(permission));
  }, 240_000);
  afterAll(async () => {
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const system = (id: string) => {
    const found = world.systems.find((one) => one.id === id);
    if (!found) throw new Error(`the company has no ${id}`);
    return found;
  };
  /** Microsoft takes one protected call a second; whoever waits for that learns nothing about permissions. */
  const addresses = () => ({
    ...world.addresses,
    systems: world.addresses.systems.map(({ environment, settings: { entra_id: entra, ...others } }) => ({
      environment,
      settings:
        typeof entra === 'object' ? { entra_id: { ...entra, conditional_access_interval_ms: 0 } } : { ...others },
    })),
  });
  const truth = (): unknown => [world.mimecast.state(), ...world.systems.map((one) => one.accounts())];

  async function examine(id: string, email: string | null): Promise<Diagnosis> {
    const runtime = systemRuntime();
    const connectors = createConnectors(
      sandboxConfig(addresses(), settings()),
      runtime,
      createLog({ level: 'silent', pretty: false }),
    );
    const call = { signal: AbortSignal.timeout(60_000), correlationId: 'doctor' };
    const one = new Map([...connectors].filter(([name]) => name === id));
    try {
      const identifiers = email === null ? null : () => ({ emails: [email], employeeId: null });
      const [diagnosis] = await examineSystems(one, identifiers, call);
      if (!diagnosis) throw new Error(`${id} is not connected`);
      return diagnosis;
    } finally {
      await Promise.all([...connectors.values()].map((connector) => connector.close()));
    }
  }

  const lost = ({ findings }: Diagnosis): Diagnosis['findings'] =>
    findings.filter(({ verdict }) => verdict === 'missing_permission');

  it.each(cases)('%s without %s: names it, what is lost, and how to grant it', async (id, permission, subjects) => {
    const before = truth();
    const sound = await examine(id, ada.email);
    expect([lost(sound), sound.missing]).toEqual([[], null]);
    system(id).permit(permission, false);
    const diagnosis = await examine(id, ada.email);
    system(id).permit(permission, true);
    expect(isSound(diagnosis)).toBe(false);
    const missing = lost(diagnosis);
    for (const subject of subjects)
      expect(diagnosis.missing?.by_subject[subject]).toContainEqual(expect.stringContaining(permission));
    expect(diagnosis.missing?.paste).toContain(permission);
    expect(missing.map(({ subject }) => subject)).toEqual(expect.arrayContaining([...subjects]));
    for (const { detail, fix } of missing) {
      expect(`${detail} ${fix}`).toContain(permission);
      expect(fix).not.toBe('');
    }
    expect(truth()).toEqual(before);
  });

  it.each([
    ['okta', ['okta.users.manage', 'okta.groups.manage'], 'okta.groups.manage okta.users.manage'],
    [
      'google_workspace',
      ['admin.directory.user.security', 'gmail.settings.basic'],
      'https://www.googleapis.com/auth/admin.directory.user.security,https://www.googleapis.com/auth/gmail.settings.basic',
    ],
    [
      'entra_id',
      ['Device.ReadWrite.All', 'MailboxSettings.ReadWrite'],
      'Device.ReadWrite.All\nMailboxSettings.ReadWrite',
    ],
    ['keycloak', ['manage-users', 'view-events'], 'realm-management: manage-users\nrealm-management: view-events'],
  ])('lists what %s lacks as it is pasted there: %j', async (id, permissions, paste) => {
    for (const permission of permissions) system(id).permit(permission, false);
    const { missing } = await examine(id, null);
    for (const permission of permissions) system(id).permit(permission, true);
    expect(missing?.paste).toBe(paste);
    expect(missing?.where).not.toBe('');
  });

  it('lists the permissions that the role in Mimecast lacks, one a line', async () => {
    const lacking = ['Account | Logs | Read', 'Directories | Internal | Edit'];
    for (const permission of lacking) world.mimecast.permit(permission, false);
    const { missing } = await examine('mimecast', null);
    for (const permission of lacking) world.mimecast.permit(permission, true);
    expect(missing?.paste).toBe(lacking.join('\n'));
  });

  it('says what an application that only reads cannot do', async () => {
    system('scim_wiki').permit('write', false);
    const diagnosis = await examine('scim_wiki', ada.email);
    system('scim_wiki').permit('write', true);
    expect(lost(diagnosis).map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['reset_password', 'disable_account']),
    );
  });

  it('says of this very person that no account is there, or that it is protected', async () => {
    const nobody = await examine('google_workspace', 'nobody@meadow.example');
    expect(nobody.account).toEqual({ login: null, problem: null });
    const admin = await examine('google_workspace', 'workspace-admin@meadow.example');
    expect(isSound(admin)).toBe(false);
    expect(admin.findings).toContainEqual(expect.objectContaining({ subject: 'disable_account', verdict: 'blocked' }));
  });

  /** The command itself, as an operator runs it. */
  function run(
    args: readonly string[],
    more: Partial<SandboxSettings> = {},
  ): Promise<{ status: number; out: string; told: string }> {
    const env = { PATH: process.env['PATH'] ?? '', ...sandboxEnvironment(world.addresses, { ...settings(), ...more }) };
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ['--import', 'tsx', 'src/main/cli.ts', 'doctor', ...args],
        { env, timeout: 120_000 },
        (_error, out, told) => resolve({ status: child.exitCode ?? -1, out, told }),
      );
    });
  }

  it('notme doctor --json: exit status 0, and one object with every system', async () => {
    const { status, out } = await run(['--json', '--user', ada.email]);
    const said = answer.parse(JSON.parse(out.trim().split('\n').at(-1) ?? ''));
    expect(said.ok).toBe(true);
    expect(status).toBe(0);
    expect(said.systems.map((one) => one.system).sort()).toEqual([
      'entra_id',
      'google_workspace',
      'keycloak',
      'mimecast',
      'okta',
      'scim_wiki',
      'slack',
    ]);
  }, 240_000);

  it('notme doctor names the decisions that ask for no one-time code', async () => {
    const { out, told } = await run(['--json'], { uncoded: ['quarantine', 'block_address'] });
    expect(told).toContain('No one-time code is asked for: Quarantine, Block an address.');
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      without_code: ['quarantine', 'block_address'],
    });
    expect((await run(['--json'])).told).not.toContain('No one-time code');
  }, 240_000);

  it('notme doctor knows mail: sound, refused, and not configured', async () => {
    const sound = await run([]);
    expect(sound.out).toMatch(/Mail\n {2}ok {4}can ask people without Slack/);
    world.mail.faults.add({ type: 'http_401', times: 1 });
    const refused = await run([]);
    expect(refused.status).toBe(1);
    expect(refused.out).toMatch(/FAIL {2}can ask people without Slack .*MAILGUN_API_KEY/);
    const without = await run(['--json'], { withoutMail: true });
    expect(JSON.parse(without.out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      ok: true,
      mail: { findings: [{ subject: 'mail', verdict: 'console' }] },
    });
  }, 240_000);

  it('notme doctor: exit status 1, with the fix beneath what is wrong, when one is down and one lacks a permission', async () => {
    system('keycloak').faults.add(DOWN);
    system('okta').permit('okta.users.manage', false);
    const before = truth();
    const { status, out } = await run([]);
    system('keycloak').faults.clear();
    system('okta').permit('okta.users.manage', true);
    expect(status).toBe(1);
    expect(out).toMatch(/FAIL {2}Reset password .*okta\.users\.manage/);
    expect(out).toMatch(/ To grant, in Applications \| .*:\n\nokta\.users\.manage\n\n/);
    expect(out).toMatch(/Keycloak\n {2}FAIL {2}answers/);
    expect(out).toContain('→');
    expect(truth()).toEqual(before);
  }, 240_000);
});
