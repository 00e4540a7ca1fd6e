import type { SandboxState, SlackSandbox } from 'slack-sandbox';

export type SeenMessage = SandboxState['messages'][string][number];

interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly elements?: readonly Element[];
}

interface Element {
  readonly type: string;
  readonly action_id?: string;
  readonly options?: readonly Option[];
  readonly option_groups?: readonly { readonly options: readonly Option[] }[];
}

interface Option {
  readonly value: string;
}

const isBlocks = (value: unknown): value is readonly Block[] => Array.isArray(value);
const blocksOf = (holder: object): readonly Block[] =>
  'blocks' in holder && isBlocks(holder.blocks) ? holder.blocks : [];

/** Everything that a person would read in a message. */
export const textOf = (message: object): string =>
  JSON.stringify(blocksOf(message)) + ('text' in message ? String(message.text) : '');

const STEP_MS = 20;
/** What a window says that shows another plan than the one that was submitted. */
const SHOWN_AGAIN = 'This is the plan as it is now';

/** A person without hands: finds what is on the screen, presses it, fills it in, waits for what comes. */
export class Player {
  readonly #slack: SlackSandbox;
  readonly #timeoutMs: number;

  constructor(slack: SlackSandbox, timeoutMs = 20_000) {
    this.#slack = slack;
    this.#timeoutMs = timeoutMs;
  }

  channel(name: string): string {
    const found = this.#slack.state().channels.find((channel) => channel.name === name);
    if (!found) throw new Error(`there is no channel #${name}`);
    return found.id;
  }

  /** The direct-message channel of a person with the app, once there is one. */
  dmOf(userId: string): string | null {
    const { channels } = this.#slack.state();
    return (
      channels.find((one) => one.is_im && one.user === userId && one.members.includes(this.#slack.botUserId))?.id ??
      null
    );
  }

  messages(channel: string | null): readonly SeenMessage[] {
    return channel === null ? [] : (this.#slack.state().messages[channel] ?? []);
  }

  /** Asks again and again until there is an answer. @throws saying what was waited for */
  async until<T>(
    what: string,
    ask: () => T | null | undefined | false | Promise<T | null | undefined | false>,
    timeoutMs = this.#timeoutMs,
  ): Promise<T> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      if (performance.now() > end) throw new Error(`waited ${Math.round(timeoutMs / 1000)} s in vain for: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  }

  /** The newest message in a channel for which `test` holds. */
  message(what: string, channel: () => string | null, test: (message: SeenMessage) => boolean): Promise<SeenMessage> {
    return this.until(what, () => this.messages(channel()).findLast(test));
  }

  /** Presses the button whose action id is `action` or begins with `action.`. */
  async press(as: string, channel: string, message: SeenMessage, action: string): Promise<void> {
    const { ts } = message;
    for (const block of blocksOf(message)) {
      const element = block.elements?.find(
        (one) => one.action_id === action || one.action_id?.startsWith(`${action}.`),
      );
      if (element?.action_id === undefined) continue;
      await this.#slack.act({
        as,
        do: 'action',
        channel,
        ts,
        block_id: block.block_id ?? '',
        action_id: element.action_id,
      });
      return;
    }
    throw new Error(`the message has no button ${action}`);
  }

  /** Chooses from the menu `action` the entry whose value says this. */
  async choose(
    as: string,
    message: SeenMessage & { readonly channel: string },
    action: string,
    says: string,
  ): Promise<void> {
    const { ts, channel } = message;
    for (const block of blocksOf(message)) {
      const menu = block.elements?.find((one) => one.action_id === action);
      const options = [...(menu?.options ?? []), ...(menu?.option_groups ?? []).flatMap((group) => group.options)];
      const option = options.find(({ value }) => value.includes(says));
      if (option === undefined) continue;
      await this.#slack.act({
        as,
        do: 'action',
        channel,
        ts,
        block_id: block.block_id ?? '',
        action_id: action,
        selected_option: { ...option },
      });
      return;
    }
    throw new Error(`the menu ${action} has no entry that says ${says}`);
  }

  /** The modal on top of a person's screen, once one with this callback id is there. */
  modal(userId: string, callbackId: string): Promise<{ readonly id: string }> {
    return this.until(`the modal ${callbackId}`, () => {
      const top = (this.#slack.state().views[userId] ?? []).at(-1);
      return top && 'callback_id' in top && top.callback_id === callbackId ? { id: top.id } : null;
    });
  }

  /** Fills in texts (by block id) and submits. @throws with the fields' errors when Slack or the app refuses */
  async submit(as: string, viewId: string, texts: Readonly<Record<string, string>>): Promise<string> {
    const values = Object.fromEntries(
      Object.entries(texts).map(([id, value]) => [id, { [id]: { type: 'plain_text_input', value } }]),
    );
    const answer = await this.#slack.act({ as, do: 'submit', view_id: viewId, state: { values } });
    if ('errors' in answer) throw new Error(`the modal was refused: ${JSON.stringify(answer['errors'])}`);
    return String(answer['result']);
  }

  /** Submits a decision; a plan that is shown again, because it changed, is read and submitted. @throws what the modal says when it did not close */
  async approve(as: string, viewId: string, texts: Readonly<Record<string, string>>): Promise<void> {
    const result = await this.submit(as, viewId, texts);
    if (result === 'cleared') return;
    const top = this.#slack.state().views[as]?.at(-1);
    if (top && textOf(top).includes(SHOWN_AGAIN)) return this.approve(as, viewId, texts);
    throw new Error(`the decision was not taken: ${top ? textOf(top) : result}`);
  }
}
