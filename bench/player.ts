import { z } from 'zod';
import { Refusal, type SlackSandbox } from 'slack-sandbox';
import { CHANNEL_ID, type Person } from './company.js';

const element = z.looseObject({ action_id: z.string().optional() });
const blocks = z.array(z.looseObject({ block_id: z.string(), elements: z.array(element).optional() }));
const channelOf = z.looseObject({ channel: z.string() });
const view = z.looseObject({ id: z.string() });

export interface Place {
  readonly block: string;
  readonly action: string;
}

/** What people do in the simulator; nothing here is measured by itself. */
export class BenchPlayer {
  readonly #slack: SlackSandbox;

  constructor(slack: SlackSandbox) {
    this.#slack = slack;
  }

  async openDm(person: Person): Promise<string> {
    const opened = await this.#slack.act({ as: person.id, do: 'open_dm', with: this.#slack.botUserId });
    return channelOf.parse(opened).channel;
  }

  async report(person: Person, dm: string): Promise<void> {
    await this.#slack.act({ as: person.id, do: 'message', channel: dm, text: "I didn't reset my password" });
  }

  /** Where the button stands in each message of the security channel, by the message's stamp. */
  buttons(action: string): ReadonlyMap<string, Place> {
    const places = new Map<string, Place>();
    for (const message of this.#slack.state().messages[CHANNEL_ID] ?? []) {
      const read = blocks.safeParse('blocks' in message ? message['blocks'] : []);
      for (const block of read.success ? read.data : []) {
        const found = block.elements?.find(
          (one) => one.action_id === action || one.action_id?.startsWith(`${action}.`) === true,
        );
        if (found?.action_id !== undefined) places.set(message.ts, { block: block.block_id, action: found.action_id });
      }
    }
    return places;
  }

  /** Presses a button and gives the modal that it opened. */
  async openModal(as: Person, ts: string, place: Place): Promise<string> {
    await this.#slack.act({
      as: as.id,
      do: 'action',
      channel: CHANNEL_ID,
      ts,
      block_id: place.block,
      action_id: place.action,
    });
    const opened = view.parse(await this.#slack.wait({ timeout_ms: 10_000, until: { view: { user: as.id } } }));
    return opened.id;
  }

  /** Submits the modal; `false` when the bot acknowledged it later than Slack waits (3 s), though it may have taken it. */
  async submit(as: Person, viewId: string, texts: Readonly<Record<string, string>>): Promise<boolean> {
    const values = Object.fromEntries(
      Object.entries(texts).map(([id, value]) => [id, { [id]: { type: 'plain_text_input', value } }]),
    );
    const submitted = this.#slack.act({ as: as.id, do: 'submit', view_id: viewId, state: { values } });
    const answer = await submitted.catch((error: unknown) => {
      if (error instanceof Refusal && error.status === 504) return null;
      throw error;
    });
    if (answer === null) return false;
    if ('errors' in answer || ('result' in answer && answer['result'] === 'updated')) {
      throw new Error(`the decision of ${as.name} was refused: ${JSON.stringify(answer)}`);
    }
    return true;
  }
}
