import { createFaults, type Fault } from '../http/faults.js';
import type { HttpDirectory } from '../http/server.js';
import { functionFailure, metaFailure, type Reply } from './wire.js';

/** Faults that only Mimecast's envelope can have. */
interface EnvelopeFault extends Omit<Fault, 'type'> {
  readonly type:
    | 'fail_envelope'
    /** HTTP 200 whose `meta.status` says otherwise, with an empty `fail`. */
    | 'meta_status';
  /** `meta_status`: the status in the envelope. */
  readonly status?: number;
  /** `fail_envelope`: the code of the failure. */
  readonly code?: string;
}

export type MimecastFault = Fault | EnvelopeFault;

export interface MimecastFaults {
  add(fault: MimecastFault): void;
  clear(): void;
}

const isEnvelopeFault = (fault: MimecastFault): fault is EnvelopeFault =>
  fault.type === 'fail_envelope' || fault.type === 'meta_status';

const replyOf = ({ type, status = 500, code = 'err_internal' }: EnvelopeFault, item: unknown): Reply =>
  type === 'meta_status' ? metaFailure(status) : functionFailure(item, { code, message: 'The function failed' });

export interface EnvelopeFaults {
  /** The envelope that stands in the place of the call; `null`: it is carried out. */
  take(call: { readonly path: string; readonly write: boolean }, item: unknown): Reply | null;
  /** Adds both kinds to the queue that each belongs to. */
  over(server: () => HttpDirectory): MimecastFaults;
}

export function createEnvelopeFaults(): EnvelopeFaults {
  const queue = createFaults();
  const kinds = new Map<Fault, EnvelopeFault>();
  return {
    take(call, item) {
      const taken = queue.take({ ...call, signIn: false });
      const kind = taken === null ? undefined : kinds.get(taken);
      return kind === undefined ? null : replyOf(kind, item);
    },
    over: (server) => ({
      add(fault) {
        if (!isEnvelopeFault(fault)) {
          server().faults.add(fault);
          return;
        }
        // The queue counts; which of the envelope's faults it was stands beside it.
        const counted: Fault = { ...fault, type: 'http_500' };
        kinds.set(counted, fault);
        queue.add(counted);
      },
      clear() {
        queue.clear();
        kinds.clear();
        server().faults.clear();
      },
    }),
  };
}
