/** What a simulated Mimecast answers is held to recorded shapes where it answers (`success`); this shows that it is held. */
import { success } from '../../src/mimecast/wire.js';

success([{ emailAddress: 'ada@example.com', accountLocked: false }]);
// @ts-expect-error A user of Mimecast has no such key.
success([{ emailAddress: 'ada@example.com', locked: false }]);
// @ts-expect-error Whether it is locked is a boolean.
success([{ emailAddress: 'ada@example.com', accountLocked: 'no' }]);
