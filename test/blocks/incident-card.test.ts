import { describe, expect, it } from '@jest/globals';
import { incidentCard } from '../../blocks/incident-card.js';
import { translatorOf } from '../../blocks/parts.js';
import { createDraw } from '../../jobs/handlers/draw.js';
import { DECISION_KINDS } from '../../src/ports/decision-kinds.js';
import type { ProvenAccount } from '../../src/incidents/proven-state.js';
import type { PostBody } from '../../src/incidents/post-body.js';
import type { Decision, Step } from '../../src/incidents/steps.js';
import type { IncidentView } from '../../src/incidents/view.js';
import { phrase } from '../../src/texts/phrase.js';
import { withOverrides } from '../../src/texts/say.js';
import { coreOver, noDatabase } from '../core.js';
import { STEP } from '../run-step/tries.js';

const translator = translatorOf(withOverrides({}));
const NOW = new Date('2026-03-10T09:00:00.000Z');
const AT = new Date('2026-03-10T08:00:00.000Z');

const ACCOUNT: ProvenAccount = {
  id: 'acc_1',
  system: 'okta',
  accountId: 'okta/ada',
  login: 'ada@meadow.example',
  state: null,
  problem: null,
  retired: false,
  readAt: AT,
  quarantined: false,
};
const DISABLED: ProvenAccount = {
  ...ACCOUNT,
  state: {
    enabled: false,
    locked: null,
    mustChangePassword: null,
    passwordChangedAt: null,
    twoStepRequired: null,
    loginRanges: null,
    protectedBecause: null,
    authority: null,
    adminRoles: null,
    use: null,
    readAt: AT,
  },
};
const DECISION: Decision = {
  id: 'dec_1',
  incident_id: 'inc_1',
  action: 'disable_account',
  reason: 'not hers',
  decided_by: 'U0BEA',
  decided_at: AT,
  plan_digest: null,
  proof: null,
  second: null,
  break_glass: null,
  review: null,
};
const step = (more: Partial<Step>): Step => ({ ...STEP, ...more });
const VERIFIED = step({ status: 'verified', accepted_at: AT, finished_at: AT });

type ViewParts = Omit<Partial<IncidentView>, 'incident' | 'person'> & {
  readonly incident?: Partial<IncidentView['incident']>;
  readonly person?: Partial<IncidentView['person']>;
};
const view = ({ incident, person, ...more }: ViewParts = {}): IncidentView => ({
  incident: {
    id: 'inc_1',
    reference: 'N-12',
    person_id: 'per_1',
    status: 'open',
    outcome: null,
    owner: null,
    opened_at: AT,
    closed_at: null,
    channel: 'C0SECURITY',
    card_ts: null,
    ...incident,
  },
  person: {
    id: 'per_1',
    slack_user_id: 'U0ADA',
    email: 'ada@meadow.example',
    name: 'Ada Okafor',
    title: null,
    manager: null,
    time_zone: 'Asia/Tokyo',
    ...person,
  },
  reports: [],
  elsewhere: [],
  accounts: [ACCOUNT],
  steps: [],
  decisions: [],
  waiting: [],
  onCall: [],
  systemTitle: (system) => system.toUpperCase(),
  now: NOW,
  ...more,
});

/** A text as it stands in JSON. */
const quoted = (words: string): string => JSON.stringify(words).slice(1, -1);
const said = (parts?: ViewParts): string => JSON.stringify(incidentCard(translator, view(parts)).blocks);
const text = (parts?: ViewParts): string => incidentCard(translator, view(parts)).text;

describe('whom the card is about', () => {
  it('is mentioned, with title, manager and the time on their clock', () => {
    const card = said({ person: { title: 'Head of Sales', manager: 'Eve' } });
    for (const part of ['<@U0ADA>', 'Head of Sales', 'Eve', 'Asia/Tokyo', '18:00']) expect(card).toContain(part);
  });

  it('is named when they have no Slack, and what is not known is said to be unknown', () => {
    const card = said({ person: { slack_user_id: null } });
    expect(card).toContain('Ada Okafor');
    expect(card).not.toContain('<@');
    expect(card).toContain(translator.plain('card.unknown'));
  });

  it('is shown with what they said, as their words', () => {
    const reports = [{ surface: 'dm', said: '*not me* <!channel>', reported_at: AT }];
    const card = said({ reports });
    expect(card).toContain('&lt;!channel&gt;');
    expect(card).not.toContain('<!channel>');
    expect(text({ reports })).toContain('N-12');
  });
});

