import type { HomeView } from '@slack/types';
import { buttons, drawButton } from './interactions.js';
import { actions, section, type Voice } from './parts.js';
import { mention, moment, Mrkdwn } from './texts/say.js';

export interface HomeData {
  readonly mine: readonly {
    readonly reference: string;
    readonly opened_at: Date;
    readonly status: 'open' | 'closed';
  }[];
  /** `null` for people who are no approvers. */
  readonly approver: {
    readonly open: readonly {
      readonly reference: string;
      readonly name: string;
      readonly opened_at: Date;
      readonly owner: string | null;
    }[];
    readonly systems: readonly string[];
    readonly enrolled: boolean;
  } | null;
}

/** App Home: one button for the frightened, the open incidents for approvers. */
export function homeView({ say, plain }: Voice, data: HomeData): HomeView {
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
      ...(data.approver ? approverBlocks({ say, plain }, data.approver) : []),
    ],
  };
}

function approverBlocks({ say, plain }: Voice, approver: NonNullable<HomeData['approver']>): HomeView['blocks'] {
  const open = approver.open.map((one) =>
    say('home.open.line', {
      reference: one.reference,
      name: one.name,
      when: moment(one.opened_at),
      owner: one.owner === null ? plain('card.unknown.owner') : mention(one.owner),
    }),
  );
  return [
    { type: 'divider' },
    section([say('home.open'), ...(open.length === 0 ? [say('home.open.none')] : open)].join('\n')),
    section(say('home.systems', { systems: approver.systems.join(', ') })),
    section(say(approver.enrolled ? 'home.code.enrolled' : 'home.code.missing')),
    actions('doctor', [drawButton(buttons.home_doctor, {}, { text: plain('home.doctor') })]),
  ];
}
