import type { AccountRef, CallContext, EvidenceItem } from '../port.js';

/** What a section is made from; `complete` is false where Google had more. */
export interface Section {
  readonly items: readonly EvidenceItem[];
  readonly complete: boolean;
}

export interface Subject {
  readonly account: AccountRef;
  readonly call: CallContext;
}
