import type { ContainmentAction } from '../action.js';

/** Rules, forwards and delegates let the attacker read on, and hide the answers of the victims. */
export const disableMailRules: ContainmentAction<'disable_mail_rules'> = {
  kind: 'disable_mail_rules',
  title: 'action.disable_mail_rules',
  does: 'action.disable_mail_rules.does',
  undo: 'undo.disable_mail_rules',
  risk: 'high',
  needs: 'items',
  runbook: [15],
  command: ({ items }) => ({ kind: 'disable_mail_rules', items }),
};
