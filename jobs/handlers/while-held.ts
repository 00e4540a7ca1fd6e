import type { Queryable } from '../../src/ports/database.js';
import type { Messenger } from '../../src/ports/messenger.js';
import { holdLease, type Lease } from '../../src/outbox/outbox.js';

/**
 * Slack as a run may use it: before each message it checks that the claim still holds. Once another worker has taken
 * over, a worker's drawings are neither posted nor allowed to overwrite the newer ones.
 * @throws LeaseLostError instead of sending
 */
export function whileHeld(messenger: Messenger, db: Queryable, lease: Lease): Messenger {
  const held = (): Promise<void> => holdLease(db, lease);
  return {
    post: (to, drawn, postId) => held().then(() => messenger.post(to, drawn, postId)),
    attach: (to, picture, postId) => held().then(() => messenger.attach(to, picture, postId)),
    update: (placed, drawn) => held().then(() => messenger.update(placed, drawn)),
    fill: (viewId, view) => held().then(() => messenger.fill(viewId, view)),
    find: (where, postId, since) => messenger.find(where, postId, since),
    standing: (channel) => messenger.standing(channel),
    openDm: (slackUserId) => messenger.openDm(slackUserId),
  };
}
