export type * from './exactly.js';
export type * as ActiveDirectory from './active-directory.js';
export type * as EntraId from './entra-id.js';
export type * as Google from './google-workspace.js';
export type * as Keycloak from './keycloak.js';
export type * as Mimecast from './mimecast.js';
export type * as Okta from './okta.js';
export type * as Scim from './scim.js';
