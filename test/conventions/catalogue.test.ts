import { describe, expect, it } from '@jest/globals';
import { buttons } from '../../blocks/interactions.js';
import { REPORT_KINDS } from '../../blocks/modals/report.js';
import { en } from '../../src/texts/en.js';
import { placeholdersOf } from '../../src/texts/say.js';
import { CODED_KINDS, DECISION_KINDS, TARGET_KINDS } from '../../src/ports/decision-kinds.js';
import { MAIL_TROUBLES } from '../../src/notices/refused-mail.js';
import { TASK_KEYS, TASK_MOVES } from '../../src/incidents/task-keys.js';
import { ANOMALY_REASONS } from '../../src/incidents/indicator.js';
import { TASK_STATES } from '../../src/incidents/tasks.js';
import { leaves } from '../../src/main/config/leaves.js';
import {
  ACTION_KINDS,
  EVIDENCE_SECTIONS,
  REPORT_KINDS as MADE_ELSEWHERE,
  RISK_LEVELS,
  type ConnectorFailure,
  type SystemEvent,
} from '../../src/ports/connector.js';
import { OUTCOMES } from '../../src/incidents/incident.js';
import { STEP_STATES } from '../../src/incidents/steps.js';
import { OPEN_STANDINGS } from '../../src/incidents/step-standing.js';
import { SURFACES } from '../../src/reports/report.js';
import { allMatches, appFiles } from './source.js';

const code = appFiles().filter(({ path }) => path !== 'src/texts/en.ts');
const text = code.map((file) => file.text).join('\n');
const keys = Object.keys(en);

const literal = new Set(allMatches(text, /'([a-z_]+(?:\.[a-z_]+)+)'/g));

const EVENT_KINDS: readonly SystemEvent['kind'][] = [
  ...(['password_reset', 'sign_in', 'two_step_changed'] as const),
  ...MADE_ELSEWHERE,
];
const FAILURE_KINDS: readonly ConnectorFailure['kind'][] = [
  'auth',
  'permission',
  'protected_account',
  'not_found',
  'ambiguous',
  'conflict',
  'invalid_input',
  'throttled',
  'licence',
  'unsupported',
  'transient',
  'unknown_outcome',
];

/** The pages that say one thing each: what became of a link, or why a post was refused. */
const PAGES = ['used', 'expired', 'unknown', 'refused', 'malformed'];

/** The keys that code builds from a prefix, and what it puts behind it. */
const BUILT: readonly (readonly [before: string, members: readonly string[], after?: string])[] = [
  ['action.', [...CODED_KINDS, 'undo', 'self_hold']],
  ['action.', ACTION_KINDS, '.does'],
  ['undo.', ACTION_KINDS],
  ['step.', STEP_STATES],
  ['announce.roles.', ['in', 'out']],
  ['outcome.', OUTCOMES],
  ['status.closed.', OUTCOMES],
  ['status.closed.compromised.', ['open', 'nothing']],
  ['residual.', ['untouched', 'signed_out']],
  ['modal.action.doubt.', ['disabled', 'already']],
  ['progress.rest.', OPEN_STANDINGS],
  ['modal.close.open.', OPEN_STANDINGS],
  ['closed_open.', OPEN_STANDINGS],
  ['status.state.', ['open', 'closed']],
  ['surface.', SURFACES],
  ['modal.report.what.', REPORT_KINDS],
  ['kind.', EVENT_KINDS],
  ['kind.', EVENT_KINDS, '.short'],
  ['failure.', FAILURE_KINDS],
  ['elsewhere.', MADE_ELSEWHERE],
  ['elsewhere.level.', RISK_LEVELS],
  ['unanswered.title', ['', '.listed', '.mixed']],
  ['unanswered.intro', ['', '.listed', '.mixed']],
  ['unanswered.text', ['', '.listed', '.mixed']],
  ['mail.notice.', EVENT_KINDS],
  ['page.open.', EVENT_KINDS],
  ['section.', EVIDENCE_SECTIONS],
  ['anomaly.', ANOMALY_REASONS.map((reason) => reason.slice('anomaly.'.length))],
  ['task.', TASK_KEYS],
  ['tasks.', TASK_STATES],
  ['tasks.move.', TASK_MOVES],
  ['timeline.task.', TASK_MOVES],
  ['timeline.', ['opened', 'merged', 'added']],
  ['help.how.', ['command', 'mention']],
  ['left.', ['failed', 'manual', 'unproven']],
  ['problem.standing.', ['guest', 'single_channel_guest', 'deactivated', 'stranger', 'elsewhere', 'app', 'unknown']],
  ['role.', ['responder', 'approver', 'administrator', 'auditor']],
  [
    'doctor.subject.',
    ['reach', 'sign_in', 'clock', 'find', 'events', 'reports', 'evidence', 'channel', 'cards', 'approvers', 'mail'],
  ],
  ['mail_trouble.', MAIL_TROUBLES],
  ['channel.', ['not_in_channel', 'is_archived', 'channel_not_found', 'restricted', 'shared_outside', 'public']],
  ['proof.', ['totp', 'passkey', 'recovery']],
  ['problem.code.', ['not_enrolled', 'unreadable', 'malformed', 'replayed', 'used', 'ended']],
  ['quorum.because.', TARGET_KINDS],
  ['approvers.alone.', TARGET_KINDS],
  ['quorum.state.', ['decided', 'expired', 'outdated', 'closed']],
  ['announce.', ['enrolled', 'enrolled_again', 'removed']],
  ['announce.', ['enrolled', 'enrolled_again', 'removed'], '.you'],
  ['problem.passkey.', ['unknown', 'used', 'expired', 'address', 'insecure']],
  ['passkey.', ['registered', 'confirmed', 'proven'], '.title'],
  ['passkey.', ['registered', 'confirmed', 'proven'], '.text'],
  ['page.', PAGES, '.title'],
  ['page.', PAGES, '.text'],
];
const built = BUILT.flatMap(([before, members, after = '']) => members.map((member) => `${before}${member}${after}`));

describe('the catalogue of texts', () => {
  it('holds no text that no code says', () => {
    expect(keys.filter((key) => !literal.has(key) && !built.includes(key))).toEqual([]);
  });

  it('writes placeholders in one way, without stray braces', () => {
    for (const [key, value] of Object.entries(en)) {
      const rest = placeholdersOf(value).reduce((left, name) => left.replaceAll(`{${name}}`, ''), value);
      expect({ key, braces: rest.match(/[{}]/g) }).toEqual({ key, braces: null });
    }
  });

  it('has every text that a key is built for', () => {
    expect(built.filter((key) => !keys.includes(key))).toEqual([]);
    const rooms = new Set(keys.map((key) => key.split('.')[0]));
    const prefixes = allMatches(text, /\b(?:say|plain|text|phrase)\(`([a-z_.]+\.)\$\{/g).filter((prefix) =>
      rooms.has(prefix.split('.')[0]),
    );
    expect(prefixes.filter((prefix) => !BUILT.some(([before]) => before === prefix))).toEqual([]);
  });
});

describe('the containment actions', () => {
  it('lets a button carry, and configuration name, every decision', () => {
    const incident = `inc_${'0'.repeat(32)}`;
    for (const action of DECISION_KINDS) {
      const sent = buttons.incident_action.encode({ incident, action });
      expect(buttons.incident_action.decode(sent)).toEqual({ incident, action });
      expect(leaves.decision.safeParse(action).success).toBe(true);
    }
  });
});
