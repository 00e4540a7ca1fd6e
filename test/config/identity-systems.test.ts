import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { SYSTEMS } from '../../src/connectors/registry.js';
import { createConnectors } from '../../src/main/create-connectors.js';
import { type Config, type ConfigProblem, describeProblems, loadConfig } from '../../src/main/config.js';
import { settingsOf } from './settings-of.js';
import { createLog } from '../../src/platform/log.js';
import { systemRuntime } from '../../src/platform/runtime.js';

const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_APP_TOKEN: 'xapp-1-abc' };
const CHANNEL = 'workspace:\n  security_channel: "#security"\n';
const API1 = {
  MIMECAST_REGION: 'eu',
  MIMECAST_APP_ID: 'app-1',
  MIMECAST_APP_KEY: 'app-key',
  MIMECAST_ACCESS_KEY: 'access-key',
  MIMECAST_SECRET_KEY: Buffer.from('secret').toString('base64'),
};
const AD = { AD_URL: 'ldaps://dc1.example.com', AD_BIND_DN: 'CN=notme,DC=example,DC=com', AD_BIND_PASSWORD: 'pass' };
const OFFICE = 'CN=office,OU=Groups,DC=example,DC=com';

const section = z.object({ properties: z.record(z.string(), z.unknown()).optional() });
const schema = () =>
  z
    .object({ properties: z.record(z.string(), section.extend({ items: section.optional() })) })
    .parse(JSON.parse(readFileSync('notme.schema.json', 'utf8')));

it.each(SYSTEMS.map((system) => [system.id, system] as const))(
  'every setting of %s says what it is for',
  (_id, system) => {
    const { keys, environment, list } = system;
    const open = Object.entries(keys).filter(([name]) => environment[name]?.secret !== true && name !== list?.secret);
    expect(open.filter(([, { description }]) => (description ?? '') === '').map(([name]) => name)).toEqual([]);
  },
);

