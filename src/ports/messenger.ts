import type { ModalView } from '@slack/types';
import type { Result } from '../platform/result.js';

/** Everything that can go wrong when something is posted: a closed list, so that one place decides what follows. */
export type MessengerFailure =
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  /** Slack did not answer, or not properly; the message may or may not have been posted. */
  | { readonly kind: 'transient'; readonly detail: string }
  /**
   * The bot is not in the channel, the channel is archived or deleted, or others than its members could read it: somebody
   * has to act.
   */
  | {
      readonly kind: 'unreachable';
      readonly detail:
        'not_in_channel' | 'is_archived' | 'channel_not_found' | 'restricted' | 'shared_outside' | 'public';
    }
  /** Slack refused the message itself; the same message would be refused again. */
  | { readonly kind: 'refused'; readonly detail: string };

/** A drawn message: `blocks` are Slack Block Kit as plain JSON, `text` is what a notification and a screen reader say. */
export interface Drawn {
  readonly text: string;
  readonly blocks: readonly object[];
  /** A picture attached instead of blocks; `text` is then its description for people who cannot see it. */
  readonly picture?: { readonly png: Uint8Array; readonly title: string };
}

export interface Placed {
  readonly channel: string;
  readonly ts: string;
}

/** Posts and redraws messages, and fills windows. Implemented by the Slack edge. */
export interface Messenger {
  /** Posts a message that carries `postId` as metadata, so that it can be found again after a crash. */
  post(
    to: { channel: string; threadTs: string | null },
    drawn: Drawn,
    postId: string,
  ): Promise<Result<Placed, MessengerFailure>>;
  /** Attaches a picture in a thread, under a name that carries `postId`. */
  attach(
    to: { channel: string; threadTs: string | null },
    picture: { readonly png: Uint8Array; readonly title: string; readonly alt: string },
    postId: string,
  ): Promise<Result<null, MessengerFailure>>;
  update(placed: Placed, drawn: Drawn): Promise<Result<null, MessengerFailure>>;
  /** Looks for a message or a picture posted with `postId` since `since`: in the thread, or in the channel's newest messages. */
  find(
    where: { channel: string; threadTs: string | null },
    postId: string,
    since: Date,
  ): Promise<Result<Placed | null, MessengerFailure>>;
  /** Whether the bot can post in a channel, checked without posting. */
  standing(channel: string): Promise<Result<null, MessengerFailure>>;
  /** Replaces what an open window shows; refused as `not_found` when it was closed meanwhile. */
  fill(viewId: string, view: ModalView): Promise<Result<null, MessengerFailure>>;
  /** The direct-message channel with a person. */
  openDm(slackUserId: string): Promise<Result<string, MessengerFailure>>;
}
