import type { WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { Runtime } from '../platform/runtime.js';
import { maybe } from './lenient.js';

/** Who else could read what is posted in a channel. */
export type Exposure = 'shared_outside' | 'public';

/**
 * What Slack says of a channel, as far as it matters here. Source: docs.slack.dev, conversation object: `is_ext_shared`
 * is Slack Connect, `is_org_shared` stays within the own organisation.
 */
export const describedChannel = z.object({
  is_member: maybe(z.boolean()),
  is_archived: maybe(z.boolean()),
  is_private: maybe(z.boolean()),
  is_shared: maybe(z.boolean()),
  is_org_shared: maybe(z.boolean()),
  is_ext_shared: maybe(z.boolean()),
  is_pending_ext_shared: maybe(z.boolean()),
});
type DescribedChannel = z.output<typeof describedChannel>;

/** The channel in which evidence is posted, and whether everybody of the workspace may read it. */
export interface Guarded {
  readonly channel: string;
  readonly allowPublic: boolean;
}

/** `null`: only members of the channel read it, as far as Slack says. */
export function exposureOf(described: DescribedChannel, allowPublic: boolean): Exposure | null {
  const { is_ext_shared: ext, is_pending_ext_shared: pending, is_shared: shared, is_org_shared: own } = described;
  if (ext === true || pending === true || (shared === true && own !== true)) return 'shared_outside';
  return described.is_private === false && !allowPublic ? 'public' : null;
}

const answer = z.object({ channel: describedChannel });

export const describe = async (client: WebClient, channel: string): Promise<DescribedChannel> =>
  answer.parse(await client.conversations.info({ channel })).channel;

export interface ExposureWatch {
  of(channel: string): Promise<Exposure | null>;
  /** What was found out otherwise just now: it holds at once. */
  note(exposure: Exposure | null): void;
}

/** How old an answer may be, ms: somebody may share the channel while Notme runs. */
const KEPT_MS = 30_000;

/**
 * Asks before something is posted in the guarded channel, at most every half minute. Only what Slack says counts: while
 * it does not answer, the last answer holds, and posting itself shows whether it works.
 */
export function createExposureWatch(
  client: WebClient,
  { channel, allowPublic }: Guarded,
  runtime: Runtime,
): ExposureWatch {
  let known: { readonly at: number; readonly exposure: Promise<Exposure | null> } | null = null;
  let last: Exposure | null = null;

  async function ask(): Promise<Exposure | null> {
    try {
      last = exposureOf(await describe(client, channel), allowPublic);
    } catch {
      // The doctor and /readyz tell that Slack does not describe the channel, and why.
    }
    return last;
  }

  return {
    of: (to) => {
      if (to !== channel) return Promise.resolve(null);
      const now = runtime.now().getTime();
      if (known === null || now - known.at > KEPT_MS) known = { at: now, exposure: ask() };
      return known.exposure;
    },
    note: (exposure) => {
      last = exposure;
      known = { at: runtime.now().getTime(), exposure: Promise.resolve(exposure) };
    },
  };
}

const SENTENCES: Readonly<Record<Exposure, string>> = {
  shared_outside:
    'The security channel is shared with another organisation, which would read the evidence. Stop sharing it in Slack (channel details, Settings), or set workspace.security_channel in notme.yml to a private channel.',
  public:
    'The security channel is public: everybody in the workspace would read the evidence. Make it private in Slack (channel details, Settings), or confirm it in notme.yml with workspace.allow_public_channel: true.',
};

/** Refuses to start where evidence would be read by others. @throws a sentence with the fix */
export async function refuseExposed(client: WebClient, { channel, allowPublic }: Guarded): Promise<void> {
  const described = await describe(client, channel).catch(() => null);
  const exposure = described && exposureOf(described, allowPublic);
  if (exposure !== null) throw new Error(SENTENCES[exposure]);
}
