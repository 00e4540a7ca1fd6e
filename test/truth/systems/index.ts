import { startEntraId } from './entra-id.js';
import { startGoogleWorkspace } from './google-workspace.js';
import { startKeycloak } from './keycloak.js';
import { startMimecast } from './mimecast.js';
import { startOkta } from './okta.js';
import { startScim } from './scim.js';
import { startSlackWorkspace } from './slack.js';
import type { Played, RunningSystem, SystemName } from './system.js';

/** Active Directory is missing: here it is a real domain on Samba, whose faults are another matter (`test/real`). */
export const START: Readonly<Record<SystemName, (played: Played) => Promise<RunningSystem>>> = {
  okta: startOkta,
  entra_id: startEntraId,
  google_workspace: startGoogleWorkspace,
  mimecast: startMimecast,
  keycloak: startKeycloak,
  scim: startScim,
  slack: startSlackWorkspace,
};
