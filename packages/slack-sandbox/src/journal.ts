export interface JournalEntry {
  readonly seq: number;
  readonly at: string;
  readonly kind: 'api_call' | 'delivery' | 'ack' | 'retry' | 'fault' | 'respond';
  /** The method, event type, command, action id or callback id. */
  readonly name: string;
  readonly user?: string | undefined;
  readonly status: string;
  readonly detail?: unknown;
}

const KEPT = 5000;
const SECRET_KEY = /token|authorization|secret|cookie/i;
const SECRET_VALUE = /\bx(?:oxb|oxp|app)-[\w-]+/g;

function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replaceAll(SECRET_VALUE, '[redacted]');
  if (depth > 12 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => redacted(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [
      key,
      SECRET_KEY.test(key) && typeof member === 'string' ? '[redacted]' : redacted(member, depth + 1),
    ]),
  );
}

/** Calls and deliveries in order; the oldest are dropped after 5000. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  #seq = 0;

  constructor(
    private readonly clock: () => Date,
    private readonly added: () => void,
  ) {}

  add(entry: Omit<JournalEntry, 'seq' | 'at'>): void {
    this.#seq += 1;
    this.#entries.push({ seq: this.#seq, at: this.clock().toISOString(), ...entry, detail: redacted(entry.detail) });
    if (this.#entries.length > KEPT) this.#entries.shift();
    this.added();
  }

  read(after = 0, limit = KEPT): JournalEntry[] {
    return this.#entries.filter((entry) => entry.seq > after).slice(0, limit);
  }
}
