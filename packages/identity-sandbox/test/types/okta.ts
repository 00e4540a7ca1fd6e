/** What a simulated Okta answers is held to Okta's types where it is made (`Shown`); this shows that it is held. */
import { answer } from '../../src/okta/context.js';
import { Shown } from '../../src/okta/wire.js';
import type { Okta } from '../../src/vendor/index.js';

Shown.as<Okta.User>()({ id: '1', status: 'ACTIVE', activated: null });
// @ts-expect-error A user of Okta has no such key.
Shown.as<Okta.User>()({ id: '1', locked: true });
// @ts-expect-error There is no such status.
Shown.as<Okta.User>()({ id: '1', status: 'LOCKED' });
const found = { id: '1', locked: true };
// @ts-expect-error Nor is a key taken that comes from a variable.
Shown.as<Okta.User>()({ ...found, status: 'ACTIVE' });
// @ts-expect-error A consent always has an issuer and a scope.
Shown.as<Okta.Consent>()({ id: '1' });
// @ts-expect-error Nothing is answered that was not held.
answer({ id: '1' });
