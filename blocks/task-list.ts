import type { SectionBlock } from '@slack/types';
import type { IncidentView } from '../src/incidents/view.js';
import type { Task } from '../src/incidents/tasks.js';
import { buttons } from './interactions.js';
import { type Content, option, section, type Translator } from './parts.js';
import type { TaskMove } from '../src/incidents/task-keys.js';
import { mention, moment, Mrkdwn } from '../src/texts/say.js';

const ICONS: Readonly<Record<Task['status'], string>> = {
  open: ':white_circle:',
  done: ':white_check_mark:',
  not_needed: ':heavy_minus_sign:',
};

const MOVES: Readonly<Record<Task['status'], readonly TaskMove[]>> = {
  open: ['take', 'done', 'not_needed'],
  done: ['reopen'],
  not_needed: ['reopen'],
};

/** The runbook's tasks for people, each with its owner and its possible moves; redrawn as they change. */
export function taskList(translator: Translator, view: IncidentView, tasks: readonly Task[]): Content {
  const done = tasks.filter(({ status }) => status !== 'open').length;
  const title = translator.say('tasks.title', { done, total: tasks.length });
  return { text: title, blocks: [section(title), ...tasks.map((task) => taskLine(translator, view, task))] };
}

function taskLine({ say, plain }: Translator, view: IncidentView, task: Task): SectionBlock {
  const name = new Mrkdwn(say(`task.${task.task}`));
  const owner = task.owner === null ? say('tasks.nobody') : mention(task.owner);
  const line = section(
    say('tasks.line', {
      icon: new Mrkdwn(ICONS[task.status]),
      task: name,
      state: new Mrkdwn(say(`tasks.${task.status}`)),
      owner,
      since: task.owner === null ? '' : new Mrkdwn(say('tasks.since', { when: moment(task.changed_at) })),
    }),
  );
  if (view.incident.status === 'closed') return line;
  const options = MOVES[task.status].map((move) =>
    option(
      plain(`tasks.move.${move}`),
      buttons.task_move.encode({ incident: view.incident.id, task: task.task, move }),
    ),
  );
  return { ...line, accessory: { type: 'overflow', action_id: `${buttons.task_move.id}.${task.task}`, options } };
}
