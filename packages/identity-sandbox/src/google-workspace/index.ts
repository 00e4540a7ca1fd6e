export { createGoogleWorkspaceDirectory, createServiceAccount } from './directory.js';
export type {
  GoogleWorkspaceDirectory,
  GoogleWorkspaceDirectoryOptions,
  GoogleWorkspaceUserView,
} from './directory.js';
export { googleWorkspaceSnapshot } from './model.js';
export { EVERY_SCOPE } from './router.js';
