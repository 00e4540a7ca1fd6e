import { z } from 'zod';
import { LIMITED } from '../../ports/limits.js';
import { SYSTEMS } from '../../connectors/registry.js';
import { sectionOf } from './system-section.js';
import { leaves } from './leaves.js';

/** In a list of applications, nobody can name one before it is configured. */
const ONE_EACH = SYSTEMS.filter(({ list }) => list === null);

const person = z
  .strictObject({
    slack_user: leaves.user.optional(),
    email: leaves.email.optional(),
    time_zone: leaves.timeZone.optional(),
    manager: leaves.personName.optional(),
    aliases: z.array(leaves.email).describe('a list of further e-mail addresses of this person').optional(),
    employee_id: leaves.employeeId.optional(),
    kind: leaves.personKind.optional(),
    accounts: z
      .strictObject(Object.fromEntries(ONE_EACH.map(({ id }) => [id, leaves.login.optional()])))
      .describe('the logins of this person by system')
      .optional(),
  })
  .refine((value) => value.slack_user !== undefined || value.email !== undefined, {
    error: 'names nobody: slack_user or email is missing',
  })
  .describe('a person whose accounts cannot be found by the e-mail address in the Slack profile');

const members = (description: string) =>
  z
    .strictObject({
      user_groups: z.array(leaves.userGroup).describe('a list of ids of Slack user groups').optional(),
      users: z.array(leaves.user).describe('a list of ids of Slack members').optional(),
    })
    .describe(description);

const roles = z
  .strictObject({
    responder: members(
      'who takes incidents, works through tasks and manual steps, and sees; decides nothing',
    ).optional(),
    approver: members('who may decide; may also do all that responders may').optional(),
    administrator: members('who enrols approvers and lifts locks; decides nothing').optional(),
    auditor: members('who sees, and signs reviews; changes nothing else').optional(),
  })
  .describe('who may do what; empty lists mean nobody');

const onCall = z
  .strictObject({
    user_groups: z.array(leaves.userGroup).describe('a list of ids of Slack user groups').optional(),
    users: z.array(leaves.user).describe('a list of ids of Slack members').optional(),
    again_minutes: leaves.againMinutes.optional(),
  })
  .describe('who is mentioned when an incident opens; nobody named means the approvers');

const twoApprovers = z
  .strictObject({
    actions: z.array(leaves.decision).describe('a list of decisions that need two approvers, about anybody').optional(),
    targets: z
      .array(leaves.targetKind)
      .describe('a list of kinds of people about whom every decision needs two approvers')
      .optional(),
    expire_hours: leaves.expireHours.optional(),
    remind_minutes: leaves.remindMinutes.optional(),
  })
  .describe('where one approver does not suffice');

const limitsPerHour = z
  .strictObject(Object.fromEntries(LIMITED.map((what) => [what, leaves.perHour.optional()])))
  .describe('how often in an hour one person may do what would flood the channel or the queue');

const workspace = z
  .strictObject({
    security_channel: leaves.channel.optional(),
    allow_public_channel: leaves.allowPublicChannel.optional(),
    roles: roles.optional(),
    approvers: members('old: who may decide; workspace.roles.approver replaces it').optional(),
    on_call: onCall.optional(),
    two_approvers: twoApprovers.optional(),
    limits_per_hour: limitsPerHour.optional(),
    never_touch: z.array(leaves.email).describe('a list of e-mail addresses that no action may touch').optional(),
    time_zone: leaves.timeZone.optional(),
    people: z.array(person).max(10_000).describe('a list of people whose accounts have other names').optional(),
  })
  .describe('the Slack workspace');

const mail = z
  .strictObject({
    from: leaves.mailFrom.optional(),
    mailgun: z
      .strictObject({ domain: leaves.domain.optional(), url: leaves.webAddress.optional() })
      .describe('Mailgun; the API key comes from the environment')
      .optional(),
  })
  .describe('mails to people without a Slack account');

const inClear = (server: string) =>
  z
    .strictObject({ allow_plain_text: leaves.allowPlainText.optional() })
    .describe(`the connection to ${server}, whose address comes from the environment`);

/** The whole of `notme.yml`. Everything is optional here: gaps show when all sources are merged. */
export const fileSchema = z
  .strictObject({
    workspace: workspace.optional(),
    ...Object.fromEntries(SYSTEMS.map((system) => [system.id, sectionOf(system).optional()])),
    mail: mail.optional(),
    notices: z
      .strictObject({
        poll_seconds: leaves.pollSeconds.optional(),
        unanswered_minutes: z
          .strictObject({
            password_reset: leaves.unansweredMinutes.optional(),
            two_step_changed: leaves.unansweredMinutes.optional(),
            sign_in: leaves.unansweredMinutes.optional(),
            push_denied: leaves.unansweredMinutes.optional(),
            at_risk: leaves.unansweredMinutes.optional(),
          })
          .describe('after how long the security channel hears of a notice that nobody answers, by what happened')
          .optional(),
      })
      .describe('how identity systems are asked what happened, and how long a person has to answer')
      .optional(),
    reports_elsewhere: z
      .strictObject({
        person: leaves.personReport.optional(),
        denied_requests: leaves.deniedRequests.optional(),
        verdict_opens: leaves.riskLevel.optional(),
        verdict_asks: leaves.riskLevel.optional(),
      })
      .describe('what becomes of reports made at an identity system, and of its own verdicts')
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
        not_required_for: z
          .array(leaves.coded)
          .describe('a list of decisions that ask for no one-time code; all others ask for one')
          .optional(),
        required_for: z
          .array(leaves.decision)
          .describe('old: a list of decisions that ask for a one-time code; step_up.not_required_for replaces it')
          .optional(),
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
    database: inClear('Postgres').optional(),
    redis: inClear('Redis').optional(),
    data_dir: leaves.dataDir.optional(),
    log_level: leaves.logLevel.optional(),
    texts: z
      .record(z.string(), leaves.replacement)
      .describe('texts that replace those of the catalogue, by key')
      .optional(),
  })
  .describe('the settings of Notme; secrets come from the environment');

export type FileConfig = z.output<typeof fileSchema>;
export type FileOnCall = z.output<typeof onCall> | undefined;
export type FileTwoApprovers = z.output<typeof twoApprovers> | undefined;
export type FileLimits = z.output<typeof limitsPerHour> | undefined;
export type FileRole = z.output<ReturnType<typeof members>> | undefined;
export type FilePerson = z.output<typeof person>;

/** The JSON Schema that editors check `notme.yml` against; committed as `notme.schema.json`. */
export function fileJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(fileSchema, { io: 'input' }), title: 'notme.yml' };
}