describe('who is called', () => {
  it.each<[string, ViewParts, boolean]>([
    ['while nobody has it', {}, true],
    ['not once somebody has it', { incident: { owner: 'U0BEA' } }, false],
    ['not when it is closed', { incident: { status: 'closed', outcome: 'benign', closed_at: AT } }, false],
  ])('%s', (_when, parts, called) => {
    const onCall = ['U0CALL', 'U0NIGHT'];
    expect(text({ ...parts, onCall }).includes('<@U0CALL>')).toBe(called);
    expect(said({ ...parts, onCall }).includes('<@U0NIGHT>')).toBe(called);
  });

  it('is nobody when nobody is on call, and the card says so', () => {
    expect(said()).toContain(quoted(translator.say('card.owner.none_called')));
  });
});

describe('the accounts', () => {
  it.each<[string, readonly ProvenAccount[], readonly string[]]>([
    ['are being read', [], [translator.say('card.accounts.reading')]],
    ['are shown with their state', [DISABLED], ['OKTA', 'ada@meadow.example', 'disabled']],
    [
      'that were not found say why',
      [{ ...ACCOUNT, accountId: null, login: null, problem: 'no account there' }],
      ['OKTA', 'no account there'],
    ],
    [
      'that were known and cannot be read now say both',
      [{ ...DISABLED, problem: 'it is down' }],
      ['ada@meadow.example', 'it is down'],
    ],
  ])('%s', (_what, accounts, parts) => {
    const card = said({ accounts });
    for (const part of parts) expect(card).toContain(quoted(part));
  });
});

describe('what comes next', () => {
  it.each<[string, ViewParts, string]>([
    ['take it', {}, translator.say('card.next.take')],
    ['contain it', { incident: { owner: 'U0BEA' } }, translator.say('card.next.contain')],
    [
      'a failed step needs somebody',
      { steps: [step({ status: 'needs_human', finished_at: AT }), step({ id: 's2', action: 'revoke_sessions' })] },
      translator.say('card.next.human'),
    ],
    [
      'a running one is waited for',
      { steps: [step({ status: 'running' }), step({ id: 's2', action: 'quarantine', status: 'console' })] },
      translator.say('card.next.wait'),
    ],
    [
      'a manual step is for a person',
      { steps: [step({ status: 'console', finished_at: AT }), { ...VERIFIED, id: 's2', action: 'revoke_sessions' }] },
      translator.say('card.next.console'),
    ],
    [
      'what was never seen is looked at',
      { steps: [step({ status: 'accepted', accepted_at: AT, finished_at: AT })] },
      translator.say('card.next.unproven'),
    ],
    [
      'all is done: the person comes back',
      { steps: [VERIFIED] },
      translator.say('card.next.recover', { name: 'Ada Okafor' }),
    ],
    [
      'one that was undone elsewhere has failed',
      { steps: [{ ...VERIFIED, watch_verdict: 'does_not_hold' }] },
      translator.say('card.next.human'),
    ],
  ])('%s', (_what, parts, next) => {
    expect(said(parts)).toContain(quoted(next));
  });
});

describe('the steps', () => {
  it.each<[Step, string, string]>([
    [step({ status: 'waiting' }), ':white_circle:', translator.say('step.waiting')],
    [step({ status: 'retrying' }), ':repeat:', translator.say('step.retrying')],
    [step({ status: 'retrying', accepted_at: AT }), ':hourglass_flowing_sand:', translator.say('step.unproven')],
    [VERIFIED, ':white_check_mark:', translator.say('step.verified')],
    [
      step({ status: 'needs_human', accepted_at: AT, finished_at: AT }),
      ':warning:',
      translator.say('step.needs_human'),
    ],
  ])('%j', (one, icon, state) => {
    const card = said({ steps: [one] });
    expect(card).toContain(icon);
    expect(card).toContain(quoted(state));
  });

  it('have a line each up to twelve; more are gathered, one line a system', () => {
    const many = (count: number): Step[] =>
      Array.from({ length: count }, (_, index) => ({
        ...VERIFIED,
        id: `s${index}`,
        system: index % 2 === 0 ? 'okta' : 'scim',
      }));
    const lines = (count: number): number => said({ steps: many(count) }).split('OKTA').length - 1;
    expect([lines(12), lines(13)]).toEqual([6 + 1, 1 + 1]);
  });

  it('name an undo, and what was done to an account that is linked no more', () => {
    const undo = { ...VERIFIED, undo_of: 'stp_0' };
    expect(said({ steps: [undo] })).toContain('Undo');
    const unlinked = said({ steps: [{ ...VERIFIED, account_row: 'acc_0' }] });
    expect(unlinked).not.toBe(said({ steps: [VERIFIED] }));
  });
});

