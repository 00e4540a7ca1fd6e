import type { ConnectorFailure } from './connector.js';

/**
 * Whether a failed command may be sent again as it is, must be read back first, or needs a human. Decided only here.
 */
export function afterFailure(failure: ConnectorFailure): 'retry' | 'read_back' | 'needs_human' {
  switch (failure.kind) {
    case 'throttled':
    case 'transient':
      return 'retry';
    case 'unknown_outcome':
      return 'read_back';
    case 'auth':
    case 'permission':
    case 'protected_account':
    case 'not_found':
    case 'ambiguous':
    case 'conflict':
    case 'invalid_input':
    case 'licence':
    case 'unsupported':
      return 'needs_human';
  }
}
