import { z } from 'zod';
import { fileSection, scimSection } from './identity-sections.js';
import { leaves } from './leaves.js';

const person = z
  .strictObject({
    slack_user: leaves.user.optional(),
    email: leaves.email.optional(),
    time_zone: leaves.timeZone.optional(),
    manager: leaves.personName.optional(),
    aliases: z.array(leaves.email).describe('a list of further e-mail addresses of this person').optional(),
    employee_id: leaves.employeeId.optional(),
    accounts: z
      .strictObject({
        mimecast: leaves.login.optional(),
        active_directory: leaves.login.optional(),
        entra_id: leaves.login.optional(),
        okta: leaves.login.optional(),
        google_workspace: leaves.login.optional(),
        keycloak: leaves.login.optional(),
        slack: leaves.login.optional(),
      })
      .describe('the logins of this person by system')
      .optional(),
  })
  .refine((value) => value.slack_user !== undefined || value.email !== undefined, {
    error: 'names nobody: slack_user or email is missing',
  })
  .describe('a person whose accounts cannot be found by the e-mail address in the Slack profile');

const approvers = z
  .strictObject({
    user_groups: z.array(leaves.userGroup).describe('a list of ids of Slack user groups').optional(),
    users: z.array(leaves.user).describe('a list of ids of Slack members').optional(),
  })
  .describe('who may decide; empty lists mean nobody');

const workspace = z
  .strictObject({
    security_channel: leaves.channel.optional(),
    approvers: approvers.optional(),
    never_touch: z.array(leaves.email).describe('a list of e-mail addresses that no action may touch').optional(),
    time_zone: leaves.timeZone.optional(),
    people: z.array(person).max(10_000).describe('a list of people whose accounts have other names').optional(),
  })
  .describe('the Slack workspace');

const mimecast = z
  .strictObject({
    base_url: leaves.webAddress.optional(),
    client_id: leaves.clientId.optional(),
    region: leaves.mimecastRegion.optional(),
    app_id: leaves.clientId.optional(),
    two_step_group: leaves.group.optional(),
    quarantine_group: leaves.group.optional(),
    synced_from: leaves.systemName.optional(),
    login_range_groups: z
      .array(
        z.strictObject({
          group: leaves.group,
          ranges: z
            .array(leaves.cidr)
            .min(1, { error: 'is empty' })
            .describe('the address ranges that this group permits'),
        }),
      )
      .describe('the prepared groups that limit from where people sign in')
      .optional(),
    poll_seconds: leaves.pollSeconds.optional(),
    poll_overlap_s: leaves.overlapSeconds.optional(),
    audit_categories: z
      .array(leaves.auditCategory)
      .min(1, { error: 'is empty' })
      .describe('the audit events that are read; left out: password changes and sign-ins')
      .optional(),
    deadline_ms: leaves.deadlineMs.optional(),
  })
  .describe('Mimecast API 2.0, or API 1.0 with app_id and region; the secrets come from the environment');

const activeDirectory = z
  .strictObject({
    url: leaves.ldapUrl.optional(),
    start_tls: leaves.startTls.optional(),
    bind_dn: leaves.dn.optional(),
    base_dn: leaves.dn.optional(),
    ca_file: leaves.filePath.optional(),
    ca: leaves.certificate.optional(),
    server_name: leaves.serverName.optional(),
    two_step_group_dn: leaves.dn.optional(),
    quarantine_group_dns: z
      .array(leaves.dn)
      .describe('the groups that shut a compromised person in; all are joined')
      .optional(),
    admin_group_dns: z
      .array(leaves.dn)
      .describe('the groups that make somebody an administrator; membership is taken away and given back')
      .optional(),
    login_range_groups: z
      .array(
        z.strictObject({
          group_dn: leaves.dn,
          ranges: z
            .array(leaves.cidr)
            .min(1, { error: 'is empty' })
            .describe('the address ranges that this group permits'),
        }),
      )
      .describe('the prepared groups whose members the VPN or firewall lets in from these ranges only')
      .optional(),
    deadline_ms: leaves.deadlineMs.optional(),
  })
  .describe('Active Directory; the bind password comes from the environment');

const mail = z
  .strictObject({
    from: leaves.mailFrom.optional(),
    mailgun: z
      .strictObject({ domain: leaves.domain.optional(), url: leaves.webAddress.optional() })
      .describe('Mailgun; the API key comes from the environment')
      .optional(),
  })
  .describe('mails to people without a Slack account');

/** The whole of `notme.yml`. Everything is optional here: what is missing shows when all sources are put together. */
export const fileSchema = z
  .strictObject({
    workspace: workspace.optional(),
    mimecast: mimecast.optional(),
    active_directory: activeDirectory.optional(),
    entra_id: fileSection('entra_id').optional(),
    okta: fileSection('okta').optional(),
    google_workspace: fileSection('google_workspace').optional(),
    keycloak: fileSection('keycloak').optional(),
    slack: fileSection('slack').optional(),
    scim: scimSection.optional(),
    mail: mail.optional(),
    notices: z
      .strictObject({ poll_seconds: leaves.pollSeconds.optional() })
      .describe('how identity systems are asked what happened')
      .optional(),
    watch: z
      .strictObject({
        after_minutes: z
          .array(leaves.watchMinutes)
          .max(10)
          .describe('a list of minutes after which a proven change is read again, e.g. [5, 15, 60]')
          .optional(),
      })
      .describe('whether a proven change still holds later')
      .optional(),
    step_up: z
      .strictObject({
        required_for: z.array(leaves.decision).describe('a list of decisions that need a one-time code').optional(),
      })
      .describe('one-time codes of the approver')
      .optional(),
    web: z
      .strictObject({
        host: leaves.host.optional(),
        port: leaves.port.optional(),
        public_url: leaves.publicUrl.optional(),
        trusted_proxies: leaves.trustedProxies.optional(),
      })
      .describe('the web server for health, metrics, hooks and the report page')
      .optional(),
    data_dir: leaves.dataDir.optional(),
    log_level: leaves.logLevel.optional(),
    texts: z
      .record(z.string(), leaves.replacement)
      .describe('texts that replace those of the catalogue, by key')
      .optional(),
  })
  .describe('the settings of Notme; secrets come from the environment');

export type FileConfig = z.output<typeof fileSchema>;
export type FilePerson = z.output<typeof person>;

/** The JSON Schema that editors check `notme.yml` against; committed as `notme.schema.json`. */
export function fileJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(fileSchema, { io: 'input' }), title: 'notme.yml' };
}
