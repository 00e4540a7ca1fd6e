import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type ConfigProblem } from '../../src/main/config.js';

function load(yml: string, env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'notme-said-'));
  const file = join(folder, 'notme.yml');
  writeFileSync(file, yml);
  const loaded = loadConfig({ env, file });
  rmSync(folder, { recursive: true });
  return loaded;
}
function problems(yml: string, env: Record<string, string> = {}): readonly ConfigProblem[] {
  const loaded = load(yml, env);
  return loaded.ok ? [] : loaded.error;
}
function warnings(yml: string, env: Record<string, string> = {}): readonly ConfigProblem[] {
  const loaded = load(yml, env);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value.warnings;
}
const line = ({ problem, fix }: ConfigProblem): string => `${problem} ${fix}`;

const OKTA = { OKTA_API_TOKEN: 'a-token' };
const ENTRA = { ENTRA_TENANT_ID: 'meadow.example', ENTRA_CLIENT_SECRET: 'a-secret' };

/** One of each kind of mistake. */
const MISTAKES: readonly (readonly [yml: string, said: string, env?: Record<string, string>])[] = [
  ['workspace: yes please', 'workspace is a text, not a section with keys. Write workspace as a section with keys of '],
  ['scim: wiki', 'scim is a text, not a list. Write scim as a list of entries with keys of id, title, base_url'],
  [
    'scim:\n  - id: Wiki!\n    title: Wiki\n    base_url: https://a.example',
    'scim[0].id is no short name. Use lower-case',
  ],
  ['scim:\n  - id: wiki\n    base_url: https://a.example', 'scim[0].title is missing. Set scim[0].title to the name'],
  ['workspace:\n  approvers:\n    users: U0123456789', 'workspace.approvers.users is a text, not a list. Set'],
  ['workspace:\n  approvers:\n    users: [7]', 'workspace.approvers.users[0] is 7, not a text. Set'],
  ['workspace:\n  time_zone:', 'workspace.time_zone is empty. Set workspace.time_zone to an IANA time zone, e.g.'],
  ['web:\n  port: "3000"', 'web.port is a text, not a number. Set web.port to a port number, e.g. 3000'],
  ['mimecast:\n  deadline_ms: 5', 'mimecast.deadline_ms is 5, and must be at least 100. Set mimecast.deadline_ms to'],
  ['mimecast:\n  poll_seconds: 0', 'mimecast.poll_seconds is 0, and must be more than 0. Set'],
  [
    'mimecast:\n  login_range_groups: [{ group: a, ranges: [] }]',
    'ranges is an empty list. Write mimecast.login_range_groups[0] as a section with keys of group, ranges',
  ],
  ['mimecast:\n  login_range_groups: [{ group: a }]', 'mimecast.login_range_groups[0].ranges is missing. '],
  ['keycloak:\n  quarantine_group: box', 'keycloak.quarantine_group does not begin with /. Set keycloak.quarantine'],
  ['okta:\n  scopes: [users]', 'okta.scopes[0] is no scope of Okta. Write it like okta.users.read.'],
  [
    'entra_id:\n  client_id: notme',
    'entra_id.client_id is no application id. Write the application (client) id',
    ENTRA,
  ],
  ['okta:\n  base_url: https://a-admin.okta.com', 'okta.base_url is the address of the admin console. Leave', OKTA],
  ['okta:\n  base_url: http://a.okta.com', 'is not HTTPS. Write https://', OKTA],
  ['notices:\n  unanswered_minutes:\n    password: 5', 'is not a setting of Notme. Did you mean password_reset?'],
  ['notices:\n  unanswered_minutes:\n    password: soon', 'is not a setting of Notme. Did you mean password_reset?'],
];

describe('what is wrong in the configuration', () => {
  it.each(MISTAKES)(
    'is said in words that name the place, what was found and what belongs there: %j',
    (yml, said, env = {}) => {
      expect(problems(yml, env).map(line)).toEqual(expect.arrayContaining([expect.stringContaining(said)]));
    },
  );

  it.each(MISTAKES)('is whole sentences without the words of the parser: %j', (yml, _said, env = {}) => {
    for (const { key, problem, fix } of problems(yml, env)) {
      expect(key).not.toBe('');
      expect(`${problem} ${fix}`).not.toMatch(/Invalid|Too (small|big)|expected |received|Unrecognized|\.\.|undefined/);
      expect(fix).toMatch(/^[A-Z].*[.?]$|removed?\.$/s);
    }
  });

  it('still is a secret that was put into the file, and its value is told nowhere', () => {
    const yml = 'okta:\n  admin_password: not-to-be-told\n  api_token: not-to-be-told\n';
    const told = problems(yml).map(line).join('\n');
    expect(told).toContain('okta.admin_password is a secret');
    expect(told).toContain('OKTA_API_TOKEN');
    expect(told).not.toContain('not-to-be-told');
  });

  it('names a text of the catalogue that is not there, and the one that may be meant', () => {
    expect(warnings('texts:\n  notice.titel: Hello\n').map(line)).toEqual([
      'texts.notice.titel replaces nothing: there is no such text. Did you mean texts.notice.title? Rename or remove it.',
    ]);
  });

  it.each([
    ['active_directroy', ' Did you mean active_directory?'],
    ['personnel', 'Set mimecast.synced_from to one of '],
  ])('tells of mimecast.synced_from: %s, which leads nowhere', (name, said) => {
    const env = { MIMECAST_CLIENT_ID: 'id', MIMECAST_CLIENT_SECRET: 'a-secret' };
    expect(warnings(`mimecast:\n  synced_from: ${name}\n`, env).map(line)).toEqual([expect.stringContaining(said)]);
    expect(warnings('mimecast:\n  synced_from: active_directory\n', env)).toEqual([]);
  });

  it('tells of scim[0].provisioned_from that leads nowhere', () => {
    const yml = (from: string) =>
      `scim:\n  - { id: wiki, title: Wiki, base_url: "https://wiki.example", provisioned_from: ${from} }\n`;
    const env = { SCIM_TOKENS: '{"wiki":"a-token"}' };
    expect(warnings(yml('okat'), env).map(line)).toEqual([
      'scim[0].provisioned_from names no system of Notme, so its changes wait for those of no other. Did you mean okta?',
    ]);
    expect(warnings(yml('okta'), env)).toEqual([]);
  });
});
