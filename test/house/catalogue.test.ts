import { describe, expect, it } from '@jest/globals';
import { buttons } from '../../blocks/interactions.js';
import { REPORT_KINDS } from '../../blocks/modals/report.js';
import { en } from '../../blocks/texts/en.js';
import { placeholdersOf } from '../../blocks/texts/say.js';
import { DECISION_KINDS } from '../../blocks/decisions.js';
import { TASK_KEYS, TASK_MOVES } from '../../blocks/tasks.js';
import { ODDITY_REASONS } from '../../src/incidents/suspicion.js';
import { TASK_STATES } from '../../src/incidents/tasks.js';
import { catalogue } from '../../jobs/containment/catalogue.js';
import { leaves } from '../../src/config/leaves.js';
import { ACTION_KINDS, EVIDENCE_SECTIONS, type ConnectorFailure, type SystemEvent } from '../../src/connectors/port.js';
import { OUTCOMES } from '../../src/incidents/incident.js';
import { STEP_STATES } from '../../src/incidents/steps.js';
import { SURFACES } from '../../src/reports/report.js';
import { allMatches, appFiles } from './source.js';

const code = appFiles().filter(({ path }) => path !== 'blocks/texts/en.ts');
const text = code.map((file) => file.text).join('\n');
const keys = Object.keys(en);

const literal = new Set(allMatches(text, /'([a-z_]+(?:\.[a-z_]+)+)'/g));

const EVENT_KINDS: readonly SystemEvent['kind'][] = ['password_reset', 'sign_in', 'two_step_changed'];
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
  ['action.', [...DECISION_KINDS, 'undo']],
  ['action.', ACTION_KINDS, '.does'],
  ['undo.', ACTION_KINDS],
  ['step.', STEP_STATES],
  ['outcome.', OUTCOMES],
  ['status.closed.', OUTCOMES],
  ['status.state.', ['open', 'closed']],
  ['surface.', SURFACES],
  ['modal.report.what.', REPORT_KINDS],
  ['kind.', EVENT_KINDS],
  ['kind.', EVENT_KINDS, '.short'],
  ['failure.', FAILURE_KINDS],
  ['mail.notice.', EVENT_KINDS],
  ['page.open.', EVENT_KINDS],
  ['section.', EVIDENCE_SECTIONS],
  ['oddity.', ODDITY_REASONS.map((reason) => reason.slice('oddity.'.length))],
  ['task.', TASK_KEYS],
  ['tasks.', TASK_STATES],
  ['tasks.move.', TASK_MOVES],
  ['timeline.task.', TASK_MOVES],
  ['doctor.subject.', ['reach', 'sign_in', 'find', 'events', 'evidence']],
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

describe('the catalogue of containment actions', () => {
  it('knows each action that a connector may be asked for by its own name', () => {
    expect(Object.keys(catalogue).toSorted()).toEqual([...ACTION_KINDS].toSorted());
    for (const kind of ACTION_KINDS) expect(catalogue[kind].kind).toBe(kind);
  });

  it('lets a button carry, and configuration name, every decision', () => {
    const incident = `inc_${'0'.repeat(32)}`;
    expect([...DECISION_KINDS].toSorted()).toEqual([...ACTION_KINDS, 'lockdown'].toSorted());
    for (const action of DECISION_KINDS) {
      const sent = buttons.incident_action.encode({ incident, action });
      expect(buttons.incident_action.decode(sent)).toEqual({ incident, action });
      expect(leaves.decision.safeParse(action).success).toBe(true);
    }
  });
});
