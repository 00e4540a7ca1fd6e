import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TASK_KEYS } from '../../src/incidents/task-keys.js';
import { ACTION_KINDS } from '../../src/ports/connector.js';
import { RUNBOOK } from '../../src/containment/runbook.js';
import { runbookPage } from '../../src/main/docs/runbook-page.js';

describe('the runbook', () => {
  it('has 26 steps in their order, each with a way to carry it out', () => {
    expect(RUNBOOK.map(({ number }) => number)).toEqual(Array.from({ length: 26 }, (_, index) => index + 1));
    expect(RUNBOOK.filter(({ means }) => means.length === 0)).toEqual([]);
  });

  it('has every action', () => {
    const named = new Set(
      RUNBOOK.flatMap(({ means }) => means.flatMap((one) => (one.kind === 'actions' ? one.actions : []))),
    );
    expect(ACTION_KINDS.filter((kind) => !named.has(kind))).toEqual([]);
  });

  it('has every task of the thread once', () => {
    const tasks = RUNBOOK.flatMap(({ means }) => means.flatMap((one) => (one.kind === 'task' ? [one.task] : [])));
    expect(tasks.toSorted()).toEqual([...TASK_KEYS].toSorted());
  });

  it('stands in docs/runbook.md as the code has it (npx tsx src/main/docs/write-runbook.ts)', () => {
    expect(readFileSync('docs/runbook.md', 'utf8')).toBe(runbookPage());
  });
});
