import type { ContainmentAction } from '../action.js';

/** The attacker's address is blocked for everybody: the preview says so. */
export const blockAddress: ContainmentAction<'block_address'> = {
  kind: 'block_address',
  title: 'action.block_address',
  does: 'action.block_address.does',
  undo: 'undo.block_address',
  risk: 'high',
  needs: 'ranges',
  runbook: [18, 22],
  command: ({ ranges }) => ({ kind: 'block_address', ranges }),
};
