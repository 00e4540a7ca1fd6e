import { beforeAll, describe, expect, it } from '@jest/globals';
import { buttons, modals } from '../../blocks/interactions.js';
import { DECISION_KINDS } from '../../src/ports/decision-kinds.js';
import { RULES } from './expected.js';
import type { FamilyName } from './families.js';
import { GROUNDS } from './grounds.js';
import { INTERACTIONS } from './interactions.js';
import { GROUND_RULES, JOB_KINDS } from './job-expected.js';
import { JOB_NAMES } from './jobs.js';
import { LINK_NAMES } from './links.js';
import { sampleOfEach, tryCells } from './matrix.js';
import { WAY_NAMES } from './page-calls.js';
import { EXPECTED_WAYS, PAGE_RULES } from './page-expected.js';

/** How many of each kind are tried here; `npm run matrix` tries all. */
const SIZES: Readonly<Record<FamilyName, number>> = { deliveries: 620, pages: 220, jobs: 12, parallel: 8 };
const SIZE = Object.values(SIZES).reduce((sum, size) => sum + size, 0);
const SAMPLE = sampleOfEach(SIZES, 'notme');

describe('the matrix of interaction, role and state', () => {
  let tried: Awaited<ReturnType<typeof tryCells>>;
  beforeAll(async () => {
    tried = await tryCells(SAMPLE);
  }, 480_000);

  it('tries whatever the app listens to', () => {
    const listens = [...new Set([...INTERACTIONS.keys()].map((name) => name.split(' ').slice(0, 2).join(' ')))];
    expect(listens.toSorted()).toEqual([...tried.registered].toSorted());
  });

  it('has a line in the expected table for each interaction, and none for another', () => {
    expect(Object.keys(RULES).toSorted()).toEqual([...INTERACTIONS.keys()].toSorted());
    const choices = (kind: string): readonly string[] =>
      Object.keys(RULES).filter((name) => name.startsWith(`${kind} `));
    for (const kind of ['action incident_action', 'action incident_more', 'view decide'])
      expect(choices(kind).filter((name) => name.split(' ').length === 3)).toHaveLength(DECISION_KINDS.length);
    expect(
      Object.keys(buttons).filter((id) => choices(`action ${id}`).length === 0 && !(`action ${id}` in RULES)),
    ).toEqual([]);
    expect(Object.keys(modals).filter((id) => choices(`view ${id}`).length === 0 && !(`view ${id}` in RULES))).toEqual(
      [],
    );
  });

  it('has a line for whatever a link may be for, and for each way to call its page', () => {
    expect(Object.keys(PAGE_RULES).toSorted()).toEqual(LINK_NAMES.toSorted());
    expect(EXPECTED_WAYS.toSorted()).toEqual(WAY_NAMES.toSorted());
  });

  it('has a line for whatever waits in the queue, and for whatever may change meanwhile', () => {
    expect(
      Object.keys(JOB_KINDS)
        .map((kind) => `job run_step: ${kind}`)
        .toSorted(),
    ).toEqual(JOB_NAMES.toSorted());
    expect(Object.keys(GROUND_RULES).toSorted()).toEqual(Object.keys(GROUNDS).toSorted());
  });

  it('is sampled alike at every run', () => {
    expect(SAMPLE).toHaveLength(SIZE);
    expect(sampleOfEach(SIZES, 'notme')).toEqual(SAMPLE);
    expect(sampleOfEach(SIZES, 'another')).not.toEqual(SAMPLE);
  });

  it('finds no effect that nobody expects, none that is left out, and no refusal without an entry', () => {
    expect(tried.findings).toEqual([]);
    const { refused, allowed, tried: count } = tried.outcome;
    expect(refused).toBeGreaterThan(100);
    expect(allowed).toBeGreaterThan(100);
    expect(refused + allowed).toBe(count);
  });
});
