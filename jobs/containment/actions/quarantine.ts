import type { ContainmentAction } from '../action.js';

/** Membership of a prepared group that other systems and policies read. */
export const quarantine: ContainmentAction<'quarantine'> = {
  kind: 'quarantine',
  title: 'action.quarantine',
  does: 'action.quarantine.does',
  undo: 'undo.quarantine',
  risk: 'high',
  needs: null,
  runbook: [21],
  command: () => ({ kind: 'quarantine' }),
};
