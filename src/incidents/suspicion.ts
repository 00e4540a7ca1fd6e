import type { EvidenceItem } from '../connectors/port.js';

/** Why something is worth a second look; keys of the texts that say it. Strongest first. */
export const ODDITY_REASONS = [
  'oddity.forward_outside',
  'oddity.since_report',
  'oddity.new_country',
  'oddity.recent_factor',
  'oddity.recent_mail_rule',
  'oddity.recent_recovery',
  'oddity.hides_mail',
  'oddity.recent_app_password',
  'oddity.recent_role',
  'oddity.recent_grant',
  'oddity.changed_by_other',
  'oddity.new_device',
  'oddity.recent_device',
  'oddity.new_address',
] as const;
export type OddityReason = (typeof ODDITY_REASONS)[number];

/** What an item is odd for, before alike ones are put together. */
export interface Suspicion {
  readonly item: EvidenceItem;
  readonly why: OddityReason;
  readonly weight: number;
  /** Items of one group are told once. */
  readonly group: string;
}
