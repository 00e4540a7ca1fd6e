export { createEntraIdDirectory } from './directory.js';
export type { EntraIdDirectory, EntraIdDirectoryOptions } from './directory.js';
export { entraIdSnapshot } from './model.js';
export type { EntraIdUserView } from './outside.js';
