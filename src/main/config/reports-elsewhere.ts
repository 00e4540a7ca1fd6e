import type { ReportsElsewhere } from '../../ports/core.js';
import type { Sources } from './sources.js';

/**
 * Somebody's own word opens an incident. One rejected request may be a slip of the finger, three are none; a system that
 * is sure is believed, one that is not asks.
 */
export function reportsElsewhere({ file }: Sources): ReportsElsewhere {
  const given = file.reports_elsewhere;
  return {
    person: given?.person ?? 'open',
    deniedRequests: given?.denied_requests ?? 3,
    verdictOpens: given?.verdict_opens ?? 'high',
    verdictAsks: given?.verdict_asks ?? 'medium',
  };
}
