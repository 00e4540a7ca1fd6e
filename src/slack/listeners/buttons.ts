import type { App, RespondFn } from '@slack/bolt';
import type { Context } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type * as z from 'zod';
import { type ButtonId, buttons } from '../../../blocks/interactions.js';
import { closeModal } from '../../../blocks/modals/close.js';
import { decideModal } from '../../../blocks/modals/decide.js';
import { reportModal } from '../../../blocks/modals/report.js';
import { linksModal } from '../../../blocks/modals/links.js';
import { undoModal } from '../../../blocks/modals/undo.js';
import { phrase } from '../../../blocks/texts/phrase.js';
import { requestWork } from '../../../jobs/outbox.js';
import { checkApprover, mayDecide } from '../../approvals/policy.js';
import { previewDecision } from '../../approvals/preview.js';
import { recordRefusal } from '../../approvals/refusals.js';
import { retryStep, tickStep } from '../../approvals/step-buttons.js';
import { previewUndo } from '../../approvals/undo.js';
import { takeIncident } from '../../incidents/close.js';
import type { Core } from '../../core.js';
import { askForLook } from '../../incidents/look-again.js';
import { incidentById, OUTCOMES } from '../../incidents/incident.js';
import { stepById } from '../../incidents/steps.js';
import { personById } from '../../incidents/people.js';
import { previewLinks } from '../../incidents/links.js';
import { changeTask, startTasks } from '../../incidents/tasks.js';
import { answerNotice } from '../../notices/answer.js';
import { noticeById } from '../../notices/notice.js';
import { type Problem, refuse } from '../../problem.js';
import { reporterOf, reportNotMe } from '../../reports/report.js';
import type { Result } from '../../result.js';
import { showDoctor } from './doctor.js';
import { clickPayload } from './payloads.js';
import { correlationOf, type Edge, openModal, openReport, originOf, sayProblem, whisper } from './shared.js';

type PayloadOf<K extends ButtonId> = (typeof buttons)[K] extends { decode(raw: unknown): infer T | null } ? T : never;

interface Click {
  readonly edge: Edge;
  readonly body: z.output<typeof clickPayload>;
  readonly context: Context;
  /** Not there for a click in App Home. */
  readonly respond: RespondFn | undefined;
}

type Handlers = { readonly [K in ButtonId]: (click: Click, payload: PayloadOf<K>) => Promise<Problem | null> };

const problemOf = (result: Result<unknown, Problem>): Problem | null => (result.ok ? null : result.error);

