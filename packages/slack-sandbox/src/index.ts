/** A local Slack for apps under test: Web API, Socket Mode, signed HTTP, interactivity, and a control API. */
export { createSlackSandbox } from './sandbox.js';
export type { SlackSandbox, SlackSandboxOptions } from './sandbox.js';
export type { Seed } from './workspace/seed.js';
export { derivedId, SMALL_WORKSPACE } from './workspace/seed.js';
export type { PanelHost, PanelsView } from './control/panels.js';
export type { SandboxState } from './control/state.js';
export type { ActInput } from './people/act.js';
export type { DeedInput } from './office/desk.js';
export { Refusal } from './people/refusal.js';
export { checkMessage, checkView } from './blockkit/check.js';
export type { BlockKitVerdict } from './blockkit/check.js';
