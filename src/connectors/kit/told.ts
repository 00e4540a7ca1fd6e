import type { Finding } from '../../ports/connector.js';

/** What is said of one subject. */
export type Told = Omit<Finding, 'subject'>;

export const fine = (detail: string): Told => ({ verdict: 'ok', detail, fix: '' });

const telling =
  (verdict: Finding['verdict']) =>
  (detail: string, fix: string): Told => ({ verdict, detail, fix });
export const blocked = telling('blocked');
export const misconfigured = telling('misconfigured');
/** `missing`: each right, as the vendor calls it where it is granted. */
export const notPermitted = (detail: string, fix: string, missing: readonly string[] = []): Told => ({
  verdict: 'missing_permission',
  detail,
  fix,
  ...(missing.length === 0 ? {} : { missing }),
});
export const untold = telling('cannot_tell');
