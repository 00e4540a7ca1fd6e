import type { ContainmentAction } from '../action.js';

/** A device that was enrolled by the attacker stays trusted until it is blocked. */
export const blockDevices: ContainmentAction<'block_devices'> = {
  kind: 'block_devices',
  title: 'action.block_devices',
  does: 'action.block_devices.does',
  undo: 'undo.block_devices',
  risk: 'high',
  needs: 'items',
  runbook: [16],
  command: ({ items }) => ({ kind: 'block_devices', items }),
};
