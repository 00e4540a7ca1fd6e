import type { HomeView, KnownBlock } from '@slack/types';
import type { AskedNotice } from '../src/notices/unanswered.js';
import type { Row } from '../src/ports/database.js';
import type { CodedKind } from '../src/ports/decision-kinds.js';
import { buttons, drawButton } from './interactions.js';
import { actions, section, type Translator } from './parts.js';
import type { Role } from '../src/ports/roles.js';
import { mention, mentionAll, moment, Mrkdwn } from '../src/texts/say.js';
import { type SystemTitle, unansweredPeople } from './unanswered.js';
import { sayUncoded } from './uncoded.js';

/** Who is in a role, by their Slack ids. */
export interface RoleTeam {
  readonly role: Role;
  readonly users: readonly string[];
}

export interface HomeData {
  readonly mine: readonly Row<'incidents', 'reference' | 'opened_at' | 'status'>[];
  /** `null` for people who are in no role that sees it. */
  readonly team: {
    readonly open: readonly {
      readonly reference: string;
      readonly name: string;
      readonly opened_at: Date;
      readonly owner: string | null;
      /** The channel in which its card is missing. */
      readonly cardless: string | null;
    }[];
    readonly unanswered: readonly AskedNotice[];
    readonly systemTitle: SystemTitle;
    readonly systems: readonly string[];
    /** `null`: needs no code, for they decide nothing. */
    readonly enrolled: boolean | null;
    /** Whether they may ask to enrol on the page. */
    readonly enrols: boolean;
    /** Whether they may have the linked systems examined. */
    readonly examines: boolean;
    readonly roles: readonly RoleTeam[];
    /** Decisions that need no one-time code. */
    readonly uncoded: readonly CodedKind[];
  } | null;
}

/** App Home: one button for frightened people, the open incidents and who is in which role for the team. */
export function homeView({ say, plain }: Translator, data: HomeData): HomeView {
  const mine = data.mine.map((one) =>
    say('home.mine.line', {
      reference: one.reference,
      when: moment(one.opened_at),
      state: new Mrkdwn(say(`status.state.${one.status}`)),
    }),
  );
  return {
    type: 'home',
    blocks: [
      section(say('home.intro')),
      actions('home', [drawButton(buttons.home_report, {}, { text: plain('home.report'), style: 'danger' })]),
      ...(mine.length === 0 ? [] : [section([say('home.mine'), ...mine].join('\n'))]),
      ...(data.team ? teamBlocks({ say, plain }, data.team) : []),
    ],
  };
}

function teamBlocks({ say, plain }: Translator, team: NonNullable<HomeData['team']>): HomeView['blocks'] {
  const open = team.open.flatMap((one) => [
    say('home.open.line', {
      reference: one.reference,
      name: one.name,
      when: moment(one.opened_at),
      owner: one.owner === null ? plain('card.unknown.owner') : mention(one.owner),
    }),
    ...(one.cardless === null ? [] : [say('home.open.no_card', { channel: one.cardless })]),
  ]);
  const uncoded = sayUncoded(say, team.uncoded);
  return [
    { type: 'divider' },
    section([say('home.open'), ...(open.length === 0 ? [say('home.open.none')] : open)].join('\n')),
    ...unansweredBlocks({ say, plain }, team),
    section(say('home.systems', { systems: team.systems.join(', ') })),
    ...(team.enrolled === null ? [] : [section(say(team.enrolled ? 'home.code.enrolled' : 'home.code.missing'))]),
    ...(team.enrols ? [actions('enrol', [drawButton(buttons.home_enrol, {}, { text: plain('home.enrol') })])] : []),
    ...(uncoded === null ? [] : [section(say('home.uncoded', { uncoded: new Mrkdwn(uncoded) }))]),
    section(sayTeam({ say, plain }, team.roles)),
    ...(team.examines
      ? [actions('doctor', [drawButton(buttons.home_doctor, {}, { text: plain('home.doctor') })])]
      : []),
  ];
}

/** Slack takes 3000 characters a section: more members than this of a role are counted. */
const MOST_NAMED = 20;

function sayTeam({ say, plain }: Translator, roles: readonly RoleTeam[]): string {
  const line = ({ role, users }: RoleTeam): string => {
    const more = users.length - MOST_NAMED;
    const who = mentionAll(users.slice(0, MOST_NAMED));
    return say('home.roles.line', {
      role: plain(`role.${role}`),
      who: users.length === 0 ? plain('roles.nobody') : more > 0 ? new Mrkdwn(`${who.value} +${more}`) : who,
    });
  };
  return [say('home.roles'), ...roles.map(line)].join('\n');
}

function unansweredBlocks(
  translator: Translator,
  { unanswered, systemTitle }: NonNullable<HomeData['team']>,
): KnownBlock[] {
  const { length: count } = unanswered;
  if (count === 0) return [section(translator.say('unanswered.home.none'))];
  return [
    section(translator.say('unanswered.home', { count })),
    ...unansweredPeople(translator, unanswered, systemTitle),
  ];
}
