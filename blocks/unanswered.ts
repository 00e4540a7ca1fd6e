import type { KnownBlock } from '@slack/types';
import type { AskedNotice } from '../src/notices/unanswered.js';
import { buttons, drawButton } from './interactions.js';
import { clip } from './limits.js';
import { actions, type Content, header, section, sections, type Translator } from './parts.js';
import { mention, mentionAll, moment, Mrkdwn } from '../src/texts/say.js';

/** How much of each person is shown in full, and how much of a message all of that may take. */
const EVENTS_SHOWN = 2;
const FULL_CHARS = 7_000;
const LINE_CHARS = 4_000;
const WORD_CHARS = 120;

export type SystemTitle = (system: string) => string;
type One = readonly AskedNotice[];

/** Neither the person nor an approver has said anything yet. */
export const isUnanswered = ({ answer, settled_at: settledAt }: AskedNotice): boolean =>
  answer === null && settledAt === null;

/** The channel has to be told: nobody has said anything, or whoever did may be an attacker. */
export const isToBeTold = (notice: AskedNotice): boolean => isUnanswered(notice) || notice.tells;

/** By person, in the order in which they are due. */
function byPerson(notices: readonly AskedNotice[]): readonly One[] {
  const people = new Map<string, AskedNotice[]>();
  for (const notice of notices) {
    const key = notice.person_id ?? notice.login;
    people.set(key, [...(people.get(key) ?? []), notice]);
  }
  return [...people.values()];
}

const oldest = (one: One): Date => new Date(Math.min(...one.map((notice) => notice.occurred_at.getTime())));
const nameOf = (one: One): string => clip(one[0]?.name ?? '', WORD_CHARS);

/** Of a report made elsewhere that only the channel is shown. */
const isListed = ({ taken }: AskedNotice): boolean => taken === 'listed';

function sayState({ say }: Translator, notice: AskedNotice): string {
  const { asked_at: asked, due_at: due } = notice;
  if (isListed(notice)) return say('unanswered.state.listed');
  if (due === null) return say('unanswered.state.undated');
  return asked === null
    ? say('unanswered.state.not_asked', { due: moment(due) })
    : say('unanswered.state.asked', { asked: moment(asked), due: moment(due) });
}

function sayEvent(translator: Translator, notice: AskedNotice, title: SystemTitle): string {
  const { say, plain } = translator;
  return say('unanswered.event', {
    system: title(notice.system),
    what: plain(`kind.${notice.kind}.short`),
    when: moment(notice.occurred_at),
    actor: clip(notice.actor ?? plain('notice.by_unknown'), WORD_CHARS),
    from: notice.ip ?? plain('unanswered.from_unknown'),
    login: clip(notice.login, WORD_CHARS),
    state: new Mrkdwn(sayState(translator, notice)),
  });
}

/** One person with the newest events, and the two possible actions. */
function personBlocks(translator: Translator, one: One, title: SystemTitle): KnownBlock[] {
  const { say, plain } = translator;
  const [first] = one;
  if (!first) return [];
  const name = nameOf(one);
  const incident = first.open_incident;
  const head =
    incident === null
      ? say('unanswered.person', { name })
      : say('unanswered.person.incident', { name, reference: incident });
  const shown = one.toSorted((a, b) => b.occurred_at.getTime() - a.occurred_at.getTime()).slice(0, EVENTS_SHOWN);
  const rest = one.length - shown.length;
  const more = rest === 0 ? [] : [say('unanswered.more_of_person', { count: rest, when: moment(oldest(one)) })];
  const way = (interaction: typeof buttons.unanswered_open, key: 'unanswered.open' | 'unanswered.settle') =>
    drawButton(
      interaction,
      { notice: first.id },
      { text: plain(key), label: plain('unanswered.label', { action: plain(key), name }) },
    );
  return [
    section([head, ...shown.map((notice) => sayEvent(translator, notice, title)), ...more].join('\n')),
    actions(`unanswered_${first.id}`, [
      way(buttons.unanswered_open, 'unanswered.open'),
      way(buttons.unanswered_settle, 'unanswered.settle'),
    ]),
  ];
}

/** Everybody who has not answered: in full while there is room, then a line each, then a count. Nobody is left out silently. */
export function unansweredPeople(
  translator: Translator,
  notices: readonly AskedNotice[],
  title: SystemTitle,
): KnownBlock[] {
  const full: KnownBlock[] = [];
  const lines: string[] = [];
  let uncounted = 0;
  for (const one of byPerson(notices)) {
    const line = translator.say('unanswered.line', { name: nameOf(one), count: one.length });
    if (lines.length === 0 && JSON.stringify(full).length < FULL_CHARS)
      full.push(...personBlocks(translator, one, title));
    else if (lines.join('\n').length < LINE_CHARS) lines.push(line);
    else uncounted += 1;
  }
  const more = uncounted === 0 ? [] : [translator.say('unanswered.more', { count: uncounted })];
  return [...full, ...sections([...lines, ...more])];
}

