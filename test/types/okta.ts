/** What the connector sends to Okta and reads from it, against the models of Okta's own SDK. */
import type { Misfit, None, Okta, Unread } from 'identity-sandbox/vendor';
import type { Bodies, Body } from '../../src/connectors/okta/bodies.js';
import type { linked } from '../../src/connectors/okta/devices.js';
import type { enrollment } from '../../src/connectors/okta/access-codes.js';
import type { factor } from '../../src/connectors/okta/factors.js';
import type { errorBody } from '../../src/connectors/okta/failures.js';
import type { apiToken, client, consent, refreshToken } from '../../src/connectors/okta/grants.js';
import type { group } from '../../src/connectors/okta/groups.js';
import type { linked as providerLink, provider } from '../../src/connectors/okta/identity-providers.js';
import type { logRow } from '../../src/connectors/okta/log.js';
import type { accessPolicy, accessRule, signOnPolicy, signOnRule } from '../../src/connectors/okta/policies.js';
import type { risk } from '../../src/connectors/okta/risk.js';
import type { created, role } from '../../src/connectors/okta/roles.js';
import type { me } from '../../src/connectors/okta/self.js';
import type { oktaUser } from '../../src/connectors/okta/user.js';
import type { zone } from '../../src/connectors/okta/zone.js';
import type { ReadBy } from './read-by.js';

export type Sends = [
  None<Misfit<Okta.UserChange, Bodies['user']>>,
  None<Misfit<Okta.LinkRequest, Bodies['link']>>,
  None<Misfit<Okta.RiskChange, Bodies['risk']>>,
  /** The type goes back as it was read. */
  None<
    Exclude<Misfit<Okta.RoleRequest, Bodies['role']>, `.type: ${string}` | `.${'role' | 'resource-set'}: ${string}`>
  >,
  None<Misfit<Okta.RoleRequest, Bodies['customRole']>>,
];

export type Reads = [
  None<Unread<Okta.User, ReadBy<typeof oktaUser>>>,
  None<Unread<Okta.User, ReadBy<typeof me>>>,
  None<Unread<Okta.UserDevice, ReadBy<typeof linked>>>,
  None<Unread<Okta.Enrollment, ReadBy<typeof enrollment>>>,
  None<Unread<Okta.Factor, ReadBy<typeof factor>>>,
  None<Unread<Okta.IdentityProvider, ReadBy<typeof provider>>>,
  None<Unread<Okta.ProviderLink, ReadBy<typeof providerLink>>>,
  None<Unread<Okta.Consent, ReadBy<typeof consent>>>,
  None<Unread<Okta.Client, ReadBy<typeof client>>>,
  None<Unread<Okta.RefreshToken, ReadBy<typeof refreshToken>>>,
  None<Unread<Okta.ApiToken, ReadBy<typeof apiToken>>>,
  None<Unread<Okta.Group, ReadBy<typeof group>>>,
  None<Unread<Okta.AnyRole, ReadBy<typeof role>>>,
  None<Unread<Okta.AnyRole, ReadBy<typeof created>>>,
  None<Unread<Okta.SignOnPolicy, ReadBy<typeof signOnPolicy>>>,
  None<Unread<Okta.SignOnRule, ReadBy<typeof signOnRule>>>,
  None<Unread<Okta.AccessPolicy, ReadBy<typeof accessPolicy>>>,
  None<Unread<Okta.AccessRule, ReadBy<typeof accessRule>>>,
  None<Unread<Okta.Risk, ReadBy<typeof risk>>>,
  None<Unread<Okta.Zone, ReadBy<typeof zone>>>,
  None<Unread<Okta.LogEvent, ReadBy<typeof logRow>>>,
  None<Unread<Okta.Refusal, ReadBy<typeof errorBody>>>,
];

// @ts-expect-error A user of Okta has no such key.
export type Invented = None<Misfit<Okta.User, { locked: true }>>;
// @ts-expect-error There is no such status.
export type WrongValue = None<Misfit<Okta.User, { status: 'LOCKED' }>>;
// @ts-expect-error What Okta does not have cannot be read.
export type Unheard = None<Unread<Okta.User, { locked: boolean }>>;
// @ts-expect-error A text comes where a number is read.
export type Misread = None<Unread<Okta.Factor, { created: number }>>;
// @ts-expect-error Nothing is sent but what is listed.
export const unlisted: Body = { riskLevel: 'HIGH', reason: 'because' };
