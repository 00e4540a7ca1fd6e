/**
 * State whose changes are seen only after a while, as with copies and indexes that follow later. Without a lag the
 * present is seen. Writers change `present()` and then call `changed()`.
 */
export class Lag<State> {
  readonly #clock: () => Date;
  readonly #present: State;
  #lagMs = 0;
  /** What was true until `until`; oldest first, only as long as somebody may still see it. */
  #past: { readonly until: number; readonly state: State }[] = [];
  #last: State;

  constructor(clock: () => Date, present: State) {
    this.#clock = clock;
    this.#present = present;
    this.#last = structuredClone(present);
  }

  present(): State {
    return this.#present;
  }

  /** Notes that the present was changed just now. */
  changed(): void {
    const now = this.#clock().getTime();
    if (this.#lagMs > 0) this.#past.push({ until: now, state: this.#last });
    this.#last = structuredClone(this.#present);
  }

  /** How long changes take to be seen, ms; 0 shows the present at once. */
  set(lagMs: number): void {
    this.#lagMs = lagMs;
    if (lagMs === 0) this.#past = [];
  }

  /** What a reader sees: the state of `lagMs` ago. */
  seen(): State {
    const edge = this.#clock().getTime() - this.#lagMs;
    this.#past = this.#past.filter(({ until }) => until > edge);
    return this.#past[0]?.state ?? this.#present;
  }
}
