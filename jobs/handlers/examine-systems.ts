import { doctorModal } from '../../blocks/modals/doctor.js';
import type { Translator } from '../../blocks/parts.js';
import type { Core } from '../../src/ports/core.js';
import { examineMail } from '../../src/doctor/examine-mail.js';
import { examineSlack } from '../../src/doctor/examine-slack.js';
import { type Diagnosis, examineSystems } from '../../src/doctor/examine.js';
import { examinationById, saveAnswer } from '../../src/doctor/from-slack.js';
import type { Messenger } from '../../src/ports/messenger.js';
import type { NoticeMailer } from '../../src/notices/notice-mailer.js';
import { mailTroubles } from '../../src/notices/refused-mail.js';
import { callOf, type Outcome, type Run } from '../worker.js';
import { fillWindow } from './fill-window.js';

interface Parts {
  readonly core: Core;
  readonly messenger: Messenger;
  readonly translator: Translator;
  readonly mailer: NoticeMailer | null;
}

/** Asks Slack, the mail server and every linked system what would work, once, and shows it in the window that waits. */
export async function examineForSlack(parts: Parts, run: Run): Promise<Outcome> {
  const { core, translator } = parts;
  const asked = await examinationById(core, run.work.ref);
  if (!asked) return 'completed';
  const answer = asked.answer ?? (await examineOnce(parts, run));
  if (asked.viewId === null) return 'completed';
  const view = doctorModal(translator, answer, core.policy.uncoded);
  return fillWindow(parts, run, { viewId: asked.viewId, openedAt: asked.askedAt }, view);
}

/** What was found out is kept before it is shown: a window that is filled later asks no system again. */
async function examineOnce({ core, messenger, mailer }: Parts, run: Run): Promise<readonly Diagnosis[]> {
  const [slack, mail, systems] = await Promise.all([
    examineSlack(core, messenger),
    mailTroubles(core).then((waiting) => examineMail(mailer, waiting)),
    examineSystems(core.connectors, null, callOf(run)),
  ]);
  const answer = [slack, mail, ...systems];
  await run.commit((tx) => saveAnswer(core, tx, run.work.ref, answer));
  return answer;
}
