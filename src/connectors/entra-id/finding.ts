import type { ConnectorFailure, Finding } from '../port.js';
import { grantClicks } from './permissions.js';

type Verdict = Pick<Finding, 'verdict' | 'detail' | 'fix'>;

/** A failure of a probe, in the words of a finding. */
export function findingOf(failure: ConnectorFailure): Verdict {
  const detail = failure.message;
  switch (failure.kind) {
    case 'permission':
      return { verdict: 'missing_permission', detail, fix: grantClicks([failure.missing ?? 'the permission named']) };
    case 'licence':
      return { verdict: 'unlicensed', detail, fix: 'Buy the licence, or leave this step to the console.' };
    case 'transient':
    case 'unknown_outcome':
      return { verdict: 'unreachable', detail, fix: 'Check the network, login_url and graph_url, and try again.' };
    case 'throttled':
      return { verdict: 'cannot_tell', detail, fix: 'Wait a minute and examine again.' };
    case 'protected_account':
      return { verdict: 'blocked', detail, fix: 'Let a Global Administrator do it by hand.' };
    default:
      return { verdict: 'misconfigured', detail, fix: 'Correct the entra_id settings or what they name.' };
  }
}
