import type { TaskKey } from '../../src/incidents/task-keys.js';
import type { Limited } from '../../src/ports/limits.js';
import type { WorkName } from '../../src/outbox/outbox.js';
import type { ActionKind, ReadBack, SystemEvent } from '../../src/ports/connector.js';

/**
 * Text columns that hold one of a closed set which the code knows and the schema does not: a new action or kind of work
 * needs no migration. What is bound to them is of this type, so that what is read from them can be taken for it.
 */
export interface ClosedSets {
  readonly 'notices.kind': SystemEvent['kind'];
  readonly 'steps.action': ActionKind;
  readonly 'steps.watch_verdict': ReadBack['verdict'] | null;
  readonly 'tasks.task': TaskKey;
  readonly 'used_limits.what': Limited;
  readonly 'withheld.what': 'messages' | 'refusals';
  readonly 'work.name': WorkName;
}
