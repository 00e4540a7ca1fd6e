import { createApprovers } from '../approvals/approvers.js';
import { enrol } from '../approvals/enrolment.js';
import type { Config } from '../config.js';
import { createLog } from '../log.js';
import { systemRuntime } from '../runtime.js';
import { openSealer } from '../seal-key.js';
import { createSlackClient, identify, type SlackIdentity } from '../slack/client.js';
import { createPeopleDirectory, createUserGroupReader } from '../slack/directory.js';
import { findMember } from '../slack/find-member.js';
import { configOrThrow, withDatabase } from './open.js';

interface Found {
  readonly identity: SlackIdentity;
  readonly userId: string;
  readonly label: string;
  readonly isApprover: boolean;
}

async function find(config: Config, who: string): Promise<Found> {
  if (!config.slack)
    throw new Error(
      'Enrolling needs the workspace: set SLACK_BOT_TOKEN. In the sandbox the approvers are enrolled already.',
    );
  const log = createLog({ level: 'warn', pretty: process.stderr.isTTY });
  const client = createSlackClient(config.slack.botToken, config.slack.apiUrl, log);
  const identity = await identify(client);
  const people = createPeopleDirectory(client, {
    defaultTimeZone: config.workspace.timeZone,
    overrides: config.workspace.people,
  });
  const member = await findMember(client, people, who);
  const approvers = createApprovers(config.workspace.approvers, createUserGroupReader(client, systemRuntime()));
  return {
    identity,
    userId: member.slackUserId,
    label: member.email ?? member.name,
    isApprover: await approvers.includes(member.slackUserId),
  };
}

/** `notme enroll @user`: the QR code is shown in this terminal and stored nowhere but sealed. */
export async function enrollCommand(who: string): Promise<void> {
  const config = configOrThrow();
  const found = await find(config, who);
  const runtime = systemRuntime();
  const sealer = openSealer(config, runtime);
  if (!sealer.ok) throw new Error(sealer.error);
  const enrolment = await withDatabase(config, (tx) =>
    enrol({
      tx,
      runtime,
      sealer: sealer.value,
      workspaceId: found.identity.teamId,
      userId: found.userId,
      label: found.label,
    }),
  );
  const lines = [
    `New one-time codes for ${found.label}. Let them scan this with their authenticator app:`,
    '',
    ...enrolment.qr,
    '',
    'Or type this in (it is a secret: clear the terminal afterwards):',
    enrolment.uri.reveal(),
    '',
    ...(found.isApprover
      ? []
      : [`Note: ${found.label} is no approver yet. Add them under workspace.approvers in notme.yml.`]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
