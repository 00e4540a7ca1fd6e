import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DECISION_KINDS } from '../../src/ports/decision-kinds.js';
import { describeProblems, loadConfig, type Config } from '../../src/main/config.js';
import { activeDirectorySettings } from '../../src/connectors/active-directory/settings.js';
import { mimecastSettings } from '../../src/connectors/mimecast/settings.js';

const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_APP_TOKEN: 'xapp-1-abc' };
const CHANNEL = 'workspace:\n  security_channel: "#security"\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notme-step-up-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function load(yml: string): ReturnType<typeof loadConfig> {
  const file = join(folder, 'notme.yml');
  writeFileSync(file, yml);
  return loadConfig({ env: SLACK, file });
}

function good(yml: string): Config {
  const loaded = load(yml);
  if (!loaded.ok) throw new Error(describeProblems(loaded.error));
  return loaded.value;
}

describe('one-time codes', () => {
  it('are asked for by every decision unless it is switched off by name', () => {
    expect(good(CHANNEL).stepUp.notRequiredFor).toEqual([]);
    const named = good(`${CHANNEL}step_up:\n  not_required_for: [quarantine]\n`);
    expect(named.stepUp.notRequiredFor).toEqual(['quarantine']);
    expect(named.warnings).toEqual([]);
  });

  it('are asked for by what the old key names; what it leaves out is told, with the new name', () => {
    const seven =
      'reset_password, disable_account, limit_login_ips, require_two_step, revoke_sessions, lockdown, enable_account';
    const { stepUp, warnings } = good(`${CHANNEL}step_up:\n  required_for: [${seven}]\n`);
    expect(stepUp.notRequiredFor).toHaveLength(13);
    expect(stepUp.notRequiredFor).toEqual(expect.arrayContaining(['remove_admin_roles', 'invalidate_backup_codes']));
    expect(warnings).toHaveLength(1);
    const said = `${warnings[0]?.problem} ${warnings[0]?.fix}`;
    expect(said).toContain('step_up.not_required_for');
    for (const kind of stepUp.notRequiredFor) expect(said).toContain(kind);
    const all = good(`${CHANNEL}step_up:\n  required_for: [${DECISION_KINDS.join(', ')}]\n`);
    expect(all.stepUp.notRequiredFor).toEqual([]);
    expect(all.warnings).toHaveLength(1);
    // The old list could not name it, so it left nothing of it out.
    expect(stepUp.notRequiredFor).not.toContain('correct_accounts');
    const off = good(`${CHANNEL}step_up:\n  not_required_for: [correct_accounts]\n`);
    expect(off.stepUp.notRequiredFor).toEqual(['correct_accounts']);
  });

  it('are not guessed when the old and the new key stand side by side', () => {
    const both = load(`${CHANNEL}step_up:\n  required_for: [lockdown]\n  not_required_for: []\n`);
    expect(both).toMatchObject({ ok: false, error: [{ key: 'step_up.required_for' }] });
  });
});

/** What everybody has to replace by their own: addresses, names and ids of an invented company. */
const PLACEHOLDERS = new Set([
  'workspace.security_channel',
  'workspace.people',
  'mimecast.two_step_group',
  'mimecast.quarantine_group',
  'mimecast.synced_from',
  'mimecast.audit_actor',
  'mimecast.login_range_groups',
  ...['url', 'bind_dn', 'base_dn', 'ca_file', 'two_step_group_dn'].map((key) => `active_directory.${key}`),
  ...['quarantine_group_dns', 'admin_group_dns', 'login_range_groups'].map((key) => `active_directory.${key}`),
  ...['tenant_id', 'client_id', 'two_step_group'].map((key) => `entra_id.${key}`),
  ...['base_url', 'client_id', 'two_step_group', 'quarantine_group'].map((key) => `okta.${key}`),
  ...['admin_email', 'two_step_group'].map((key) => `google_workspace.${key}`),
  ...['base_url', 'realm', 'client_id', 'quarantine_group'].map((key) => `keycloak.${key}`),
  'slack.plan',
  'scim',
  'mail.from',
  'mail.mailgun.domain',
  'mail.mailgun.url',
  'web.public_url',
]);

