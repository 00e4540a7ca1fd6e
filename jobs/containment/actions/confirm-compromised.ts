import type { ContainmentAction } from '../action.js';

/** Tells the provider's own risk engine what is known now. */
export const confirmCompromised: ContainmentAction<'confirm_compromised'> = {
  kind: 'confirm_compromised',
  title: 'action.confirm_compromised',
  does: 'action.confirm_compromised.does',
  undo: 'undo.confirm_compromised',
  risk: 'medium',
  needs: null,
  runbook: [19],
  command: () => ({ kind: 'confirm_compromised' }),
};
