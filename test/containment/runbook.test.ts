import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TASK_KEYS } from '../../blocks/tasks.js';
import { catalogue } from '../../jobs/containment/catalogue.js';
import { RUNBOOK } from '../../jobs/containment/runbook.js';
import { runbookPage } from '../../jobs/containment/runbook-page.js';

describe('the runbook', () => {
  it('has 26 steps in their order, each with a way to carry it out', () => {
    expect(RUNBOOK.map(({ number }) => number)).toEqual(Array.from({ length: 26 }, (_, index) => index + 1));
    expect(RUNBOOK.filter(({ means }) => means.length === 0)).toEqual([]);
  });

  it('names every action under the steps that the action names', () => {
    for (const action of Object.values(catalogue)) {
      const named = RUNBOOK.filter(({ means }) =>
        means.some((one) => one.kind === 'actions' && one.actions.includes(action.kind)),
      ).map(({ number }) => number);
      expect({ action: action.kind, steps: named }).toEqual({ action: action.kind, steps: [...action.runbook] });
    }
  });

  it('has every task of the thread once', () => {
    const tasks = RUNBOOK.flatMap(({ means }) => means.flatMap((one) => (one.kind === 'task' ? [one.task] : [])));
    expect(tasks.toSorted()).toEqual([...TASK_KEYS].toSorted());
  });

  it('stands in docs/runbook.md as the code has it (npx tsx jobs/containment/write-runbook.ts)', () => {
    expect(readFileSync('docs/runbook.md', 'utf8')).toBe(runbookPage());
  });
});