async function answer(click: Click, noticeId: string, given: 'not_me' | 'me'): Promise<Problem | null> {
  const { core, voice } = click.edge;
  const person = await reporterOf(core, click.body.user.id);
  if (!person.ok) return person.error;
  const notice = await noticeById(core.db, core.workspaceId, noticeId);
  if (!notice) return refuse(phrase('problem.old_card')).error;
  const said = voice.plain(`kind.${notice.kind}.short`);
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

/** Whether the clicker may manage this incident; a refused try is recorded. */
async function mayManage(click: Click, incidentId: string, action: string): Promise<Result<null, Problem>> {
  const { core } = click.edge;
  const incident = await incidentById(core.db, core.workspaceId, incidentId);
  const person = incident && (await personById(core.db, core.workspaceId, incident.person_id));
  if (!person) return refuse(phrase('problem.unknown_incident'));
  const allowed = await mayDecide(core, click.body.user.id, person);
  if (!allowed.ok) {
    const attempt = {
      incidentId,
      action,
      actor: click.body.user.id,
      origin: originOf(click.context, 'button', click.body.channel?.id),
    };
    await recordRefusal(core, attempt, allowed.error);
  }
  return allowed;
}

async function openDecision(
  click: Click,
  incidentId: string,
  action: PayloadOf<'incident_action'>['action'],
): Promise<Problem | null> {
  const preview = await previewDecision(click.edge.core, incidentId, action, click.body.user.id);
  if (!preview.ok) {
    if (preview.error.phrase.key !== 'problem.unknown_incident') await mayManage(click, incidentId, action);
    return preview.error;
  }
  return openWindow(click, decideModal(click.edge.voice, preview.value));
}

async function incidentOfStep(core: Core, step: string): Promise<string | null> {
  return (await stepById(core.db, core.workspaceId, step))?.incident_id ?? null;
}

/** Opens a window, or says that it came too late. */
async function openWindow(click: Click, view: ModalView): Promise<Problem | null> {
  const viewId = await openModal(click.edge, click.body.trigger_id ?? '', view);
  return viewId === null ? refuse(phrase('problem.too_late')).error : null;
}

const stepClick = (click: Click, step: string) => ({
  stepId: step,
  actor: click.body.user.id,
  origin: originOf(click.context, 'button', click.body.channel?.id),
});

const handlers: Handlers = {
  notice_not_me: (click, { notice }) => answer(click, notice, 'not_me'),
  notice_me: (click, { notice }) => answer(click, notice, 'me'),
  ask_yes: async (click, { message, said = '' }) => {
    const { core, voice } = click.edge;
    const person = await reporterOf(core, click.body.user.id);
    if (!person.ok) return person.error;
    const sourceKey = `ask_${click.body.channel?.id ?? ''}_${message}`;
    const origin = originOf(click.context, 'dm', click.body.channel?.id);
    const { incident, opened } = await reportNotMe(core, person.value, {
      surface: 'dm',
      said: said.trim() === '' ? voice.plain('ask.yes') : said,
      noticeId: null,
      sourceKey,
      origin,
    });
    // The report is written; an answer that fails must not read as if it were not.
    await click
      .respond?.({
        replace_original: true,
        text: voice.say(opened ? 'report.opened' : 'report.merged', { reference: incident.reference }),
      })
      .catch((error: unknown) => click.edge.log.warn({ err: error }, 'a reporter could not be answered'));
    return null;
  },
  ask_no: async (click) => {
    await click.respond?.({ replace_original: true, text: click.edge.voice.say('ask.no_answer') });
    return null;
  },
  home_report: async (click) => {
    const to = { trigger: click.body.trigger_id ?? '', user: click.body.user.id };
    await openReport(click.edge, to, reportModal(click.edge.voice, { surface: 'home', quoted: null }));
    return null;
  },
  home_doctor: async (click) => {
    const { core } = click.edge;
    const allowed = await checkApprover(core, click.body.user.id);
    if (!allowed.ok) return allowed.error;
    await showDoctor(click.edge, click.body.trigger_id ?? '', {
      actor: click.body.user.id,
      correlationId: correlationOf(click.context),
    });
    return null;
  },
  incident_action: (click, { incident, action }) => openDecision(click, incident, action),
  incident_more: (click, { incident, action }) => openDecision(click, incident, action),
  incident_take: async (click, { incident }) => {
    const allowed = await mayManage(click, incident, 'take');
    if (!allowed.ok) return allowed.error;
    return problemOf(
      await takeIncident(
        click.edge.core,
        incident,
        click.body.user.id,
        originOf(click.context, 'button', click.body.channel?.id),
      ),
    );
  },
  incident_close: async (click, { incident }) => {
    const allowed = await mayManage(click, incident, 'close');
    if (!allowed.ok) return allowed.error;
    return openWindow(click, closeModal(click.edge.voice, incident, OUTCOMES));
  },
  incident_links: async (click, { incident }) => {
    const allowed = await mayManage(click, incident, 'links');
    if (!allowed.ok) return allowed.error;
    const preview = await previewLinks(click.edge.core, incident);
    if (!preview) return refuse(phrase('problem.unknown_incident')).error;
    return openWindow(click, linksModal(click.edge.voice, incident, preview));
  },
  incident_look: async (click, { incident }) => {
    const allowed = await mayManage(click, incident, 'look');
    if (!allowed.ok) return allowed.error;
    const { core, voice } = click.edge;
    const actor = click.body.user.id;
    const origin = originOf(click.context, 'button', click.body.channel?.id);
    const asked = await askForLook(core, { incidentId: incident, actor, origin });
    if (asked.ok) await whisper(click.edge, { respond: click.respond, user: actor }, voice.say('look.asked'));
    return problemOf(asked);
  },
  incident_tasks: async (click, { incident }) => {
    const allowed = await mayManage(click, incident, 'tasks');
    if (!allowed.ok) return allowed.error;
    return problemOf(
      await startTasks(click.edge.core, incident, originOf(click.context, 'button', click.body.channel?.id)),
    );
  },
  task_move: async (click, { incident, task, move }) => {
    const allowed = await mayManage(click, incident, `task.${move}`);
    if (!allowed.ok) return allowed.error;
    const origin = originOf(click.context, 'button', click.body.channel?.id);
    const change = { incidentId: incident, task, move, actor: click.body.user.id, origin };
    return problemOf(await changeTask(click.edge.core, change));
  },
  step_retry: async (click, { step }) => problemOf(await retryStep(click.edge.core, stepClick(click, step))),
  step_tick: async (click, { step }) => problemOf(await tickStep(click.edge.core, stepClick(click, step))),
  step_undo: async (click, { step }) => {
    const preview = await previewUndo(click.edge.core, step, click.body.user.id);
    if (!preview.ok) {
      const incidentId = await incidentOfStep(click.edge.core, step);
      if (incidentId !== null) await mayManage(click, incidentId, 'undo');
      return preview.error;
    }
    return openWindow(click, undoModal(click.edge.voice, preview.value));
  },
};

/** Decodes a button's reference and runs its handler; what is not ours is a card from an older version. */
async function runButton(id: ButtonId, click: Click): Promise<Problem | null> {
  const [action] = click.body.actions;
  const payload = buttons[id].decode(action?.value ?? action?.selected_option?.value);
  if (payload === null) {
    click.edge.rejected('button', 'old_card');
    return refuse(phrase('problem.old_card')).error;
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
        const click: Click = { edge, body: clickPayload.parse(body), context, respond };
        // Modals need their trigger within three seconds, so nothing here waits for anything but the store.
        const problem = await runButton(id, click);
        await ack();
        if (problem) await whisper(edge, { respond, user: click.body.user.id }, sayProblem(edge, problem));
      },
    );
  }
}
