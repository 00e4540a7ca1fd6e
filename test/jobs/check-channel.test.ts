import { beforeEach, describe, expect, it } from '@jest/globals';
import { translatorOf } from '../../blocks/parts.js';
import { checkChannel } from '../../jobs/handlers/check-channel.js';
import { requestWork } from '../../src/outbox/outbox.js';
import type { MessengerFailure } from '../../src/ports/messenger.js';
import { withOverrides } from '../../src/texts/say.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { runOnce } from '../runs.js';
import { BEA, CEM, Scene } from '../scene.js';

const translator = translatorOf(withOverrides({}));
const SHARED = { kind: 'unreachable', detail: 'shared_outside' } as const;

let scene: Scene;
let slack: MemoryMessenger;
beforeEach(async () => {
  scene = await Scene.open();
  slack = new MemoryMessenger();
}, 120_000);

async function look(...found: readonly MessengerFailure[]): Promise<void> {
  const { core } = scene;
  slack.fail('standing', ...found);
  const work = { workspaceId: core.workspaceId, name: 'check_channel', ref: 'C0SECURITY' } as const;
  await requestWork(core.db, { ...work, correlationId: 'cor', now: core.runtime.now() });
  await runOnce(core, 'check_channel', 'C0SECURITY', (run) =>
    checkChannel({ core, messenger: slack, translator }, run),
  );
}
const told = (): readonly string[] => slack.posted.map(({ channel }) => channel);
const recorded = async (): Promise<number> =>
  (await scene.core.db.query("select 1 from record_entries where action = 'channel.unreachable'")).rows.length;

describe('a security channel that others could read', () => {
  it('is told to each approver at once, once, and is in the record', async () => {
    await look(SHARED);
    await look(SHARED);
    expect(told()).toEqual([`D${BEA.slackUserId}`, `D${CEM.slackUserId}`]);
    expect(JSON.stringify(slack.posted[0]?.drawn)).toMatch(/shared_outside.*I have stopped posting/);
    expect(await recorded()).toBe(1);
  });

  it('is told anew when it was private in between', async () => {
    await look(SHARED);
    await look();
    scene.runtime.move(1_000);
    await look({ kind: 'unreachable', detail: 'public' });
    expect(told()).toHaveLength(4);
    expect(await recorded()).toBe(2);
  });

  it('is not known while Slack does not answer', async () => {
    await look({ kind: 'transient', detail: 'no answer' });
    expect(told()).toEqual([]);
    expect(await recorded()).toBe(0);
  });
});
