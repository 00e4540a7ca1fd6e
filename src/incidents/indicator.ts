import type { EvidenceItem } from '../ports/connector.js';

/** Why something is worth a second look; keys of the texts that say it. Strongest first. */
export const ANOMALY_REASONS = [
  'anomaly.forward_outside',
  'anomaly.since_report',
  'anomaly.new_country',
  'anomaly.recent_factor',
  'anomaly.recent_identity_provider',
  'anomaly.recent_mail_rule',
  'anomaly.recent_recovery',
  'anomaly.hides_mail',
  'anomaly.recent_app_password',
  'anomaly.recent_role',
  'anomaly.recent_grant',
  'anomaly.changed_by_other',
  'anomaly.new_device',
  'anomaly.recent_device',
  'anomaly.new_address',
] as const;
export type AnomalyReason = (typeof ANOMALY_REASONS)[number];

/** Why an item is odd, before similar ones are merged. */
export interface Indicator {
  readonly item: EvidenceItem;
  readonly why: AnomalyReason;
  readonly weight: number;
  /** Items of one group are reported once. */
  readonly group: string;
}
