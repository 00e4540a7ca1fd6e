export { sambaAvailable } from './available.js';
export { startSambaDomain } from './domain.js';
export type { SambaDomain } from './domain.js';
export { startFaultProxy } from './fault-proxy.js';
export type { FaultProxy } from './fault-proxy.js';
export { takeFrame } from './ldap-frames.js';
export { attribute, change, passwordAttribute } from './people.js';
export { SCHEMA } from '../vendor/active-directory-schema.js';
