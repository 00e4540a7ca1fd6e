import type { App, Context, RespondFn } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type * as z from 'zod';
import { type ButtonId, buttons } from '../../../blocks/interactions.js';
import { closeModal } from '../../../blocks/modals/close.js';
import { countersignModal } from '../../../blocks/modals/countersign.js';
import { decideModal } from '../../../blocks/modals/decide.js';
import { enrolmentModal } from '../../../blocks/modals/enrolment.js';
import { liftModal } from '../../../blocks/modals/lift.js';
import { proveModal } from '../../../blocks/modals/prove.js';
import { reviewModal } from '../../../blocks/modals/review.js';
import { reportModal } from '../../../blocks/modals/report.js';
import { linksModal } from '../../../blocks/modals/links.js';
import { undoModal } from '../../../blocks/modals/undo.js';
import { at, phrase } from '../../texts/phrase.js';
import { use } from '../../incidents/limits.js';
import { requestWork } from '../../outbox/outbox.js';
import { allowedOutside } from '../../approvals/in-workspace.js';
import { approvableBy, askEnrolment } from '../../approvals/enrolment-requests.js';
import { hasPasskeys } from '../../approvals/passkeys.js';
import { liftableBy } from '../../approvals/liftable.js';
import { previewCountersign, previewReview } from '../../approvals/countersign-preview.js';
import { previewDecision } from '../../approvals/preview.js';
import { managedBy } from '../../approvals/managed-by.js';
import { type Clicked, recordRefusal } from '../../approvals/refusals.js';
import { commands } from '../../approvals/commands/index.js';
import { previewUndo } from '../../approvals/undo-preview.js';
import { stillOpenIn } from '../../approvals/still-open.js';
import { OUTCOMES } from '../../incidents/incident.js';
import { stepById } from '../../incidents/steps.js';
import { previewLinks } from '../../approvals/linked-accounts.js';
import { answerNotice } from '../../notices/answer.js';
import { noticeById } from '../../notices/notice.js';
import { claims } from '../../notices/prove-claim.js';
import { openFromNotice, acknowledgeNotices } from '../../notices/see-to.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { reporterOf, reportNotMe } from '../../reports/report.js';
import type { Result } from '../../platform/result.js';
import { showDoctor } from './doctor.js';
import { leftWindow } from './left.js';
import { clickPayload, readPayload } from './payloads.js';
import {
  correlationOf,
  type Edge,
  fillModal,
  openModal,
  openReport,
  originOf,
  saidReported,
  sayProblem,
  replyEphemeral,
  modalOf,
} from './shared.js';

type PayloadOf<K extends ButtonId> = (typeof buttons)[K] extends { decode(raw: unknown): infer T | null } ? T : never;

interface Click {
  readonly edge: Edge;
  readonly body: z.output<typeof clickPayload>;
  readonly context: Context;
  /** Absent for a click in App Home. */
  readonly respond: RespondFn | undefined;
  /**
   * To be called as soon as the click is stored, or needs no storing: Slack is called after it. A second call has no
   * effect.
   */
  ack(): Promise<void>;
}

/** Answers the person who clicked, in the thread of what was clicked. */
const say = (click: Click, text: string): Promise<unknown> => {
  const { container, user } = click.body;
  return replyEphemeral(click.edge, { respond: click.respond, user: user.id, threadTs: container?.thread_ts }, text);
};

type Handlers = { readonly [K in ButtonId]: (click: Click, payload: PayloadOf<K>) => Promise<Problem | null> };

const problemOf = (result: Result<unknown, Problem>): Problem | null => (result.ok ? null : result.error);

