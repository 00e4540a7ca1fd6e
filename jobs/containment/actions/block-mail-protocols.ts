import type { ContainmentAction } from '../action.js';

/** IMAP, POP and their kin know no 2-step. */
export const blockMailProtocols: ContainmentAction<'block_mail_protocols'> = {
  kind: 'block_mail_protocols',
  title: 'action.block_mail_protocols',
  does: 'action.block_mail_protocols.does',
  undo: 'undo.block_mail_protocols',
  risk: 'medium',
  needs: null,
  runbook: [10],
  command: () => ({ kind: 'block_mail_protocols' }),
};
