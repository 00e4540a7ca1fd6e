import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { newPassword } from '../../src/containment/password.js';
import { createLog } from '../../src/platform/log.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { Player, textOf } from '../../sandbox/drill/player.js';
import { PEOPLE, SECURITY_CHANNEL } from '../../sandbox/world/people.js';
import { codeAt } from '../../sandbox/world/phones.js';
import { startAppIn, startWorld } from '../../sandbox/world/start.js';
import { startRedis } from './servers.js';

const { ada, bea } = PEOPLE;
const PASSWORD_DRAW = 256;
/** Of Debian's redis-tools, like the servers beside it. */
const REDIS_CLI = 'redis-cli';

/** Everything that is sent to Redis, whatever it still keeps of it afterwards. */
async function listenIn(url: string): Promise<{ readonly heard: () => string; readonly end: () => Promise<void> }> {
  const lines: string[] = [];
  const monitor = spawn(REDIS_CLI, ['-p', new URL(url).port, 'monitor'], { stdio: ['ignore', 'pipe', 'ignore'] });
  monitor.stdout.setEncoding('utf8').on('data', (text: string) => void lines.push(text));
  await once(monitor.stdout, 'data');
  return {
    heard: () => lines.join(''),
    end: async () => {
      const ended = once(monitor, 'exit');
      monitor.kill();
      await ended;
    },
  };
}

it('the queue carries references: no password, code, address or words of a person ever reach Redis', async () => {
  const redis = await startRedis();
  const monitor = await listenIn(redis.url);
  const dataDir = mkdtempSync(join(tmpdir(), 'notme-redis-secrets-'));
  const base = systemRuntime();
  const drawn: Buffer[] = [];
  const runtime = {
    ...base,
    randomBytes: (size: number): Buffer => {
      const bytes = base.randomBytes(size);
      if (size === PASSWORD_DRAW) drawn.push(bytes);
      return bytes;
    },
  };
  const world = await startWorld({ dataDir, runtime, port: 0, page: false, keep: false, ackMs: 15_000 });
  const app = await startAppIn(world, {
    dataDir,
    runtime,
    log: createLog({ level: 'silent', pretty: false }),
    redisUrl: redis.url,
    pollSeconds: 1,
  });
  try {
    const player = new Player(world.slack, 60_000);
    const channel = player.channel(SECURITY_CHANNEL);
    const { channel: dm } = await world.slack.act({ as: ada.id, do: 'open_dm', with: world.slack.botUserId });
    const said = "I didn't do this, says the seeded sentence";
    await world.slack.act({ as: ada.id, do: 'message', channel: String(dm), text: said });
    const found = (text: string) =>
      player.message(text, () => channel, (one) => textOf(one).includes(text) && !textOf(one).includes('looked up')); // prettier-ignore
    const card = await found('incident_action.reset_password');
    world.mimecast.faults.add({ type: 'http_500', times: 1 });
    await player.press(bea.id, channel, card, 'incident_action.reset_password');
    const { id } = await player.modal(bea.id, 'decide');
    const code = codeAt(world.phones[bea.id] ?? '', world.now());
    await player.approve(bea.id, id, { reason: 'the seeded reason', code });
    await found('*Mimecast: Reset password* verified');
    const [bytes] = drawn;
    if (!bytes) throw new Error('no password was drawn');
    const password = newPassword({ ...runtime, randomBytes: () => bytes }).reveal();
    expect(world.mimecast.checkPassword(ada.email, password)).toBe(true);
    const heard = monitor.heard();
    // What is looked for would be found: the jobs themselves are.
    expect(heard).toContain('run_step');
    const { addresses } = world;
    const secrets: Readonly<Record<string, string>> = {
      'the new password': password,
      'the code': code,
      'the seed': world.phones[bea.id] ?? '',
      'the words': said,
      'the reason': 'the seeded reason',
      'the address': ada.email,
      'the bot token': addresses.botToken,
      'the client secret': addresses.mimecast.clientSecret,
      'the mail key': addresses.mail.apiKey,
    };
    expect(Object.values(secrets).every((one) => one.length > 5)).toBe(true);
    expect(Object.keys(secrets).filter((name) => heard.includes(secrets[name] ?? ''))).toEqual([]);
  } finally {
    await app.stop();
    await world.close();
    await monitor.end();
    await redis.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 240_000);