describe('the buttons', () => {
  const values = (parts?: ViewParts): string => said(parts);

  it('offer every decision once, on a button or in the menu', () => {
    const card = values({ accounts: [DISABLED] });
    const offered = DECISION_KINDS.filter((kind) => card.includes(translator.plain(`action.${kind}`)));
    expect(offered).toEqual(DECISION_KINDS);
  });

  it('offer to let somebody in only where an account is disabled', () => {
    const label = `"${translator.plain('action.enable_account')}"`;
    expect([values({ accounts: [DISABLED] }).includes(label), values().includes(label)]).toEqual([true, false]);
  });

  it('are gone once the incident is closed, and the card says how it ended and who had it', () => {
    const closed = { status: 'closed', outcome: 'wrong_person', closed_at: AT, owner: 'U0BEA' } as const;
    const card = values({ incident: closed });
    expect(card).not.toContain('"actions"');
    expect(card).toContain('<@U0BEA>');
    expect(card).toContain(translator.say('outcome.wrong_person').slice(0, 20));
    expect(values({ incident: { ...closed, owner: null } })).not.toContain('<@U0BEA>');
    expect(values({ incident: { ...closed, outcome: null } })).not.toContain('"context"');
  });
});

describe('a post is drawn from the store', () => {
  const { core } = coreOver(noDatabase);
  const draw = createDraw(core, translator);
  const drawn = async (body: PostBody, parts?: ViewParts): Promise<string> =>
    JSON.stringify(await draw(view(parts), body));
  const line = phrase('timeline.reopened');

  it.each<[PostBody['kind'], PostBody]>([
    ['card', { kind: 'card' }],
    ['status', { kind: 'status' }],
    ['line', { kind: 'line', phrase: line }],
    ['tell', { kind: 'tell', user: 'U0BEA', phrase: line }],
    ['offer', { kind: 'offer', phrase: line, actions: ['revoke_grants'] }],
    ['progress', { kind: 'progress', decision: 'dec_1', phrase: line }],
    ['progress', { kind: 'progress', decision: 'dec_1' }],
    ['step_line', { kind: 'step_line', phrase: line, step: 'stp_1', button: 'retry' }],
  ])('%s has a text and blocks', async (_kind, body) => {
    const message = await draw(view({ decisions: [DECISION], steps: [VERIFIED] }), body);
    expect(message?.text).not.toBe('');
    expect(message?.blocks.length).toBeGreaterThan(0);
  });

  it('is nothing when its decision is not there', async () => {
    expect(await draw(view(), { kind: 'progress', decision: 'dec_x' })).toBeNull();
  });

  const AFTER = { after_facts: 'sealed', status: 'verified' } as const;
  it.each<['retry' | 'tick' | 'undo', readonly Step[], ViewParts['incident'], boolean]>([
    ['retry', [step({ status: 'needs_human' })], {}, true],
    ['retry', [step({ status: 'queued' })], {}, false],
    ['retry', [step({ status: 'needs_human' })], { status: 'closed' }, false],
    ['retry', [], {}, false],
    ['tick', [step({ status: 'console' })], {}, true],
    ['tick', [step({ status: 'console_done' })], {}, false],
    ['undo', [step(AFTER)], {}, true],
    ['undo', [step({ ...AFTER, after_facts: null })], {}, false],
    ['undo', [step(AFTER), step({ id: 'stp_2', undo_of: 'stp_1', status: 'queued' })], {}, false],
    ['undo', [step(AFTER), step({ id: 'stp_2', undo_of: 'stp_1', status: 'needs_human' })], {}, true],
  ])('%s under a line of %j in %j: %s', async (button, steps, incident, there) => {
    const message = await drawn(
      { kind: 'step_line', phrase: line, step: 'stp_1', button },
      { steps, incident: incident ?? {} },
    );
    expect(message.includes('"type":"button"')).toBe(there);
  });

  it('offers nothing any more once the incident is closed', async () => {
    const offer: PostBody = { kind: 'offer', phrase: line, actions: ['revoke_grants'] };
    expect(await drawn(offer)).toContain('"type":"button"');
    expect(await drawn(offer, { incident: { status: 'closed' } })).not.toContain('"type":"button"');
  });
});

it('marks what was accepted as it is counted', () => {
  const accepted = step({ status: 'accepted', accepted_at: AT, finished_at: AT });
  const unproven = said({ steps: [accepted] });
  expect(unproven).toContain(':hourglass_flowing_sand:');
  expect(unproven).toContain(translator.plain('step.unproven'));
  const later = said({ steps: [{ ...accepted, result: { effectiveBy: AT.toISOString() } }] });
  expect(later).not.toContain(':hourglass_flowing_sand:');
  expect(later).toContain(translator.plain('step.accepted'));
});
