import type { Limits } from '../../ports/limits.js';
import type { FileLimits } from './file-schema.js';

/** Far beyond what somebody does in a bad hour, and far below what fills a channel or a queue. */
const PER_HOUR: Limits = {
  messages: 60,
  home: 120,
  refusals: 60,
  lookups: 60,
  doctor: 10,
  lockdowns: 10,
  elsewhere: 5,
};

export const limits = (given: FileLimits): Limits => ({
  messages: given?.['messages'] ?? PER_HOUR.messages,
  home: given?.['home'] ?? PER_HOUR.home,
  refusals: given?.['refusals'] ?? PER_HOUR.refusals,
  lookups: given?.['lookups'] ?? PER_HOUR.lookups,
  doctor: given?.['doctor'] ?? PER_HOUR.doctor,
  lockdowns: given?.['lockdowns'] ?? PER_HOUR.lockdowns,
  elsewhere: given?.['elsewhere'] ?? PER_HOUR.elsewhere,
});
