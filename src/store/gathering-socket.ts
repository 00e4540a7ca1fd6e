import net from 'node:net';

/**
 * A connection that sends together what is written in one turn of the event loop. `pg` corks it for each statement:
 * here one more cork stays until the turn ends, so that statements issued together leave in one packet. Waking the
 * server for each of them was a quarter of the app's processor time under load.
 *
 * `uncork()` is Node's own: `end()`, which Node calls when the server has ended, opens all corks through it and waits
 * for what was written. A socket that kept its cork there would never close, and `pg` would never fail its pending
 * statements.
 */
export class GatheringSocket extends net.Socket {
  #held = false;

  override cork(): void {
    super.cork();
    if (this.#held) return;
    this.#held = true;
    super.cork();
    setImmediate(() => {
      this.#held = false;
      super.uncork();
    });
  }
}