/** Who dealt with it and what the person said; where there are both, neither hides the other. */
function saySeen(translator: Translator, notice: AskedNotice, title: SystemTitle): string {
  const said = notice.answer === null ? [] : [sayAnswer(translator, notice, title)];
  const settled = notice.settled_at === null ? [] : [saySettled(translator, notice, title)];
  return [...settled, ...said].join('\n');
}

const factsOf = ({ plain }: Translator, notice: AskedNotice, title: SystemTitle, when: Date | null) => ({
  name: clip(notice.name, WORD_CHARS),
  system: title(notice.system),
  what: plain(`kind.${notice.kind}.short`),
  when: moment(when ?? notice.occurred_at),
});

function sayAnswer(translator: Translator, notice: AskedNotice, title: SystemTitle): string {
  const { say, plain } = translator;
  const { answer } = notice;
  const what = factsOf(translator, notice, title, notice.answered_at);
  const actor = clip(notice.actor ?? plain('notice.by_unknown'), WORD_CHARS);
  if (answer === 'me' && notice.proven_with !== null)
    return say('unanswered.seen.proven', { ...what, actor, proof: plain(`proof.${notice.proven_with}`) });
  if (answer === 'me' && notice.tells && notice.settled_at === null)
    return say('unanswered.seen.claimed', { ...what, actor });
  return say(answer === 'me' ? 'unanswered.seen.me' : 'unanswered.seen.not_me', what);
}

function saySettled(translator: Translator, notice: AskedNotice, title: SystemTitle): string {
  const { say } = translator;
  const { settled_by: by, opened } = notice;
  const what = factsOf(translator, notice, title, notice.settled_at);
  const whoBy = by === null ? '' : mention(by);
  return opened === null
    ? say('unanswered.seen.settled', { ...what, by: whoBy })
    : say('unanswered.seen.opened', { ...what, by: whoBy, reference: opened });
}

function seenBlocks(translator: Translator, seen: readonly AskedNotice[], title: SystemTitle): KnownBlock[] {
  const lines: string[] = [];
  // First those that the channel learns of in no other way.
  for (const notice of seen.toSorted((one, other) => Number(other.tells) - Number(one.tells))) {
    if (lines.join('\n').length > LINE_CHARS) break;
    lines.push(saySeen(translator, notice, title));
  }
  const rest = seen.length - lines.length;
  return sections(rest === 0 ? lines : [...lines, translator.say('unanswered.seen.more', { count: rest })]);
}

function sayText({ say, plain }: Translator, waiting: readonly AskedNotice[], title: SystemTitle): string {
  const [first] = waiting;
  if (!first) return say('unanswered.text.done');
  if (waiting.length > 1 || isListed(first))
    return say(`unanswered.text${listed(waiting)}`, { count: waiting.length, people: byPerson(waiting).length });
  return say('unanswered.text.one', {
    who: first.name,
    system: title(first.system),
    what: plain(`kind.${first.kind}.short`),
  });
}

/** Where nobody was asked, nobody has left anything unanswered. */
function listed(waiting: readonly AskedNotice[]): '' | '.listed' | '.mixed' {
  if (!waiting.some(isListed)) return '';
  return waiting.every(isListed) ? '.listed' : '.mixed';
}

function sayTitle({ plain }: Translator, waiting: readonly AskedNotice[]): string {
  if (waiting.length === 0) return plain('unanswered.title.done');
  const kind = listed(waiting);
  if (kind === '' && waiting.length === 1) return plain('unanswered.title.one');
  return plain(`unanswered.title${kind}`, { count: waiting.length });
}

/** The post in the security channel: counts and lists who has not answered; redrawn as they are dealt with. */
export function unansweredCard(
  translator: Translator,
  notices: readonly AskedNotice[],
  { title, onCall }: { readonly title: SystemTitle; readonly onCall: readonly string[] },
): Content {
  const { say } = translator;
  const waiting = notices.filter(isUnanswered);
  const seen = notices.filter((notice) => !isUnanswered(notice));
  return {
    text: sayText(translator, waiting, title),
    blocks: [
      header(sayTitle(translator, waiting)),
      ...(waiting.length === 0
        ? []
        : [section(say(`unanswered.intro${listed(waiting)}`, { who: mentionAll(onCall) }).trim())]),
      ...unansweredPeople(translator, waiting, title),
      ...seenBlocks(translator, seen, title),
    ],
  };
}
