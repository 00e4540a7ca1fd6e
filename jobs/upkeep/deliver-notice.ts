import { noticeCard } from '../../blocks/notice-card.js';
import type { Voice } from '../../blocks/parts.js';
import type { Core } from '../../src/core.js';
import type { Messenger, MessengerFailure } from '../../src/incidents/messenger.js';
import { type Person, savePerson, savePersonWithoutSlack } from '../../src/incidents/people.js';
import { type Notice, noticeById } from '../../src/notices/notice.js';
import type { NoticeMailer } from '../../src/notices/notice-mailer.js';
import { issueReportToken } from '../../src/reports/tokens.js';
import { backoffMs } from '../backoff.js';
import type { Outcome, Run } from '../worker.js';

export interface NoticeParts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly voice: Voice;
  /** `null`: no mail is configured, so people without Slack cannot be told. */
  readonly mailer: NoticeMailer | null;
}

/** Tells a person what a system said: a direct message in Slack, or a mail. An answered notice is redrawn. */
export async function deliverNotice(parts: NoticeParts, run: Run): Promise<Outcome> {
  const { core } = parts;
  const notice = await noticeById(core.db, core.workspaceId, run.work.ref);
  if (!notice) return 'done';
  if (notice.message_ts !== null && notice.channel !== null)
    return redraw(parts, notice, { channel: notice.channel, ts: notice.message_ts }, run);
  if (notice.mailed_to !== null) return 'done';
  const person = await personOf(core, notice);
  const told = person.slack_user_id === null ? 'not_in_slack' : await message(parts, notice, person.slack_user_id, run);
  return told === 'not_in_slack' ? mail(parts, notice, person, run) : told;
}

async function personOf(core: Core, notice: Notice): Promise<Person> {
  const email = ownerOf(core, notice);
  const found = await core.people.byEmail(email);
  const person =
    found && !found.isBot
      ? await savePerson(core, core.db, { ...found, email })
      : await savePersonWithoutSlack(core, core.db, email);
  await core.db.query('update notices set person_id = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    notice.id,
    person.id,
  ]);
  return person;
}

/** The e-mail address behind a login: itself, but where configuration says otherwise. */
function ownerOf(core: Core, notice: Notice): string {
  for (const [email, { aliases, logins }] of core.policy.handles) {
    const names = [logins[notice.system], ...aliases];
    if (names.some((name) => name?.toLowerCase() === notice.login)) return email;
  }
  return notice.login;
}

const titleOf = (core: Core, notice: Notice): string => core.connectors.get(notice.system)?.title ?? notice.system;

/** Slack will not show it to this person (a guest, a deactivated account, no direct messages): asking again is no use. */
const isFinal = ({ kind }: MessengerFailure): boolean => kind === 'refused' || kind === 'unreachable';

function waitAfter(core: Core, run: Run, failure: MessengerFailure): Outcome {
  return { againInMs: failure.kind === 'throttled' ? failure.retryAfterMs : backoffMs(run.work.attempt, core.runtime) };
}

async function message(
  { core, messenger, voice }: NoticeParts,
  notice: Notice,
  slackUserId: string,
  run: Run,
): Promise<Outcome | 'not_in_slack'> {
  const undelivered = (failure: MessengerFailure): Outcome | 'not_in_slack' => {
    if (!isFinal(failure)) return waitAfter(core, run, failure);
    core.log.warn({ notice: notice.id, failure }, 'Slack takes no message to this person; the notice is mailed');
    return 'not_in_slack';
  };
  const dm = await messenger.openDm(slackUserId);
  if (!dm.ok) return undelivered(dm.error);
  const to = { channel: dm.value, threadTs: null };
  // A second run may follow a crash after posting: look before posting again.
  const before = run.work.attempt > 1 ? await messenger.find(to, notice.id, notice.occurred_at) : null;
  if (before && !before.ok) return undelivered(before.error);
  core.runtime.observe('post.before_call', notice.id);
  const placed = before?.value
    ? before
    : await messenger.post(to, noticeCard(voice, notice, titleOf(core, notice)), notice.id);
  core.runtime.observe('post.after_call', notice.id);
  if (!placed.ok) return undelivered(placed.error);
  await core.db.query('update notices set channel = $3, message_ts = $4 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    notice.id,
    placed.value?.channel,
    placed.value?.ts,
  ]);
  return 'done';
}

async function redraw(
  { core, messenger, voice }: NoticeParts,
  notice: Notice,
  placed: { channel: string; ts: string },
  run: Run,
): Promise<Outcome> {
  const updated = await messenger.update(placed, noticeCard(voice, notice, titleOf(core, notice)));
  if (updated.ok) return 'done';
  if (!isFinal(updated.error)) return waitAfter(core, run, updated.error);
  core.log.error({ notice: notice.id, failure: updated.error }, 'Slack refused to redraw a notice; it stays as it is');
  return 'done';
}

async function mail({ core, mailer }: NoticeParts, notice: Notice, person: Person, run: Run): Promise<Outcome> {
  if (!mailer) {
    core.log.warn(
      { notice: notice.id },
      'a person whom Slack does not reach could not be told: no mail is configured (MAILGUN_DOMAIN or SMTP_URL)',
    );
    return 'done';
  }
  const { token, expiresAt } = await issueReportToken(core, core.db, notice.id);
  const sent = await mailer.send({
    notice,
    systemTitle: titleOf(core, notice),
    to: person.email,
    token,
    expiresAt,
    timeZone: person.time_zone,
    correlationId: run.work.correlation_id,
  });
  if (!sent.ok) {
    core.log.warn({ notice: notice.id, problem: sent.error.message }, 'a notice could not be mailed');
    return sent.error.retryAfterMs === null ? 'done' : { againInMs: sent.error.retryAfterMs };
  }
  await core.db.query('update notices set mailed_to = $3 where workspace_id = $1 and id = $2', [
    core.workspaceId,
    notice.id,
    person.email,
  ]);
  return 'done';
}
