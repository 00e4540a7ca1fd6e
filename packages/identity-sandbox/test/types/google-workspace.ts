/** What a simulated Google answers is held to Google's types where it answers (`show`); this shows that it is held. */
import { show } from '../../src/google-workspace/endpoint.js';

show.user({ id: '1', suspended: true, emails: [{ address: 'ada@example.com', primary: true }] });
// @ts-expect-error A user of Google's has no such key.
show.user({ id: '1', locked: true });
// @ts-expect-error Whether it is suspended is a boolean.
show.user({ id: '1', suspended: 'true' });
const found = { id: '1', locked: true };
// @ts-expect-error Nor is a key taken that comes from a variable.
show.users({ users: [{ ...found, suspended: true }] });
// @ts-expect-error Tokens come in one page.
show.tokens({ items: [], nextPageToken: '1' });
// @ts-expect-error Google leaves out what is not set.
show.user({ id: '1', recoveryEmail: null });
// @ts-expect-error A filter has no such criterion.
show.filter({ id: '1', criteria: { sender: 'ada@example.com' } });
