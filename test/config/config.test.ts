import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { z } from 'zod';
import { describeProblems, loadConfig, type Config, type ConfigProblem } from '../../src/main/config.js';
import { ENVIRONMENT_NAMES, environmentOption } from '../../src/main/config/environment.js';
import { fileJsonSchema } from '../../src/main/config/file-schema.js';
import { parseConfigText } from '../../src/main/config/read-file.js';
import { Secret } from '../../src/platform/secret.js';
import { settingsOf } from './settings-of.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_APP_TOKEN: 'xapp-1-abc' };
const CHANNEL = 'workspace:\n  security_channel: "#security"\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notme-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function good(env: Record<string, string>, yml: string | null = null): Config {
  const loaded = loadConfig({ env, file: yml === null ? null : write('notme.yml', yml) });
  if (!loaded.ok) throw new Error(describeProblems(loaded.error));
  return loaded.value;
}

function bad(env: Record<string, string>, yml: string | null = null): readonly ConfigProblem[] {
  const loaded = loadConfig({ env, file: yml === null ? null : write('notme.yml', yml) });
  if (loaded.ok) throw new Error('The configuration was accepted.');
  return loaded.error;
}

const keys = (problems: readonly ConfigProblem[]): string[] => problems.map((problem) => problem.key).sort();

