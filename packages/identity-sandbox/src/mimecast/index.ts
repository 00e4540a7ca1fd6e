export { createMimecastDirectory } from './directory.js';
export type { MimecastDirectory, MimecastDirectoryOptions } from './directory.js';
export { mimecastSnapshot } from './model.js';
export type { UserSeed } from './state.js';