describe('the identity systems of the configuration', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'notme-systems-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function load(env: Record<string, string>, yml = '') {
    const file = join(folder, 'notme.yml');
    writeFileSync(file, `${CHANNEL}${yml}`);
    return loadConfig({ env: { ...SLACK, ...env }, file });
  }
  function good(env: Record<string, string>, yml = ''): Config {
    const loaded = load(env, yml);
    if (!loaded.ok) throw new Error(describeProblems(loaded.error));
    return loaded.value;
  }
  function bad(env: Record<string, string>, yml = ''): readonly ConfigProblem[] {
    const loaded = load(env, yml);
    if (loaded.ok) throw new Error('The configuration was accepted.');
    return loaded.error;
  }
  /** The app connects what was configured, and closes it again. */
  async function connected(config: Config): Promise<readonly string[]> {
    const systems = createConnectors(config, systemRuntime(), createLog({ level: 'silent', pretty: false }));
    await Promise.all([...systems.values()].map((connector) => connector.close()));
    return [...systems.keys()];
  }
  const routeOf = (config: Config, system: string, action: 'quarantine' | 'limit_login_ips' | 'remove_admin_roles') =>
    createConnectors(config, systemRuntime(), createLog({ level: 'silent', pretty: false })).get(system)?.capabilities[
      action
    ].route;

  it('Mimecast may have the keys of API 1.0', async () => {
    const config = good(API1, 'mimecast:\n  quarantine_group: notme-quarantine\n  synced_from: active_directory\n');
    expect(settingsOf(config, 'mimecast')).toMatchObject({
      auth: 'api1',
      region: 'eu',
      synced_from: 'active_directory',
    });
    expect(await connected(config)).toEqual(['mimecast']);
    expect(routeOf(config, 'mimecast', 'quarantine')).toBe('group');
  });

  it.each(Object.keys(API1))('Mimecast API 1.0 without %s: says which one, and how to give it', (missing) => {
    const rest = Object.fromEntries(Object.entries(API1).filter(([name]) => name !== missing));
    const [problem, ...others] = bad(rest);
    expect(others).toEqual([]);
    expect(problem?.key).toBe(missing);
    expect(problem?.problem).toContain('API 1.0 is only half configured');
    expect(problem?.fix).toContain(missing);
  });

  it('Mimecast takes one kind of credentials, and a region that exists', () => {
    expect(bad({ ...API1, MIMECAST_CLIENT_ID: 'a', MIMECAST_CLIENT_SECRET: 'b' })[0]?.problem).toContain(
      'credentials of API 2.0 and of API 1.0',
    );
    expect(bad({ ...API1, MIMECAST_REGION: 'moon' })[0]?.problem).toContain('no region of Mimecast API 1.0');
    expect(bad({ ...API1, MIMECAST_SECRET_KEY: 'not base64!' })[0]?.problem).toContain('no secret key');
    const [inFile] = bad(API1, 'mimecast:\n  app_key: in-the-file\n');
    expect(inFile?.fix).toContain('MIMECAST_APP_KEY');
    expect(JSON.stringify(inFile)).not.toContain('in-the-file');
  });

  it('Active Directory takes its prepared groups', async () => {
    const yml = `active_directory:
  quarantine_group_dns: ["CN=Protected Users,CN=Users,DC=example,DC=com"]
  admin_group_dns: ["CN=Server admins,DC=example,DC=com"]
  login_range_groups:
    - group_dn: ${OFFICE}
      ranges: [203.0.113.0/24]
`;
    const config = good(AD, yml);
    expect(await connected(config)).toEqual(['active_directory']);
    for (const action of ['quarantine', 'limit_login_ips', 'remove_admin_roles'] as const)
      expect(routeOf(config, 'active_directory', action)).not.toBe('console');
    expect(bad(AD, yml.replace('203.0.113.0/24', 'office'))[0]?.key).toContain('login_range_groups');
  });

  it('Active Directory may be reached over StartTLS, and never without encryption', async () => {
    const plain = { ...AD, AD_URL: 'ldap://dc1.example.com' };
    const certificate = '-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----';
    const config = good(plain, `active_directory:\n  start_tls: true\n  deadline_ms: 4000\n  ca: "${certificate}"\n`);
    expect(settingsOf(config, 'active_directory')).toMatchObject({
      start_tls: true,
      deadline_ms: 4000,
      ca: expect.stringContaining('-----BEGIN CERTIFICATE-----\nMIIB'),
    });
    expect(await connected(config)).toEqual(['active_directory']);
    expect(bad(plain)).toEqual([
      {
        key: 'AD_URL',
        problem: expect.stringContaining('no encryption'),
        fix: expect.stringContaining('start_tls: true'),
      },
    ]);
    expect(bad(AD, 'active_directory:\n  start_tls: true\n')[0]?.key).toBe('active_directory.start_tls');
    expect(bad(AD, 'active_directory:\n  ca: no-pem\n')[0]?.key).toBe('active_directory.ca');
  });

  it('Mimecast may be asked slower, further back and for other events', async () => {
    const config = good(
      API1,
      'mimecast:\n  deadline_ms: 20000\n  poll_overlap_s: 900\n  audit_categories: [authentication_logs]\n',
    );
    expect(settingsOf(config, 'mimecast')).toMatchObject({
      deadline_ms: 20_000,
      poll_overlap_s: 900,
      audit_categories: ['authentication_logs'],
    });
    expect(await connected(config)).toEqual(['mimecast']);
    expect(bad(API1, 'mimecast:\n  deadline_ms: 1\n')[0]?.key).toBe('mimecast.deadline_ms');
  });

  it.each(SYSTEMS)('$id: everything that its connector takes can be configured', ({ id, keys, environment, list }) => {
    const section = schema().properties[id];
    const offered = Object.keys(section?.items?.properties ?? section?.properties ?? {});
    const elsewhere = [
      ...Object.keys(environment).filter((key) => environment[key]?.secret),
      ...(list === null ? [] : [list.secret]),
    ];
    expect([...offered, ...elsewhere].sort()).toEqual(Object.keys(keys).sort());
    expect(offered).not.toContain(elsewhere[0]);
  });

  it('Google Workspace takes the whole key file, which is longer than other secrets', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 4096 });
    const key = JSON.stringify({
      type: 'service_account',
      client_email: 'notme@example.iam.gserviceaccount.com',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    });
    expect(key.length).toBeGreaterThan(3000);
    const config = good({
      GOOGLE_WORKSPACE_SERVICE_ACCOUNT_KEY: key,
      GOOGLE_WORKSPACE_ADMIN_EMAIL: 'admin@example.com',
    });
    expect(await connected(config)).toEqual(['google_workspace']);
  });
});
