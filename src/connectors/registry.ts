import { activeDirectory } from './active-directory/system.js';
import { entraId } from './entra-id/system.js';
import { googleWorkspace } from './google-workspace/system.js';
import { keycloak } from './keycloak/system.js';
import type { System } from './kit/system.js';
import { mimecast } from './mimecast/system.js';
import { okta } from './okta/system.js';
import { scim } from './scim/system.js';
import { slackWorkspace } from './slack-workspace/system.js';

/** Every identity system in which Notme can contain an account. A new one is a folder and a line here. */
export const SYSTEMS: readonly System[] = [
  activeDirectory,
  mimecast,
  entraId,
  okta,
  googleWorkspace,
  keycloak,
  slackWorkspace,
  scim,
];
