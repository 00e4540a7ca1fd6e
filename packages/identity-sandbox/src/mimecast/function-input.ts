import type { MimecastState } from './state.js';
import type { Paging, Reply } from './wire.js';

/** What a function is given: the one element of `data`, and where the page begins. */
export interface FunctionInput {
  readonly state: MimecastState;
  readonly now: Date;
  /** Who the audit log says it was. */
  readonly actor: string;
  readonly item: Record<string, unknown>;
  readonly paging: Paging;
}

/** `commit` makes the change and gives the answer; a refusal has nothing to commit. */
export type Prepared = { readonly refused: Reply } | { readonly commit: () => Reply };
