import type { Given } from '../json.js';

declare const held: unique symbol;

/**
 * What is delivered. Only `sentAs` (`sent.ts`) makes one, held to Slack's type; it stands apart from it so that the
 * package's public types ask nobody for the types of Slack's packages.
 */
export interface Sent {
  readonly body: Given;
  readonly [held]: true;
}
