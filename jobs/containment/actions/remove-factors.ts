import type { ContainmentAction } from '../action.js';

/** Takes away sign-in methods that the person does not recognise: the attacker adds one early and keeps it. */
export const removeFactors: ContainmentAction<'remove_factors'> = {
  kind: 'remove_factors',
  title: 'action.remove_factors',
  does: 'action.remove_factors.does',
  undo: 'undo.remove_factors',
  risk: 'high',
  needs: 'items',
  runbook: [11],
  command: ({ items }) => ({ kind: 'remove_factors', items }),
};
