export { createOktaDirectory } from './directory.js';
export type { OktaDirectory, OktaDirectoryOptions, OktaUserView } from './directory.js';
export { matches, parseFilter } from './filter.js';
export { SCOPES } from './scopes.js';
