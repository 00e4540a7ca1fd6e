import { type Defined, withoutUndefined } from '../json.js';
import type { Exactly } from '../vendor/index.js';
import type { Sent } from './payload.js';

/** A payload as Slack sends it, held to Slack's type: a key or a value that Slack does not have is not compiled. */
export const sentAs =
  <Vendor>() =>
  <const Ours extends object>(body: Ours & Exactly<Vendor, Defined<Ours>>): Sent => {
    const payload: Pick<Sent, 'body'> = { body: withoutUndefined({ ...body }) };
    // The mark exists for the compiler alone: this is the one place that sets it.
    return payload as Sent;
  };
