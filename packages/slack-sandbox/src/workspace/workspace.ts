import { jsonCopy } from '../json.js';
import { WorkspaceData } from './model.js';
import type { Channel, Message, User, View, WorkspaceState } from './model.js';
import { derivedId } from './seed.js';

/** What changed, as told to listeners and on the event stream. */
export type ChangeKind =
  | 'message'
  | 'message_changed'
  | 'message_deleted'
  | 'ephemeral'
  | 'view'
  | 'home'
  | 'channel'
  | 'connection'
  | 'reaction'
  | 'file'
  | 'failure'
  | 'user'
  | 'reset'
  | 'journal'
  | 'panels';

export interface Change {
  readonly seq: number;
  readonly kind: ChangeKind;
}

const MAX_FAILURES = 200;

/** The workspace's memory: people, channels, messages, views. It knows nothing of transports. */
export class Workspace {
  data: WorkspaceState;
  seq = 0;
  readonly #clock: () => Date;
  readonly #listeners = new Set<(change: Change) => void>();

  constructor(data: WorkspaceState, clock: () => Date) {
    this.data = data;
    this.#clock = clock;
  }

  now(): Date {
    return this.#clock();
  }

  nowSeconds(): number {
    return Math.floor(this.#clock().getTime() / 1000);
  }

  /** A message's stamp, `seconds.microseconds`; strictly increasing whatever the clock does. */
  nextTs(): string {
    const us = Math.max(this.#clock().getTime() * 1000, this.data.last_ts_us + 1);
    this.data.last_ts_us = us;
    return `${Math.floor(us / 1_000_000)}.${String(us % 1_000_000).padStart(6, '0')}`;
  }

  /** An id never given before in this workspace. */
  nextId(prefix: string): string {
    this.data.counter += 1;
    return derivedId(prefix, this.data.team.id, String(this.data.counter));
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(kind: ChangeKind): void {
    this.seq += 1;
    for (const listener of [...this.#listeners]) listener({ seq: this.seq, kind });
  }

  user(id: string): User | undefined {
    return this.data.users.find((user) => user.id === id);
  }

  userNamed(name: string): User | undefined {
    return this.data.users.find((user) => user.name === name);
  }

  get botUserId(): string {
    return this.data.app.bot_user_id;
  }

  channel(id: string): Channel | undefined {
    return this.data.channels.find((channel) => channel.id === id);
  }

  channelNamed(name: string): Channel | undefined {
    return this.data.channels.find((channel) => !channel.is_im && channel.name === name);
  }

  /** The direct conversation of two, created when it does not exist yet. */
  directMessage(one: string, other: string): Channel {
    const members = [...new Set([one, other])].sort();
    const id = derivedId('D', ...members);
    const found = this.channel(id);
    if (found) return found;
    const human = members.find((member) => member !== this.botUserId) ?? one;
    const im: Channel = {
      id,
      name: '',
      is_im: true,
      is_private: true,
      is_archived: false,
      created: this.nowSeconds(),
      creator: one,
      user: human,
      members,
      topic: '',
    };
    this.data.channels.push(im);
    this.changed('channel');
    return im;
  }

  /** The messages from a time stamp on: a thread's replies never stand before their parent. */
  messagesFrom(channelId: string, ts: string): readonly Message[] {
    const messages = this.messages(channelId);
    return messages.slice(this.#placeOf(messages, ts));
  }

  /** Where a time stamp stands or would stand. Messages stand in the order of their time stamps, which are of one length. */
  #placeOf(messages: readonly Message[], ts: string): number {
    let [low, high] = [0, messages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((messages[middle]?.ts ?? '') < ts) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  messages(channelId: string): Message[] {
    return (this.data.messages[channelId] ??= []);
  }

  message(channelId: string, ts: string): Message | undefined {
    const messages = this.data.messages[channelId] ?? [];
    const found = messages[this.#placeOf(messages, ts)];
    return found?.ts === ts ? found : undefined;
  }

  /** The modals that a person has open; the last is on top. */
  modals(userId: string): View[] {
    return (this.data.views[userId] ??= []);
  }

  /** An open modal or home tab, and whose it is. */
  view(matches: (view: View) => boolean): { userId: string; view: View } | undefined {
    for (const [userId, stack] of Object.entries(this.data.views)) {
      const view = stack.find(matches);
      if (view) return { userId, view };
    }
    for (const [userId, view] of Object.entries(this.data.homes)) if (matches(view)) return { userId, view };
    return undefined;
  }

  /** Notes what a person must be told because the app did not answer. */
  fail(user: string, what: string, message: string): void {
    this.data.failures.push({ at: this.now().toISOString(), user, what, message });
    this.data.failures.splice(0, Math.max(0, this.data.failures.length - MAX_FAILURES));
    this.changed('failure');
  }

  snapshot(): WorkspaceState {
    return WorkspaceData.parse(jsonCopy(this.data));
  }

  replace(data: WorkspaceState): void {
    this.data = data;
    this.changed('reset');
  }
}
