import type { App } from '@slack/bolt';
import { sayAdded } from '../../../blocks/help-card.js';
import { askCard, helpCard } from '../../../blocks/notice-card.js';
import type { Content } from '../../../blocks/parts.js';
import { type Use, use } from '../../incidents/limits.js';
import type { Origin } from '../../ports/core.js';
import { isHeard, noteHeard } from '../../reports/heard.js';
import { ownReport } from '../../reports/help.js';
import { addToReport, claimWasMe, type Report, reporterOf, reportNotMe, writtenEarlier } from '../../reports/report.js';
import { type Meaning, meaningOf } from '../../reports/words.js';
import { mayPass } from '../failures.js';
import { plainText } from '../plain-text.js';
import { type DirectMessage, readWritten, type Written } from './payloads.js';
import { type Edge, originOf, sayLimit, sayProblem, saidReported } from './shared.js';

/** One message, and how to answer it where it was written. */
interface Hearing {
  readonly edge: Edge;
  readonly message: DirectMessage;
  readonly text: string;
  readonly report: Report;
  readonly answer: (content: Pick<Content, 'text'> & Partial<Content>) => Promise<void>;
}

/** A message as one text: files are counted, because Notme may not read them. */
function saidIn(edge: Edge, text: string, files: number): string {
  if (files === 0) return text;
  return text.trim() === ''
    ? edge.translator.plain('report.files.only', { count: files })
    : edge.translator.plain('report.files', { said: text, count: files });
}

/** An edit has the time at which it is made, and is a different report from the message. */
const stampOf = ({ message, edit }: Written): string => (edit === null ? message.ts : `${message.ts}_${edit.ts}`);

function hearingOf(edge: Edge, written: Written, origin: Origin): Hearing {
  const { message, edit } = written;
  const { channel, ts, thread_ts: thread, files = [] } = message;
  const text = plainText(message.text);
  return {
    edge,
    message,
    text,
    // The message's position, not its delivery: a redelivered message, or one read later, is the same report.
    report: {
      surface: 'dm',
      said: saidIn(edge, text, files.length),
      noticeId: null,
      sourceKey: `dm_${channel}_${stampOf(written)}`,
      origin,
      writtenAt: new Date(Number(edit?.ts ?? ts) * 1000),
    },
    answer: async ({ text: words, blocks }) => {
      const inThread = thread === undefined || thread === ts ? {} : { thread_ts: thread };
      await edge.client.chat.postMessage({ channel, text: words, ...(blocks ? { blocks } : {}), ...inThread });
    },
  };
}

/** The report is stored; a failing courtesy must not make Slack redeliver it. */
const courtesy = ({ edge, report, answer }: Hearing, text: string): Promise<void> =>
  answer({ text }).catch((error: unknown) =>
    edge.log.warn({ err: error, correlationId: report.origin.correlationId }, 'a reporter could not be answered'),
  );

/** Asks back; somebody who has already reported is not asked: the message belongs to the report. */
async function unclear(hearing: Hearing, meaning: 'unsure' | 'other'): Promise<void> {
  const { edge, message, text } = hearing;
  const open = await ownReport(edge.core, message.user);
  const person = open && (await reporterOf(edge.core, message.user));
  const added = person?.ok ? await addToReport(edge.core, person.value, hearing.report) : null;
  if (added === null) {
    // It may be a report, and a thief may have used up the hour: it is always asked about.
    if (meaning === 'unsure') return hearing.answer(askCard(edge.translator, message.ts, text));
    const used = await use({ core: edge.core, tx: edge.core.db }, message.user, 'messages');
    if (used.is !== 'within') return tellLimit(hearing, null, used);
    return hearing.answer(helpCard(edge.translator, message.ts, text));
  }
  if (added.withheld) return tellLimit(hearing, added.incident.reference, added.withheld);
  if (!added.repeated) await courtesy(hearing, sayAdded(edge.translator, added.incident, (message.files ?? []).length));
}

/** Whoever has written too often is told so once; each further answer would be one more message. */
async function tellLimit(hearing: Hearing, reference: string | null, { is, until }: Use): Promise<void> {
  if (is === 'first_over') await courtesy(hearing, sayLimit(hearing.edge, reference, until));
}

async function saidWasMe(hearing: Hearing): Promise<void> {
  const { edge, message, report } = hearing;
  const person = await reporterOf(edge.core, message.user);
  if (!person.ok) return hearing.answer({ text: sayProblem(edge, person.error) });
  const { reference, used } = await claimWasMe(edge.core, person.value, report.origin);
  if (used.is !== 'within') return tellLimit(hearing, reference, used);
  const { say } = edge.translator;
  await hearing.answer({
    text: reference === null ? say('report.was_me') : say('report.was_me_open', { reference }),
  });
}

async function saidNotMe(hearing: Hearing): Promise<void> {
  const { edge, message, report } = hearing;
  const person = await reporterOf(edge.core, message.user);
  if (!person.ok) return hearing.answer({ text: sayProblem(edge, person.error) });
  const reported = await reportNotMe(edge.core, person.value, report);
  if (reported.repeated) return;
  if (reported.withheld) return tellLimit(hearing, reported.incident.reference, reported.withheld);
  const sorry = writtenEarlier(edge.core, report) === null ? [] : [edge.translator.say('report.late')];
  const answer = [...sorry, ...(reported.opened ? [] : [saidReported(edge, reported)])];
  if (answer.length > 0) await courtesy(hearing, answer.join('\n'));
}

const ANSWERS: Readonly<Record<Meaning, (hearing: Hearing) => Promise<void>>> = {
  not_me: saidNotMe,
  was_me: saidWasMe,
  unsure: (hearing) => unclear(hearing, 'unsure'),
  other: (hearing) => unclear(hearing, 'other'),
};

/** Takes in a direct message in plain words, and answers it. */
async function hear(edge: Edge, written: Written, origin: Origin): Promise<void> {
  const hearing = hearingOf(edge, written, origin);
  await ANSWERS[meaningOf(hearing.text)](hearing);
}

/**
 * The same, once: a redelivered message, or one both read and delivered, is handled once. Returns whether it was new.
 */
export async function hearOnce(edge: Edge, written: Written, origin: Origin): Promise<boolean> {
  const { message, edit } = written;
  const place = { channel: message.channel, ts: stampOf(written) };
  if (edit?.before && isSameMeaning(edit.before, message.text)) return false;
  if (await isHeard(edge.core, place)) return false;
  await hear(edge, written, origin);
  await noteHeard(edge.core, place);
  return true;
}

/** A corrected slip, or a detail: the message was already understood. */
const isSameMeaning = (before: string, text: string): boolean =>
  meaningOf(plainText(before)) === meaningOf(plainText(text));

/**
 * Direct messages, as Slack delivers them. `missed` receives one that could not be taken in, and may be retried later.
 */
export function listenToDirectMessages(app: App, edge: Edge, missed: (written: Written) => void): void {
  app.event('message', async ({ event, context }) => {
    const written = readWritten(event);
    if (!written) return;
    try {
      await hearOnce(edge, written, originOf(context, 'dm', written.message.channel));
    } catch (error) {
      if (mayPass(error)) missed(written);
      throw error;
    }
  });
}
