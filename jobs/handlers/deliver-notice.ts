import { noticeCard } from '../../blocks/notice-card.js';
import type { Translator } from '../../blocks/parts.js';
import type { Core } from '../../src/ports/core.js';
import type { Messenger, MessengerFailure } from '../../src/ports/messenger.js';
import { type Person, personById } from '../../src/incidents/people.js';
import { type Notice, noticeById } from '../../src/notices/notice.js';
import { personBehind } from '../../src/notices/owner.js';
import { provenWith } from '../../src/notices/proven.js';
import type { MailProblem, NoticeMailer } from '../../src/notices/notice-mailer.js';
import { canProve } from '../../src/notices/prove-claim.js';
import { awaitsMail, clearRefused, saveRefused } from '../../src/notices/refused-mail.js';
import { issueReportToken } from '../../src/reports/tokens.js';
import { backoffMs } from '../backoff.js';
import type { Outcome, Run } from '../worker.js';

export interface NoticeParts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly translator: Translator;
  /** `null`: no mail is configured, so people without Slack cannot be reached. */
  readonly mailer: NoticeMailer | null;
}

/** Sends a person what a system reported: a direct message in Slack, or a mail. An answered notice is redrawn. */
export async function deliverNotice(parts: NoticeParts, run: Run): Promise<Outcome> {
  const { core } = parts;
  const notice = await noticeById(core.db, core.workspaceId, run.work.ref);
  if (!notice) return 'completed';
  if (notice.message_ts !== null && notice.channel !== null)
    return redraw(parts, notice, { channel: notice.channel, ts: notice.message_ts }, run);
  if (notice.mailed_to !== null) return 'completed';
  const person = await personOf(core, notice, run);
  const told = person.slack_user_id === null ? 'not_in_slack' : await message(parts, notice, person.slack_user_id, run);
  return told === 'not_in_slack' ? mail(parts, notice, person, run) : told;
}

async function personOf(core: Core, notice: Notice, run: Run): Promise<Person> {
  const person = await personBehind(core, notice);
  await run.commit((tx) =>
    tx.query('update notices set person_id = $3 where workspace_id = $1 and id = $2', [
      core.workspaceId,
      notice.id,
      person.id,
    ]),
  );
  return person;
}

const titleOf = (core: Core, notice: Notice): string => core.connectors.get(notice.system)?.title ?? notice.system;

/** Slack will not show it to this person (a guest, a deactivated account, no direct messages): retrying is useless. */
const isFinal = ({ kind }: MessengerFailure): boolean => kind === 'refused' || kind === 'unreachable';

function waitAfter(core: Core, run: Run, failure: MessengerFailure): Outcome {
  return { againInMs: failure.kind === 'throttled' ? failure.retryAfterMs : backoffMs(run.work.attempt, core.runtime) };
}

async function message(
  { core, messenger, translator }: NoticeParts,
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
    : await messenger.post(to, noticeCard(translator, notice, titleOf(core, notice)), notice.id);
  core.runtime.observe('post.after_call', notice.id);
  if (!placed.ok) return undelivered(placed.error);
  await run.commit((tx) =>
    tx.query('update notices set channel = $3, message_ts = $4, asked_at = $5 where workspace_id = $1 and id = $2', [
      core.workspaceId,
      notice.id,
      placed.value?.channel ?? null,
      placed.value?.ts ?? null,
      core.runtime.now(),
    ]),
  );
  return 'completed';
}

async function redraw(
  { core, messenger, translator }: NoticeParts,
  notice: Notice,
  placed: { channel: string; ts: string },
  run: Run,
): Promise<Outcome> {
  const person = notice.person_id === null ? null : await personById(core.db, core.workspaceId, notice.person_id);
  const dm = person?.slack_user_id ? await messenger.openDm(person.slack_user_id) : null;
  if (dm?.ok === false && !isFinal(dm.error)) return waitAfter(core, run, dm.error);
  if (!dm?.ok || dm.value !== placed.channel) {
    core.log.warn({ notice: notice.id, channel: placed.channel }, 'a notice stands elsewhere; it is not redrawn');
    return 'completed';
  }
  const offer = { canProve: notice.answer === 'me' && (await canProve(core, person)) };
  const drawn = { ...notice, proven_with: provenWith(core, notice) };
  const updated = await messenger.update(placed, noticeCard(translator, drawn, titleOf(core, notice), offer));
  if (updated.ok) return 'completed';
  if (!isFinal(updated.error)) return waitAfter(core, run, updated.error);
  core.log.error({ notice: notice.id, failure: updated.error }, 'Slack refused to redraw a notice; it stays as it is');
  return 'completed';
}

/** Pauses between tries of a refused mail: 15 s at first, at most a quarter of an hour. */
const MAIL_PAUSES = { firstMs: 30_000, mostMs: 15 * 60_000 };

const NO_MAIL: MailProblem = {
  kind: 'unconfigured',
  message: 'Set MAILGUN_API_KEY and MAILGUN_DOMAIN, or SMTP_URL, and MAIL_FROM; then restart.',
};

async function mail(parts: NoticeParts, notice: Notice, person: Person, run: Run): Promise<Outcome> {
  const { core } = parts;
  if (!(await awaitsMail(core, notice.id))) {
    core.log.warn({ notice: notice.id }, 'a notice is not mailed any more: it was seen to, or is older than a week');
    await run.commit((tx) => clearRefused({ core, tx }, notice.id));
    return 'completed';
  }
  const problem = await sendMail(parts, notice, person, run);
  if (problem) return keep(core, notice, problem, run);
  await run.commit(async (tx) => {
    await tx.query('update notices set mailed_to = $3, asked_at = $4 where workspace_id = $1 and id = $2', [
      core.workspaceId,
      notice.id,
      person.email,
      core.runtime.now(),
    ]);
    await clearRefused({ core, tx }, notice.id);
  });
  return 'completed';
}

/** @returns what kept the mail from being sent; `null` when it was accepted */
async function sendMail(
  { core, mailer }: NoticeParts,
  notice: Notice,
  person: Person,
  run: Run,
): Promise<MailProblem | null> {
  if (!mailer) return NO_MAIL;
  const { token, expiresAt } = await run.commit((tx) => issueReportToken(core, tx, notice.id));
  const sent = await mailer.send({
    notice,
    systemTitle: titleOf(core, notice),
    to: person.email,
    token,
    expiresAt,
    timeZone: person.time_zone,
    correlationId: run.work.correlation_id,
  });
  return sent.ok ? null : sent.error;
}

/** A refused mail is kept and retried: keys get fixed, servers come back. */
async function keep(core: Core, notice: Notice, problem: MailProblem, run: Run): Promise<Outcome> {
  core.log.warn({ notice: notice.id, problem }, 'a notice could not be mailed; it is tried again');
  await run.commit(async (tx) => {
    await saveRefused({ core, tx }, notice.id, problem, run.work.correlation_id);
  });
  core.dispatch();
  return { againInMs: Math.max(problem.retryAfterMs ?? 0, backoffMs(run.work.attempt, core.runtime, MAIL_PAUSES)) };
}
