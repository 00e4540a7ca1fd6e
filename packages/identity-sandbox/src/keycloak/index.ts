export { createKeycloakDirectory } from './directory.js';
export type { KeycloakDirectory, KeycloakDirectoryOptions } from './directory.js';
export type { KeycloakUserView } from './outside.js';