async function answer(click: Click, noticeId: string, given: 'not_me' | 'me'): Promise<Problem | null> {
  const { core, translator } = click.edge;
  const person = await reporterOf(core, click.body.user.id);
  if (!person.ok) return person.error;
  const notice = await noticeById(core.db, core.workspaceId, noticeId);
  if (!notice) return refuse('outdated', phrase('problem.old_card')).error;
  const said = translator.plain(`kind.${notice.kind}.short`);
  const origin = originOf(click.context, 'button', click.body.channel?.id);
  const answered = await answerNotice(core, person.value, { noticeId, answer: given, said, origin });
  if (!answered.ok) return answered.error;
  await redrawNotice(click, noticeId);
  return null;
}

async function redrawNotice({ edge: { core }, context }: Click, noticeId: string): Promise<void> {
  const correlationId = correlationOf(context);
  await requestWork(core.db, {
    workspaceId: core.workspaceId,
    name: 'deliver_notice',
    ref: noticeId,
    correlationId,
    now: core.runtime.now(),
  });
  core.dispatch();
}

/** Who clicked, and where. */
const byWhom = ({ body, context }: Click) => ({
  actor: body.user.id,
  origin: originOf(context, 'button', body.channel?.id),
});

/** Whether a passkey may stand in for the code. */
const confirms = ({ edge, body }: Click): Promise<boolean> => hasPasskeys(edge.core, body.user.id);

const clicked = (click: Click, incidentId: string): Clicked => ({ incidentId, ...byWhom(click) });

async function openDecision(
  click: Click,
  incidentId: string,
  action: PayloadOf<'incident_action'>['action'],
): Promise<Problem | null> {
  await click.ack();
  const preview = await previewDecision(click.edge.core, clicked(click, incidentId), action);
  return preview.ok ? openWindow(click, decideModal(click.edge.translator, preview.value)) : preview.error;
}

async function openUndo(click: Click, stepId: string): Promise<Problem | null> {
  await click.ack();
  const preview = await previewUndo(click.edge.core, { stepId, ...byWhom(click) });
  return preview.ok ? openWindow(click, undoModal(click.edge.translator, preview.value)) : preview.error;
}

/** A step that no retry may restart is offered for a decision, with a reason and a code, like any other. */
async function decideAnew(click: Click, stepId: string): Promise<Problem | null> {
  const step = await stepById(click.edge.core.db, click.edge.core.workspaceId, stepId);
  if (!step) return refuse('outdated', phrase('problem.old_card')).error;
  return step.undo_of === null ? openDecision(click, step.incident_id, step.action) : openUndo(click, step.undo_of);
}

/** Opens a window, or says that the click came too late. */
async function openWindow(click: Click, view: ModalView): Promise<Problem | null> {
  const viewId = await openModal(click.edge, click.body.trigger_id ?? '', view);
  return viewId === null ? refuse('too_late', phrase('problem.too_late')).error : null;
}

/**
 * The list appears in the thread, where its post is redrawn, and in the window behind *Runbook*, which is redrawn here.
 */
async function redrawLeft({ edge, body }: Click, incident: string): Promise<void> {
  const viewId = body.container?.view_id;
  if (viewId === undefined) return;
  await fillModal(edge, viewId, await leftWindow(edge, incident));
}

const stepClick = (click: Click, step: string) => ({ stepId: step, ...byWhom(click) });

