import type { ContainmentAction } from '../action.js';

/** A password alone opens nothing any more. */
export const requireTwoStep: ContainmentAction<'require_two_step'> = {
  kind: 'require_two_step',
  title: 'action.require_two_step',
  does: 'action.require_two_step.does',
  undo: 'undo.require_two_step',
  risk: 'high',
  needs: null,
  runbook: [12],
  command: () => ({ kind: 'require_two_step' }),
};