describe('the configuration', () => {
  it('with nothing at all is a sound one for the sandbox', () => {
    expect(good({})).toMatchObject({
      credentials: 'none',
      slack: null,
      web: { host: '127.0.0.1', port: 3000, publicUrl: null },
      dataDir: '.notme',
      databaseUrl: null,
      systems: [],
      mail: null,
      workspace: { roles: { approver: { userGroups: [], users: [] } }, timeZone: 'UTC', securityChannel: null },
      stepUp: { notRequiredFor: [] },
      warnings: [],
    });
  });

  it('is frozen all the way down', () => {
    const config = good(SLACK, CHANNEL);
    expect(Object.isFrozen(config)).toBe(true);
    expect(() => (config.workspace.roles.approver.users as string[]).push('U1')).toThrow(TypeError);
  });

  it('connects by Socket Mode, or by signed HTTP with a public URL', () => {
    expect(good(SLACK, CHANNEL).slack).toMatchObject({ transport: 'socket', apiUrl: 'https://slack.com/api/' });
    const http = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 'a'.repeat(32),
      PUBLIC_URL: 'https://notme.example.com/',
      METRICS_TOKEN: 'a long random text',
    };
    expect(good(http, CHANNEL)).toMatchObject({
      credentials: 'slack',
      slack: { transport: 'http' },
      web: { publicUrl: 'https://notme.example.com' },
    });
    // Links in mails need an address in Socket Mode too.
    const mailed = { ...SLACK, PUBLIC_URL: 'https://notme.example.com', METRICS_TOKEN: 'a long random text' };
    expect(good(mailed, CHANNEL)).toMatchObject({
      slack: { transport: 'socket' },
      web: { publicUrl: mailed.PUBLIC_URL },
    });
    expect(good({ ...mailed, SLACK_SIGNING_SECRET: 'a'.repeat(32) }, CHANNEL).slack).toMatchObject({
      transport: 'http',
    });
    const unsigned = { SLACK_BOT_TOKEN: 'xoxb-1', PUBLIC_URL: 'https://n.example.com', METRICS_TOKEN: 'x'.repeat(16) };
    expect(keys(bad(unsigned, CHANNEL))).toEqual(['SLACK_SIGNING_SECRET']);
    expect(keys(bad({ SLACK_APP_TOKEN: 'xapp-1' }))).toEqual(['SLACK_BOT_TOKEN', 'workspace.security_channel']);
  });

  it('starts no server that the world reaches without a token for its figures', () => {
    const reached = { ...SLACK, PUBLIC_URL: 'https://notme.example.com' };
    const [missing, ...others] = bad(reached, CHANNEL);
    expect([missing?.key, others]).toEqual(['METRICS_TOKEN', []]);
    expect(missing?.fix).toContain('/healthz');
    expect(keys(bad({ ...reached, METRICS_TOKEN: 'short' }, CHANNEL))).toEqual(['METRICS_TOKEN']);
    expect(good({ ...SLACK, PUBLIC_URL: 'http://127.0.0.1:3000' }, CHANNEL).warnings).toEqual([]);
    const guarded = { ...reached, METRICS_TOKEN: 'x'.repeat(16) };
    expect(good(guarded, CHANNEL).warnings).toMatchObject([{ key: 'web.trusted_proxies' }]);
    expect(good(guarded, `${CHANNEL}web: { trusted_proxies: 0 }\n`).warnings).toEqual([]);
    expect(good({ ...guarded, TRUSTED_PROXIES: '1' }, CHANNEL).warnings).toEqual([]);
  });

  it('believes no forwarded address and guards no metrics unless it is told to', () => {
    expect(good(SLACK, CHANNEL).web).toMatchObject({ trustedProxies: 0, metricsToken: null });
    const { web } = good({ ...SLACK, TRUSTED_PROXIES: '2', METRICS_TOKEN: 'a long random text' }, CHANNEL);
    expect(web.trustedProxies).toBe(2);
    expect(web.metricsToken?.reveal()).toBe('a long random text');
    expect(keys(bad({ ...SLACK, TRUSTED_PROXIES: 'all' }, CHANNEL))).toEqual(['TRUSTED_PROXIES']);
  });

  it('calls the approvers when an incident opens, unless somebody else is on call', () => {
    const approvers = `${CHANNEL}  roles:\n    approver:\n      user_groups: [S0123456789]\n`;
    const byDefault = { userGroups: ['S0123456789'], users: [], againMinutes: 5 };
    expect(good(SLACK, approvers).workspace.onCall).toEqual(byDefault);
    expect(good(SLACK, `${approvers}  on_call:\n    users: []\n`).workspace.onCall).toEqual(byDefault);
    const named = `${approvers}  on_call:\n    user_groups: [S9876543210]\n    users: [U1234567890]\n    again_minutes: 10\n`;
    expect(good(SLACK, named).workspace.onCall).toEqual({
      userGroups: ['S9876543210'],
      users: ['U1234567890'],
      againMinutes: 10,
    });
    expect(keys(bad(SLACK, `${approvers}  on_call:\n    users: [ada]\n    again_minutes: 0\n`))).toEqual([
      'workspace.on_call.again_minutes',
      'workspace.on_call.users[0]',
    ]);
  });

  it('reads the old key of the approvers with a warning that names the new one, and never both', () => {
    const old = `${CHANNEL}  approvers:\n    users: [U1234567890]\n`;
    const { workspace, warnings } = good(SLACK, old);
    expect(workspace.roles.approver).toEqual({ userGroups: [], users: ['U1234567890'] });
    expect(warnings).toMatchObject([{ key: 'workspace.approvers', fix: 'Write workspace.roles.approver.' }]);
    expect(keys(bad(SLACK, `${old}  roles:\n    approver:\n      users: [U1234567890]\n`))).toEqual([
      'workspace.approvers',
    ]);
    expect(good(SLACK, `${old}  roles:\n    responder:\n      users: [U1234567891]\n`).workspace.roles).toMatchObject({
      responder: { users: ['U1234567891'] },
      approver: { users: ['U1234567890'] },
      auditor: { users: [] },
    });
  });

  it('takes the command line over the environment over the file', () => {
    const yml = 'web:\n  port: 1111\n  host: 10.0.0.1\nlog_level: warn\n';
    const file = write('notme.yml', yml);
    const loaded = loadConfig({ env: { PORT: '2222', HOST: '10.0.0.2' }, file, argv: { PORT: '3333' } });
    expect(loaded).toMatchObject({ ok: true, value: { web: { port: 3333, host: '10.0.0.2' }, logLevel: 'warn' } });
  });

  it('finds notme.yml by NOTME_CONFIG', () => {
    const path = write('other.yml', 'log_level: debug\n');
    expect(loadConfig({ env: { NOTME_CONFIG: path } })).toMatchObject({
      ok: true,
      value: { logLevel: 'debug', file: path },
    });
    expect(loadConfig({ env: { NOTME_CONFIG: join(folder, 'none.yml') } })).toMatchObject({
      ok: false,
      error: [{ key: join(folder, 'none.yml'), problem: expect.stringContaining('ENOENT') }],
    });
  });

  it('tells all problems at once, each with its key and fix', () => {
    const problems = bad(
      {
        PORT: 'many',
        NOTME_DATA_DIRR: 'x',
        AD_URL: 'ldap://dc',
        SLACK_BOT_TOKEN: 'xoxp-user',
        DATABASE_URL: 'postgres://127.0.0.1/d',
      },
      'workspace:\n  time_zone: Mars/Base\n  roles:\n    auditor:\n      users: [ada]\n  chanel: x\nmimecast:\n  two_step_group: g\nlog_level: loud\n',
    );
    expect(keys(problems)).toEqual([
      'AD_BIND_DN',
      'AD_BIND_PASSWORD',
      'AD_URL',
      'MIMECAST_CLIENT_ID',
      'MIMECAST_CLIENT_SECRET',
      'NOTME_DATA_DIRR',
      'NOTME_SECRET_KEY',
      'PORT',
      'SLACK_APP_TOKEN',
      'SLACK_BOT_TOKEN',
      'log_level',
      'workspace.chanel',
      'workspace.roles.auditor.users[0]',
      'workspace.security_channel',
      'workspace.time_zone',
    ]);
    for (const problem of problems) {
      expect(problem.problem).toMatch(/\.$/);
      expect(problem.fix).toMatch(/^[A-Z].*[.?)]$/s);
      expect(describeProblems(problems)).toContain(problem.fix);
    }
  });

  it('refuses unknown keys with the nearest known one', () => {
    expect(bad({ NOTME_SECRETKEY: 'x' })[0]?.fix).toContain('NOTME_SECRET_KEY');
    expect(bad({ SLACK_BOT_TOKN: 'x' })[0]?.fix).toContain('SLACK_BOT_TOKEN');
    expect(bad({}, 'mimcast: {}\n')[0]).toMatchObject({ key: 'mimcast', fix: expect.stringContaining('mimecast') });
    expect(bad({}, 'security_channel: "#x"\n')[0]?.fix).toContain('workspace.security_channel');
    expect(bad({}, 'quite_another_thing: 1\n')[0]?.fix).toContain('notme.example.yml');
    expect(good({ SLACK_CLI_XYZ: '1', AD_HOC: '1', PATH: '/bin' }).credentials).toBe('none');
  });

  it('refuses secrets in the file and never repeats them', () => {
    const secret = 'hunter2hunter2';
    const token = ['xoxb', '1234567', 'abcdef'].join('-');
    const problems = bad(
      {},
      `mimecast:\n  client_id: id\n  client_secret: ${secret}\nactive_directory:\n  bind_password: ${secret}\n` +
        `mail:\n  mailgun:\n    api_key: ${secret}\nsecret_key: ${secret}\ndatabase_url: ${secret}\nsome_token: ${secret}\n` +
        `texts:\n  greeting: "${token}"\n`,
    );
    const fixOf = (key: string): string => problems.find((problem) => problem.key === key)?.fix ?? '';
    expect(fixOf('mimecast.client_secret')).toContain('MIMECAST_CLIENT_SECRET_FILE');
    expect(fixOf('active_directory.bind_password')).toContain('AD_BIND_PASSWORD');
    expect(fixOf('mail.mailgun.api_key')).toContain('MAILGUN_API_KEY');
    expect(fixOf('secret_key')).toContain('NOTME_SECRET_KEY');
    expect(fixOf('database_url')).toContain('DATABASE_URL');
    expect(fixOf('some_token')).toContain('environment');
    expect(fixOf('texts.greeting')).toContain('revoke');
    expect(JSON.stringify(problems)).not.toContain(secret);
    expect(JSON.stringify(problems)).not.toContain(token);
  });

  it('reads secrets from files, one or the other', () => {
    const path = write('token', 'xoxb-from-file\n');
    const config = good({ SLACK_BOT_TOKEN_FILE: path, SLACK_APP_TOKEN: 'xapp-1' }, CHANNEL);
    expect(config.slack?.botToken.reveal()).toBe('xoxb-from-file');
    expect(bad({ ...SLACK, SLACK_BOT_TOKEN_FILE: path }, CHANNEL)[0]?.problem).toContain('Both');
    expect(bad({ REDIS_URL_FILE: join(folder, 'gone') })[0]).toMatchObject({ key: 'REDIS_URL_FILE' });
    expect(bad({ REDIS_URL_FILE: write('empty', '\n') })[0]?.problem).toContain('empty');
  });

  it('shows no secret when it is printed', () => {
    const config = good({ ...SLACK, DATABASE_URL: 'postgres://u:hunter2@localhost/d', NOTME_SECRET_KEY: KEY }, CHANNEL);
    for (const text of [JSON.stringify(config), inspect(config, { depth: 9 })]) {
      expect(text).not.toContain('hunter2');
      expect(text).not.toContain('xoxb-');
      expect(text).not.toContain(KEY);
    }
  });

  it('gives connectors and mail their settings', () => {
    const config = good(
      {
        MIMECAST_CLIENT_ID: 'id',
        MIMECAST_CLIENT_SECRET: 's',
        AD_URL: 'ldaps://dc1.example.com',
        AD_BIND_PASSWORD: 'p',
        MAILGUN_API_KEY: 'k',
        MAIL_FROM: 'Security <s@example.com>',
      },
      'mimecast:\n  login_range_groups: [{ group: office, ranges: [203.0.113.0/24, "2001:db8::/32"] }]\n' +
        'active_directory: { bind_dn: "CN=notme,DC=example,DC=com" }\nmail: { mailgun: { domain: mg.example.com } }\n' +
        'notices: { poll_seconds: 20 }\n',
    );
    expect(settingsOf(config, 'mimecast')).toMatchObject({
      base_url: 'https://api.services.mimecast.com',
      client_id: 'id',
      two_step_group: null,
      login_range_groups: [{ group: 'office', ranges: ['203.0.113.0/24', '2001:db8::/32'] }],
    });
    expect(config.notices.pollSeconds).toBe(20);
    expect(config.systems.map(({ pollSeconds }) => pollSeconds)).toEqual([null, null]);
    expect(settingsOf(config, 'active_directory')).toMatchObject({
      url: 'ldaps://dc1.example.com',
      two_step_group_dn: null,
    });
    expect(settingsOf(config, 'active_directory')).not.toHaveProperty('ca_file');
    expect(config.mail).toMatchObject({
      transport: 'mailgun',
      domain: 'mg.example.com',
      url: 'https://api.mailgun.net',
    });
  });

  it('refuses half a mail set-up and two at once', () => {
    expect(keys(bad({ MAIL_FROM: 'a@example.com' }))).toEqual(['MAIL_FROM']);
    expect(keys(bad({ SMTP_URL: 'smtp://h' }))).toEqual(['MAIL_FROM']);
    expect(keys(bad({ MAILGUN_DOMAIN: 'mg.example.com' }))).toEqual(['MAILGUN_API_KEY', 'MAIL_FROM']);
    expect(keys(bad({ SMTP_URL: 'smtp://h', MAILGUN_API_KEY: 'k', MAIL_FROM: 'a@b.cd' }))).toEqual(['SMTP_URL']);
    expect(bad({ SMTP_URL: 'smtp://h', MAIL_FROM: 'a@b.cd\r\nBcc: x@y.z' })).toHaveLength(1);
  });

  it('seals under several keys, and refuses ones of the wrong size', () => {
    const other = Buffer.alloc(32, 9).toString('hex');
    expect(good({ NOTME_SECRET_KEY: `${KEY}, ${other}` }).secretKeys.map((key) => key.reveal())).toEqual([KEY, other]);
    expect(keys(bad({ NOTME_SECRET_KEY: 'c2hvcnQ=' }))).toEqual(['NOTME_SECRET_KEY']);
  });

  it('treats plain http as safe on this machine only', () => {
    const mimecast = { MIMECAST_CLIENT_ID: 'i', MIMECAST_CLIENT_SECRET: 's' };
    const local = 'http://127.0.0.1:4000';
    const config = good({ ...mimecast, MIMECAST_BASE_URL: local });
    expect(settingsOf(config, 'mimecast')).toMatchObject({ base_url: local });
    for (const url of ['http://mimecast.example.com', 'ftp://x', 'nonsense', 'http://127.0.0.1.example.com']) {
      expect(keys(bad({ ...mimecast, MIMECAST_BASE_URL: url }))).toEqual(['MIMECAST_BASE_URL']);
    }
  });

  it('wants the authority file of Active Directory to be there', () => {
    const path = write('ca.pem', 'x');
    const ad = { AD_URL: 'ldaps://dc.example.com', AD_BIND_DN: 'CN=n,DC=e', AD_BIND_PASSWORD: 'p' };
    expect(settingsOf(good({ ...ad, AD_CA_FILE: path }), 'active_directory')).toMatchObject({ ca_file: path });
    expect(keys(bad({ ...ad, AD_CA_FILE: `${path}.gone` }))).toEqual(['AD_CA_FILE']);
  });

  it('explains broken YAML by line', () => {
    expect(bad({}, 'web:\n\t- x: [\n')[0]?.key).toMatch(/^notme\.yml:\d+:\d+$/);
    expect(bad({}, 'log_level: info\nlog_level: warn\n')[0]?.problem).toContain('DUPLICATE_KEY');
    expect(bad({}, '- a\n- b\n')[0]).toMatchObject({ key: 'notme.yml' });
    expect(bad({}, 'workspace:\n  security_channel: #security\n')[0]?.fix).toContain('quotes');
    expect(good({}, '').file).not.toBeNull();
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g']
      .map(
        (name, index) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${'abcdef'.charAt(index)}`)
            .join(',')}]`,
      )
      .join('\n')}\n`;
    expect(bad({}, bomb)[0]?.problem).toContain('aliases');
    expect(bad({}, 'a: &a [*a]\n')[0]?.problem).toContain('aliases');
    for (const odd of [
      '{"valueOf": []}',
      '__proto__: { a: 1 }',
      '!!binary aGk=',
      'a: !!set {x}',
      '? [1]\n: 2\n',
      '---\n---\n',
    ]) {
      expect(bad({}, odd).length).toBeGreaterThan(0);
    }
  });

  it('never throws, whatever the file or the environment says', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const read = parseConfigText(text);
          expect(read.values !== null || read.problems.length > 0).toBe(true);
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...ENVIRONMENT_NAMES.filter((name) => name !== 'NOTME_CONFIG')),
        fc.string({ unit: 'binary' }),
        (name, value) => {
          const loaded = loadConfig({ env: { [name]: value }, file: null });
          if (!loaded.ok) expect(loaded.error.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('identity systems whose connector describes the settings', () => {
  const secret = z.instanceof(Secret).default(new Secret('none'));
  const withToken = z.object({ api_token: secret, token: secret });
  const OKTA = { OKTA_BASE_URL: 'https://example.okta.com', OKTA_API_TOKEN: 'an-okta-token' };

  it('take secrets and addresses from the environment, the rest from the file', () => {
    const config = good(OKTA, 'okta:\n  quarantine_group: locked-in\n');
    const okta = settingsOf(config, 'okta');
    expect(okta).toMatchObject({ base_url: 'https://example.okta.com', quarantine_group: 'locked-in' });
    expect(withToken.parse(okta).api_token.reveal()).toBe('an-okta-token');
    expect(inspect(config)).not.toContain('an-okta-token');
    expect(config.systems.map(({ system }) => system)).toEqual(['okta']);
  });

  it('say what is missing by the name of the variable', () => {
    const problems = bad({ KEYCLOAK_BASE_URL: 'https://sso.example.com' });
    expect(keys(problems)).toEqual(['KEYCLOAK_CLIENT_ID', 'KEYCLOAK_CLIENT_SECRET', 'KEYCLOAK_REALM']);
    for (const { fix } of problems) expect(fix).toContain('Set KEYCLOAK_');
    for (const { key, problem } of problems)
      expect(problem).toBe(`${key} is missing: Keycloak is only half configured.`);
  });

  it('refuse unknown keys and secrets in the file', () => {
    expect(keys(bad(OKTA, 'okta:\n  quarantine_grop: locked-in\n'))).toEqual(['okta.quarantine_grop']);
    expect(keys(bad(OKTA, 'okta:\n  api_token: an-okta-token\n'))).toEqual(['okta.api_token']);
  });

  it('link any number of SCIM applications, each with its token', () => {
    const yml = 'scim:\n  - id: wiki\n    title: Wiki\n    base_url: https://wiki.example.com/scim/v2\n';
    const wiki = settingsOf(good({ SCIM_TOKENS: '{"wiki":"a-wiki-token"}' }, yml), 'scim_wiki');
    expect(wiki).toMatchObject({ id: 'wiki', title: 'Wiki' });
    expect(withToken.parse(wiki).token.reveal()).toBe('a-wiki-token');
    expect(keys(bad({}, yml))).toEqual(['SCIM_TOKENS']);
    expect(keys(bad({ SCIM_TOKENS: 'a-wiki-token' }, yml))).toContain('SCIM_TOKENS');
  });
});

describe('the files beside the code', () => {
  it('notme.schema.json is what the code says (npx tsx src/main/config/write-schema.ts)', () => {
    expect(JSON.parse(readFileSync('notme.schema.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(fileJsonSchema())));
  });

  it('notme.example.yml, copied as it stands, waits for answers as long as the defaults do', () => {
    const copied = good(SLACK, readFileSync('notme.example.yml', 'utf8'));
    expect(copied.notices).toEqual(good(SLACK, CHANNEL).notices);
    const shorter = good(SLACK, `${CHANNEL}notices: { unanswered_minutes: { sign_in: 60 } }\n`);
    expect(shorter.notices.unansweredMinutes).toEqual({ ...copied.notices.unansweredMinutes, sign_in: 60 });
    const wrong = bad(SLACK, `${CHANNEL}notices: { unanswered_minutes: { sign_in: 0 } }\n`);
    expect(keys(wrong)).toEqual(['notices.unanswered_minutes.sign_in']);
  });

  it('.env.example holds every variable, and nothing else', () => {
    const listed = [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(
      (match) => match[1],
    );
    const known = ENVIRONMENT_NAMES.flatMap((name) =>
      environmentOption(name).secret ? [name, `${name}_FILE`] : [name],
    );
    expect(listed).toEqual(known);
  });

  it('notme.example.yml is sound, also with every comment taken away', () => {
    const text = readFileSync('notme.example.yml', 'utf8');
    expect(parseConfigText(text).problems).toEqual([]);
    const all = text
      .replace('  people: []\n', '  people:\n')
      .replace(/^(\s*)# ?((?: {2})*(?:- )?[a-z_]+:.*)$/gm, '$1$2')
      .replace(/^ {2}#(?= {2})/gm, '  ');
    const read = parseConfigText(all);
    expect(read.problems).toEqual([]);
    expect(Object.keys(read.values ?? {}).sort()).toEqual(Object.keys(fileJsonSchema()['properties'] ?? {}).sort());
  });
});