const handlers: Handlers = {
  notice_not_me: (click, { notice }) => answer(click, notice, 'not_me'),
  notice_me: (click, { notice }) => answer(click, notice, 'me'),
  notice_prove: async (click, { notice }) => {
    await click.ack();
    const event = await claims.provable(click.edge.core, { noticeId: notice, ...byWhom(click) });
    if (!event.ok) return event.error;
    const shown = { notice, event: event.value, hasPasskey: await confirms(click) };
    return openWindow(click, proveModal(click.edge.translator, shown));
  },
  unanswered_open: async (click, { notice }) => {
    const { core, translator } = click.edge;
    const opened = await openFromNotice(core, notice, byWhom(click));
    if (!opened.ok) return opened.error;
    await click.ack();
    await say(click, translator.say('unanswered.opened', { reference: opened.value }));
    return null;
  },
  unanswered_settle: async (click, { notice }) =>
    problemOf(await acknowledgeNotices(click.edge.core, notice, byWhom(click))),
  ask_yes: async (click, { message, said = '', surface: asked }) => {
    const { core, translator } = click.edge;
    const surface = asked ?? 'dm';
    const person = await reporterOf(core, click.body.user.id);
    if (!person.ok) return person.error;
    const sourceKey = `ask_${click.body.channel?.id ?? ''}_${message}`;
    const origin = originOf(click.context, surface, click.body.channel?.id);
    const reported = await reportNotMe(core, person.value, {
      surface,
      said: said.trim() === '' ? translator.plain('ask.yes') : said,
      noticeId: null,
      sourceKey,
      origin,
    });
    await click.ack();
    // The report is stored; a failing answer must not look as if it were not.
    await click
      .respond?.({
        replace_original: true,
        text: saidReported(click.edge, reported),
      })
      .catch((error: unknown) => click.edge.log.warn({ err: error }, 'a reporter could not be answered'));
    return null;
  },
  ask_no: async (click) => {
    await click.ack();
    await click.respond?.({ replace_original: true, text: click.edge.translator.say('ask.no_answer') });
    return null;
  },
  home_report: async (click) => {
    await click.ack();
    const to = { trigger: click.body.trigger_id ?? '', user: click.body.user.id };
    await openReport(click.edge, to, reportModal(click.edge.translator, { surface: 'home', quoted: null }));
    return null;
  },
  home_enrol: async (click) => {
    await click.ack();
    const asked = await askEnrolment(click.edge.core, byWhom(click));
    if (!asked.ok) return asked.error;
    return openWindow(click, modalOf(click.edge, click.edge.translator.say('enrolment.asked')));
  },
  home_doctor: async (click) => {
    await click.ack();
    const { core } = click.edge;
    const attempt = { action: 'doctor', right: 'doctor', ...byWhom(click) } as const;
    const allowed = await allowedOutside(core, attempt);
    if (!allowed.ok) return allowed.error;
    const used = await use({ core, tx: core.db }, click.body.user.id, 'doctor');
    if (used.is !== 'within') {
      const { error } = refuse('limited', phrase('problem.limited.doctor', { until: at(used.until) }));
      await recordRefusal(core, { ...attempt, incidentId: null }, error);
      return error;
    }
    await showDoctor(click.edge, click.body.trigger_id ?? '', {
      actor: click.body.user.id,
      correlationId: correlationOf(click.context),
    });
    return null;
  },
  incident_action: (click, { incident, action }) => openDecision(click, incident, action),
  incident_more: (click, { incident, action }) => openDecision(click, incident, action),
  incident_take: async (click, { incident }) =>
    problemOf(await commands.take(click.edge.core, clicked(click, incident))),
  incident_close: async (click, { incident }) => {
    await click.ack();
    const { core, translator } = click.edge;
    const allowed = await managedBy(core, 'close', { ...clicked(click, incident), action: 'close' });
    if (!allowed.ok) return allowed.error;
    const left = await stillOpenIn(core, core.db, incident);
    const systemTitle = (system: string): string => core.connectors.get(system)?.title ?? system;
    return openWindow(click, closeModal(translator, { incident, outcomes: OUTCOMES, left, systemTitle }));
  },
  incident_links: async (click, { incident }) => {
    await click.ack();
    const allowed = await managedBy(click.edge.core, 'correctAccounts', {
      ...clicked(click, incident),
      action: 'links',
    });
    if (!allowed.ok) return allowed.error;
    const preview = await previewLinks(click.edge.core, incident, click.body.user.id);
    if (!preview) return refuse('unknown_incident', phrase('problem.unknown_incident')).error;
    return openWindow(click, linksModal(click.edge.translator, incident, preview));
  },
  incident_look: async (click, { incident }) => {
    const asked = await commands.rescan(click.edge.core, clicked(click, incident));
    await click.ack();
    if (asked.ok) await say(click, click.edge.translator.say('look.asked'));
    return problemOf(asked);
  },
  incident_tasks: async (click, { incident }) => {
    const started = await commands.startTasks(click.edge.core, clicked(click, incident));
    if (!started.ok) return started.error;
    await click.ack();
    return openWindow(click, await leftWindow(click.edge, incident));
  },
  task_move: async (click, { incident, task, move }) => {
    const changed = await commands.changeTask(click.edge.core, { ...clicked(click, incident), task, move });
    await click.ack();
    // The window contains what an approver may see: anybody else is shown nothing.
    if (changed.ok || changed.error.code === 'wrong_state') await redrawLeft(click, incident);
    return problemOf(changed);
  },
  enrolment_approve: async (click, { user }) => {
    await click.ack();
    const allowed = await approvableBy(click.edge.core, { ...byWhom(click), enrolled: user });
    return allowed.ok
      ? openWindow(click, enrolmentModal(click.edge.translator, user, await confirms(click)))
      : allowed.error;
  },
  lock_lift: async (click, { user }) => {
    await click.ack();
    const allowed = await liftableBy(click.edge.core, { ...byWhom(click), lockedUser: user });
    return allowed.ok
      ? openWindow(click, liftModal(click.edge.translator, user, await confirms(click)))
      : allowed.error;
  },
  decision_countersign: async (click, { waiting }) => {
    await click.ack();
    const preview = await previewCountersign(click.edge.core, byWhom(click), waiting);
    return preview.ok ? openWindow(click, countersignModal(click.edge.translator, preview.value)) : preview.error;
  },
  review_sign: async (click, { decision }) => {
    await click.ack();
    const preview = await previewReview(click.edge.core, byWhom(click), decision);
    return preview.ok
      ? openWindow(click, reviewModal(click.edge.translator, preview.value, await confirms(click)))
      : preview.error;
  },
  step_retry: async (click, { step }) => {
    const retried = await commands.retryStep(click.edge.core, stepClick(click, step));
    if (retried.ok || retried.error.code !== 'decide_anew') return problemOf(retried);
    return decideAnew(click, step);
  },
  step_tick: async (click, { step }) =>
    problemOf(await commands.completeManualStep(click.edge.core, stepClick(click, step))),
  step_undo: async (click, { step }) => openUndo(click, step),
  status_hold: async (click, { incident }) =>
    problemOf(await commands.holdOwn(click.edge.core, clicked(click, incident))),
};

