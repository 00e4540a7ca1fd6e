export { createScimDirectory } from './directory.js';
export type { ScimDirectory, ScimDirectoryOptions, ScimUserView } from './directory.js';
