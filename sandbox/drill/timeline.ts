export interface Moment {
  /** Milliseconds since the drill began. */
  readonly at_ms: number;
  readonly what: string;
}

/** What happened in a drill, and when. */
export class Timeline {
  readonly #began = performance.now();
  readonly #say: (moment: Moment) => void;
  readonly moments: Moment[] = [];

  constructor(say: (moment: Moment) => void) {
    this.#say = say;
  }

  /** Milliseconds since the drill began, to a tenth. */
  at(): number {
    return Math.round((performance.now() - this.#began) * 10) / 10;
  }

  /** @returns when it was, ms since the drill began */
  note(what: string): number {
    const moment = { at_ms: this.at(), what };
    this.moments.push(moment);
    this.#say(moment);
    return moment.at_ms;
  }
}
