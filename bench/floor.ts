/**
 * The least that could do the same: a bare Bolt handler that enqueues one BullMQ job on Redis, which makes the same
 * identity call and one post. No store, no check, no read-back, no record.
 */
import { App, LogLevel } from '@slack/bolt';
import { Queue, Worker } from 'bullmq';
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type FloorSettings, floorSettings } from './messages.js';

const QUEUE = 'floor';
const CONCURRENCY = 20;

const granted = z.object({ access_token: z.string() });
const job = z.object({ email: z.string() });

async function signIn({ mimecastUrl, clientId, clientSecret }: FloorSettings): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const answer = await fetch(`${mimecastUrl}/oauth/token`, { method: 'POST', body: form });
  return granted.parse(await answer.json()).access_token;
}

async function resetPassword({ mimecastUrl }: FloorSettings, token: string, emailAddress: string): Promise<void> {
  const password = `Floor-${randomBytes(18).toString('base64url')}-1a`;
  const answer = await fetch(`${mimecastUrl}/api/user/update-user`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-mc-req-id': randomUUID() },
    body: JSON.stringify({ data: [{ emailAddress, password, forcePasswordChange: true }] }),
  });
  const { fail } = z.object({ fail: z.array(z.unknown()) }).parse(await answer.json());
  if (fail.length > 0) throw new Error(`the directory refused: ${JSON.stringify(fail)}`);
}

const modal = {
  type: 'modal' as const,
  callback_id: 'floor_decide',
  title: { type: 'plain_text' as const, text: 'Reset password' },
  submit: { type: 'plain_text' as const, text: 'Approve' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'person',
      label: { type: 'plain_text' as const, text: 'Whose' },
      element: { type: 'plain_text_input' as const, action_id: 'person' },
    },
  ],
};

async function main(): Promise<void> {
  const settings = floorSettings.parse(JSON.parse(process.argv[2] ?? '{}'));
  const { hostname: host, port } = new URL(settings.redisUrl);
  const connection = { host, port: Number(port) };
  const token = await signIn(settings);
  const queue = new Queue(QUEUE, { connection, defaultJobOptions: { removeOnComplete: true } });
  const app = new App({
    token: settings.botToken,
    appToken: settings.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: settings.slackApiUrl },
    installerOptions: { clientOptions: { slackApiUrl: settings.slackApiUrl } },
  });
  app.action('floor_open', async ({ ack, body, client }) => {
    const trigger = z.object({ trigger_id: z.string() }).parse(body);
    await client.views.open({ trigger_id: trigger.trigger_id, view: modal });
    await ack();
  });
  app.view('floor_decide', async ({ ack, view }) => {
    await queue.add('reset', { email: view.state.values['person']?.['person']?.value ?? '' });
    await ack();
  });
  const worker = new Worker(
    QUEUE,
    async ({ data }) => {
      const { email } = job.parse(data);
      await resetPassword(settings, token, email);
      await app.client.chat.postMessage({ channel: settings.channel, text: `Done for Person ${email.slice(1, 5)}` });
    },
    { connection, concurrency: CONCURRENCY },
  );
  await worker.waitUntilReady();
  await app.start();
  const button = {
    type: 'button' as const,
    action_id: 'floor_open',
    text: { type: 'plain_text' as const, text: 'Reset password' },
  };
  await app.client.chat.postMessage({
    channel: settings.channel,
    text: 'Floor',
    blocks: [{ type: 'actions', elements: [button] }],
  });
  process.stderr.write('The floor is running\n');
  process.once('SIGTERM', () => {
    void Promise.all([app.stop(), worker.close(true), queue.close()]).then(() => process.exit(0));
  });
}

await main();
