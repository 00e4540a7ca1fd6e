import type { SystemEvent } from '../ports/connector.js';
import type { Core, Origin } from '../ports/core.js';
import type { Result } from '../platform/result.js';
import type { Problem } from '../texts/problem.js';
import type { Given } from './check-proof.js';

/** Who wants to prove that it was them, as they said of a notice. */
export interface ClaimClick {
  readonly noticeId: string;
  readonly actor: string;
  readonly origin: Origin;
}

/** What somebody said "this was me" of. */
export interface ClaimedEvent {
  readonly kind: SystemEvent['kind'];
  readonly systemTitle: string;
  readonly occurredAt: Date;
  /** Whoever did it, by the system's word; `null` when it names nobody. */
  readonly doneBy: string | null;
  /** Of exactly what is shown here. */
  readonly shown: string;
}

/** A claim with what is to prove it, over what its window or page showed. */
export interface Proving extends ClaimClick {
  readonly shown: string;
  readonly given: Given;
}

/** How claims are shown and proven. Notices stand above this room, which is given it to confirm one with a passkey. */
export interface Claims {
  provable(core: Core, click: ClaimClick): Promise<Result<ClaimedEvent, Problem>>;
  prove(core: Core, proving: Proving): Promise<Result<null, Problem>>;
}
