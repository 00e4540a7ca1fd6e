/** What the simulated systems share: faults on demand, effects, and the server that carries them. */
export { createFaults } from './faults.js';
export type { Fault, Faults } from './faults.js';
export type { EffectHooks } from './server.js';
