/** What a simulated Keycloak answers is held to Keycloak's types where it answers (`show`); this shows that it is held. */
import { fail, show } from '../../src/keycloak/reply.js';

show.user({ id: '1', enabled: true, access: { manage: true } });
// @ts-expect-error A user of Keycloak has no such key.
show.user({ id: '1', locked: true });
// @ts-expect-error Whether it is enabled is a boolean.
show.user({ id: '1', enabled: 'true' });
const found = { id: '1', offline: true };
// @ts-expect-error Nor is a key taken that comes from a variable.
show.sessions([{ ...found, start: 1 }]);
// @ts-expect-error Keycloak leaves out what is not set.
show.users([{ id: '1', federationLink: null }]);
// @ts-expect-error There is no such event.
show.events([{ type: 'SIGNED_IN' }]);
// @ts-expect-error Nor such a word in a refusal.
fail(400, { reason: 'no' });