/** Every value with its place; a list is one value. */
function valuesOf(value: unknown, place = ''): [string, unknown][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[place, value]];
  const inside = Object.entries(value);
  return inside.length === 0
    ? [[place, value]]
    : inside.flatMap(([key, child]) => valuesOf(child, place === '' ? key : `${place}.${key}`));
}

function defaults(): Readonly<Record<string, unknown>> {
  const { workspace, web, notices, reportsElsewhere, watch, stepUp, dataDir, logLevel, texts } = good(CHANNEL);
  const mimecast = mimecastSettings.parse({ client_id: 'id', client_secret: 'secret' });
  const directory = activeDirectorySettings.parse({ url: 'ldaps://dc1', bind_dn: 'CN=n', bind_password: 'secret' });
  return {
    ...Object.fromEntries(
      Object.entries(workspace.roles).flatMap(([role, { userGroups, users }]) => [
        [`workspace.roles.${role}.user_groups`, userGroups],
        [`workspace.roles.${role}.users`, users],
      ]),
    ),
    'workspace.on_call.user_groups': workspace.onCall.userGroups,
    'workspace.on_call.users': workspace.onCall.users,
    'workspace.on_call.again_minutes': workspace.onCall.againMinutes,
    'workspace.two_approvers.actions': workspace.twoApprovers.actions,
    'workspace.two_approvers.targets': workspace.twoApprovers.targets,
    'workspace.two_approvers.expire_hours': workspace.twoApprovers.expireHours,
    'workspace.two_approvers.remind_minutes': workspace.twoApprovers.remindMinutes,
    ...Object.fromEntries(
      Object.entries(workspace.limits).map(([what, often]) => [`workspace.limits_per_hour.${what}`, often]),
    ),
    'workspace.never_touch': workspace.neverTouch,
    'workspace.allow_public_channel': workspace.allowPublicChannel,
    'workspace.time_zone': workspace.timeZone,
    'step_up.not_required_for': stepUp.notRequiredFor,
    'watch.after_minutes': watch.afterMinutes,
    'notices.poll_seconds': notices.pollSeconds,
    ...Object.fromEntries(
      Object.entries(notices.unansweredMinutes).map(([kind, minutes]) => [
        `notices.unanswered_minutes.${kind}`,
        minutes,
      ]),
    ),
    'reports_elsewhere.person': reportsElsewhere.person,
    'reports_elsewhere.denied_requests': reportsElsewhere.deniedRequests,
    'reports_elsewhere.verdict_opens': reportsElsewhere.verdictOpens,
    'reports_elsewhere.verdict_asks': reportsElsewhere.verdictAsks,
    'database.allow_plain_text': false,
    'redis.allow_plain_text': false,
    'web.host': web.host,
    'web.port': web.port,
    'mimecast.base_url': mimecast.base_url,
    'mimecast.start_directory_sync': mimecast.start_directory_sync,
    'mimecast.poll_overlap_s': mimecast.poll_overlap_s,
    'mimecast.audit_categories': mimecast.audit_categories,
    'mimecast.deadline_ms': mimecast.deadline_ms,
    'active_directory.deadline_ms': directory.deadline_ms,
    data_dir: dataDir,
    log_level: logLevel,
    texts,
  };
}

describe('notme.example.yml', () => {
  it('copied as it stands, is the default in every value that is no placeholder', () => {
    const copied = good(readFileSync('notme.example.yml', 'utf8'));
    const { workspace, ...rest } = good(CHANNEL);
    const same = { ...rest, file: copied.file };
    expect(copied).toEqual({ ...same, workspace: { ...workspace, securityChannel: 'security-incidents' } });
  });

  it('shows the default also where it is commented out, unless it is a placeholder', () => {
    const all = readFileSync('notme.example.yml', 'utf8')
      .replace('  people: []\n', '  people:\n')
      .replace(/^(\s*)# ?((?: {2})*(?:- )?[a-z_]+:.*)$/gm, '$1$2')
      .replace(/^ {2}#(?= {2})/gm, '  ');
    const shown = valuesOf(parse(all)).filter(([place]) => !PLACEHOLDERS.has(place));
    const known = defaults();
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries(
        shown.map(([place]) => [
          place,
          place in known ? known[place] : 'no default is named here, and it is no placeholder',
        ]),
      ),
    );
    expect(shown.map(([place]) => place)).toContain('step_up.not_required_for');
  });
});
