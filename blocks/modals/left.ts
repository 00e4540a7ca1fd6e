import type { ModalView } from '@slack/types';
import type { Step } from '../../src/incidents/steps.js';
import type { Task } from '../../src/incidents/tasks.js';
import type { IncidentView } from '../../src/incidents/view.js';
import { sayAction } from '../incident-card.js';
import { context, section, sections, type Translator } from '../parts.js';
import { remainingOf } from '../../src/incidents/step-standing.js';
import { taskList } from '../task-list.js';
import { Mrkdwn } from '../../src/texts/say.js';

export interface Left {
  readonly view: IncidentView;
  readonly tasks: readonly Task[];
  /** The link to the step's own post, with what to click; `null` when it is not known. */
  readonly linkOf: (step: Step) => string | null;
}

/** What waits for a person: the most urgent first. A step that runs automatically waits for nobody. */
const KINDS = ['failed', 'manual', 'unproven'] as const;

/**
 * The window behind *Runbook*: what is left to do by hand, the steps with links to their posts, the tasks with their
 * menus.
 */
export function leftModal(translator: Translator, { view, tasks, linkOf }: Left): ModalView {
  const { say, plain } = translator;
  const { steps } = remainingOf(view, tasks);
  const line = (kind: (typeof KINDS)[number], step: Step): string => {
    const link = linkOf(step);
    return say(`left.${kind}`, {
      system: view.systemTitle(step.system),
      action: new Mrkdwn(sayAction(say, view, step)),
      link: link === null ? '' : new Mrkdwn(` <${link}|${say('left.link')}>`),
    });
  };
  const lines = KINDS.flatMap((kind) => steps[kind].map((step) => line(kind, step)));
  return {
    type: 'modal',
    callback_id: 'left',
    title: { type: 'plain_text', text: plain('left.title') },
    close: { type: 'plain_text', text: plain('modal.ok') },
    blocks: [
      ...(lines.length === 0 ? [section(say('left.no_step'))] : sections([say('left.steps'), ...lines])),
      ...taskList(translator, view, tasks).blocks,
      context(say('left.thread')),
    ],
  };
}