/** Decodes a button's reference and runs its handler; anything not ours is a card from an older version. */
async function runButton(id: ButtonId, click: Click): Promise<Problem | null> {
  const [action] = click.body.actions;
  const payload = buttons[id].decode(action?.value ?? action?.selected_option?.value);
  if (payload === null) {
    click.edge.rejected('button', 'old_card');
    return refuse('outdated', phrase('problem.old_card')).error;
  }
  // The key ties the decoder to the handler; TypeScript cannot follow that through the lookup.
  const handle = handlers[id] as (click: Click, payload: unknown) => Promise<Problem | null>;
  return handle(click, payload);
}

/** Registers every button of the catalogue: the only place that does. */
export function listenToButtons(app: App, edge: Edge): void {
  for (const id of Object.keys(buttons) as ButtonId[]) {
    app.action(
      { type: 'block_actions', action_id: new RegExp(`^${id}(\\.|$)`) },
      async ({ ack, body, context, respond }) => {
        let acknowledged: Promise<void> | null = null;
        const click: Click = {
          edge,
          body: readPayload(clickPayload, body),
          context,
          respond,
          ack: () => (acknowledged ??= ack()),
        };
        const problem = await runButton(id, click);
        await click.ack();
        if (problem) await say(click, sayProblem(edge, problem));
      },
    );
  }
}
