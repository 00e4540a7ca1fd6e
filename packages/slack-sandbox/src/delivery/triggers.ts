import { randomBytes } from 'node:crypto';

const KEPT = 1000;

export type TriggerUse =
  | { readonly ok: true; readonly userId: string; readonly viewId: string | undefined }
  | { readonly ok: false; readonly error: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' };

/** Trigger ids: good for a short time (Slack: three seconds) and one use (https://docs.slack.dev/interactivity/handling-user-interaction). */
export class Triggers {
  readonly #issued = new Map<string, { userId: string; viewId: string | undefined; until: number; used: boolean }>();

  constructor(
    private readonly now: () => number,
    private readonly lifeMs: number,
  ) {}

  /** `viewId` when the person acted inside a modal: only then may a view be pushed. */
  issue(userId: string, viewId?: string): string {
    const id = `${this.now()}.${this.#issued.size + 1}.${randomBytes(16).toString('hex')}`;
    this.#issued.set(id, { userId, viewId, until: this.now() + this.lifeMs, used: false });
    for (const old of this.#issued.keys()) if (this.#issued.size > KEPT) this.#issued.delete(old);
    return id;
  }

  use(id: string): TriggerUse {
    const trigger = this.#issued.get(id);
    if (!trigger) return { ok: false, error: 'invalid_trigger_id' };
    if (trigger.used) return { ok: false, error: 'exchanged_trigger_id' };
    if (this.now() > trigger.until) return { ok: false, error: 'expired_trigger_id' };
    trigger.used = true;
    return { ok: true, userId: trigger.userId, viewId: trigger.viewId };
  }
}
