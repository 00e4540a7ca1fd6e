import type { Finding } from '../../ports/connector.js';

/** What is said of one subject. */
export type Told = Omit<Finding, 'subject'>;

export const fine = (detail: string): Told => ({ verdict: 'ok', detail, fix: '' });

const telling =
  (verdict: Finding['verdict']) =>
  (detail: string, fix: string): Told => ({ verdict, detail, fix });
export const blocked = telling('blocked');
export const misconfigured = telling('misconfigured');
export const notPermitted = telling('missing_permission');
export const untold = telling('cannot_tell');
