/** Lets one through at a time, in the order of arrival. */
export class Mutex {
  #tail: Promise<void> = Promise.resolve();

  /** Waits for its turn; the caller must call the returned function, once, to let the next one through. */
  async enter(): Promise<() => void> {
    const before = this.#tail;
    let leave: () => void = () => undefined;
    this.#tail = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    return leave;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const leave = await this.enter();
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
