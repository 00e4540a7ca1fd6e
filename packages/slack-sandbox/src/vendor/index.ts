export type { Exactly, Misfit, None } from './exactly.js';
export type * as Slack from './slack.js';
