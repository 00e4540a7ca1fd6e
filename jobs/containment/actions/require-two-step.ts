import type { ContainmentAction } from '../action.js';

/** A second step at every sign-in, through a policy or a prepared group. */
export const requireTwoStep: ContainmentAction<'require_two_step'> = {
  kind: 'require_two_step',
  title: 'action.require_two_step',
  does: 'action.require_two_step.does',
  undo: 'undo.require_two_step',
  risk: 'medium',
  needsPassword: false,
  needsRanges: false,
  command: () => ({ kind: 'require_two_step' }),
};
