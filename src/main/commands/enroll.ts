import { renderUnicodeCompact } from 'uqr';
import { type Enrolled, enrolledPeople, enrolOnHost, removeOnHost, type Standing } from '../../approvals/enrolments.js';
import { offerPasskey } from '../../approvals/passkey-registration.js';
import { sayPlain, withOverrides } from '../../texts/say.js';
import { relyingPartyOf } from '../../web/relying-party.js';
import type { Config } from '../config.js';
import { type Runtime, systemRuntime } from '../../platform/runtime.js';
import type { Sealer } from '../../platform/seal.js';
import { openSealer } from '../seal-key.js';
import { findMember } from '../../slack/find-member.js';
import { configOrThrow, withDatabase } from './open.js';
import { print } from './print.js';
import { openWorkspace } from './workspace.js';

interface Workspace {
  readonly workspaceId: string;
  readonly find: (who: string) => Promise<Found>;
}

interface Found {
  readonly userId: string;
  readonly label: string;
  readonly email: string | null;
  readonly isApprover: boolean;
}

async function enrollable(config: Config): Promise<Workspace> {
  const { workspaceId, client, people, roles } = await openWorkspace(
    config,
    'Enrolling needs the workspace: set SLACK_BOT_TOKEN. In the sandbox the approvers are enrolled already.',
  );
  return {
    workspaceId,
    find: async (who) => {
      const member = await findMember(client, people, who);
      return {
        userId: member.slackUserId,
        label: member.email ?? member.name,
        email: member.email,
        isApprover: await roles.has(member.slackUserId, ['approver']),
      };
    },
  };
}

interface Flags {
  readonly list: boolean;
  readonly remove: boolean;
  readonly passkey: boolean;
}

interface Host {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly sealer: Sealer;
  readonly workspace: Workspace;
}

/** `notme enroll @user`: QR code and recovery codes are shown in this terminal, and stored only sealed or hashed. */
export async function enrollCommand(who: string | undefined, flags: Flags): Promise<void> {
  const config = configOrThrow();
  if (!flags.list && who === undefined)
    throw new Error('Name whom to enrol: notme enroll @name. Or list who is enrolled: notme enroll --list');
  const runtime = systemRuntime();
  const sealer = openSealer(config, runtime);
  if (!sealer.ok) throw new Error(sealer.error);
  const workspace = await enrollable(config);
  const lines = await run({ config, runtime, sealer: sealer.value, workspace }, who, flags);
  print(lines);
}

async function run({ config, runtime, sealer, workspace }: Host, who: string | undefined, flags: Flags) {
  const host = { workspaceId: workspace.workspaceId, runtime, sealer };
  if (flags.list || who === undefined)
    return sayList(await withDatabase(config, (database) => enrolledPeople(host, database)));
  const origin = { surface: 'host', correlationId: runtime.newId('cli') };
  const found = await workspace.find(who);
  if (flags.remove) {
    const removed = await withDatabase(config, (database) =>
      database.transaction((tx) => removeOnHost(host, tx, found.userId, origin)),
    );
    return [
      removed
        ? `${found.label} has no codes any more. They and the security channel are told.`
        : `${found.label} was not enrolled. Nothing was changed.`,
    ];
  }
  if (flags.passkey) return sayOffered(found, await offer({ config, runtime, sealer, workspace }, found));
  const enrolled = await withDatabase(config, (database) =>
    database.transaction((tx) => enrolOnHost(host, tx, found, origin)),
  );
  return sayEnrolled(found, enrolled);
}

/** @returns the link by which they register a passkey */
async function offer({ config, runtime, sealer, workspace }: Host, { userId, label }: Found): Promise<string> {
  const at = `http://localhost:${config.web.port}`;
  const party = relyingPartyOf(config.web.publicUrl, at);
  if (!party.ok) throw new Error(sayPlain(withOverrides(config.texts))(`problem.passkey.${party.error}`));
  const host = { workspaceId: workspace.workspaceId, runtime, sealer };
  const origin = { surface: 'host', correlationId: runtime.newId('cli') };
  const token = await withDatabase(config, (database) =>
    database.transaction((tx) => offerPasskey(host, tx, { userId, label }, origin)),
  );
  return `${party.value.origin}/enrol/${token.reveal()}`;
}

const sayOffered = ({ label }: Found, link: string): readonly string[] => [
  `Let ${label} open this link within ten minutes, with Notme running; it works once:`,
  '',
  link,
  '',
  ...renderUnicodeCompact(link, { ecc: 'M', border: 2 }).split('\n'),
  '',
  'Give it to them yourself, never through Slack.',
];

const sayEnrolled = ({ label, isApprover }: Found, { qr, uri, recoveryCodes }: Enrolled): readonly string[] => [
  `New one-time codes for ${label}. Let them scan this with their authenticator app:`,
  '',
  ...qr,
  '',
  'Or type this in (it is a secret: clear the terminal afterwards):',
  uri.reveal(),
  '',
  'Recovery codes, for when the phone is lost. Each counts once, in place of a code. They are shown only now:',
  'let them print these or keep them in a password manager, never in Slack or a mailbox.',
  ...recoveryCodes.map((code) => `  ${code.reveal()}`),
  '',
  'They and the security channel are told that they were enrolled.',
  ...(isApprover ? [] : [`Note: ${label} is no approver yet. Add them under workspace.roles.approver in notme.yml.`]),
];

const minute = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function sayList(people: readonly Standing[]): readonly string[] {
  if (people.length === 0) return ['Nobody is enrolled. Enrol an approver: notme enroll @name'];
  return people.map(sayStanding);
}

function sayStanding({
  user_id: id,
  name,
  enrolled_at: since,
  recoveryCodes,
  passkeys,
  lastUsed,
  lock,
  clockOff,
}: Standing) {
  return [
    `${name ?? 'name unknown'} (${id}): ${since === null ? 'no codes, passkeys alone' : `enrolled ${minute(since)}`}`,
    lastUsed === null ? 'never used' : `last used ${minute(lastUsed)}`,
    `${recoveryCodes} recovery codes left`,
    `${passkeys} passkeys`,
    ...(lock === null ? [] : [lock === 'ended' ? 'shut off: enrol anew' : `locked until ${minute(lock.until)}`]),
    ...(clockOff === null
      ? []
      : [`the phone's clock seems ${Math.abs(clockOff)} s ${clockOff < 0 ? 'slow' : 'fast'}: set it automatically`]),
  ].join(', ');
}
