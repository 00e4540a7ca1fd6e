import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { SlackSandbox } from '../src/index.js';
import { createSlackSandbox } from '../src/index.js';
import { SEED, manifest } from './demo-app.js';

const Answer = z.looseObject({
  ok: z.boolean().optional(),
  error: z.string().optional(),
  message: z.string().optional(),
});

describe('the control API', () => {
  let slack: SlackSandbox;
  let ada: string;
  let general: string;
  const panels = { shown: 'shut' };

  beforeEach(async () => {
    panels.shown = 'shut';
    slack = await createSlackSandbox({
      manifest: manifest(),
      seed: SEED,
      page: true,
      panels: {
        read: () =>
          Promise.resolve({
            panels: [
              {
                id: 'door',
                title: 'Door',
                sections: [
                  { kind: 'facts', title: 'State', items: [{ label: 'Door', value: panels.shown, tone: 'good' }] },
                ],
              },
            ],
            tour: null,
            note: '',
          }),
        act: (panel, action, fields) => {
          panels.shown = `${panel} ${action} ${fields['how'] ?? ''}`;
          return Promise.resolve({ ok: true, message: 'Done.' });
        },
      },
    });
    ada = slack.state().users[0]!.id;
    general = slack.state().channels[0]!.id;
  });
  afterEach(() => slack.close());

  const get = async (path: string) => (await fetch(slack.url + path)).json();
  const send = async (path: string, body: unknown) => {
    const response = await fetch(slack.url + path, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, ...Answer.parse(await response.json()) };
  };
  const act = (body: Record<string, unknown>) => send('/control/act', { as: ada, ...body });

  it('reads the state and acts as a person', async () => {
    expect(await act({ do: 'message', channel: general, text: 'a < b & me@x.test' })).toMatchObject({ ok: true });
    expect(await get('/control/state')).toMatchObject({
      team: { name: 'Harbour', domain: 'harbour' },
      app: { name: 'Demo', connected: false, home_tab: true, commands: [{ command: '/demo' }, { command: '/silent' }] },
      messages: { [general]: [{ user: ada, text: 'a &lt; b &amp; <mailto:me@x.test|me@x.test>' }] },
    });
    expect(slack.state().seq).toBeGreaterThan(0);
  });

  it('refuses with a sentence', async () => {
    expect(await act({ do: 'dance' })).toMatchObject({ status: 400, ok: false, error: 'invalid_arguments' });
    expect(await act({ do: 'message', channel: 'C0NO', text: 'x' })).toMatchObject({
      status: 404,
      error: 'channel_not_found',
    });
    expect(await send('/control/act', { as: slack.botUserId, do: 'home' })).toMatchObject({ error: 'user_not_found' });
    expect(await send('/control/nothing', {})).toMatchObject({ status: 404, error: 'not_found' });
    const broken = await fetch(`${slack.url}/control/act`, { method: 'POST', body: '{' });
    expect([broken.status, Answer.parse(await broken.json()).error]).toEqual([400, 'invalid_json']);
  });

  it('waits for a message that is yet to come, and gives up with 408', async () => {
    const until = { message: { channel: general, text_contains: 'arrived' } };
    const waiting = send('/control/wait', { timeout_ms: 5000, until });
    await act({ do: 'message', channel: general, text: 'it arrived' });
    expect(await waiting).toMatchObject({ ok: true, match: { text: 'it arrived', channel: general } });
    const absent = { message: { text_contains: 'never' } };
    expect(await send('/control/wait', { timeout_ms: 20, until: absent })).toMatchObject({
      status: 408,
      error: 'timeout',
    });
  });

  it('streams changes', async () => {
    const abort = new AbortController();
    const stream = await fetch(`${slack.url}/control/events`, { signal: abort.signal });
    const reader: ReadableStreamDefaultReader<Uint8Array> = stream.body!.getReader();
    const { ts } = z.object({ ts: z.string() }).parse(await act({ do: 'message', channel: general, text: 'x' }));
    await act({ do: 'react', channel: general, ts, name: 'eyes' });
    let text = '';
    for (let n = 0; n < 20 && !text.includes('"reaction"'); n += 1) {
      text += new TextDecoder().decode((await reader.read()).value);
    }
    expect(text).toMatch(/data: \{"seq":\d+,"kind":"message"\}/);
    abort.abort();
  });

  it('answers no rebound name and no foreign page', async () => {
    const foreign = await fetch(`${slack.url}/control/state`, { headers: { Origin: 'https://evil.test' } });
    expect(foreign.status).toBe(403);
    const own = await fetch(`${slack.url}/control/state`, { headers: { Origin: slack.url } });
    expect(own.status).toBe(200);
    const rebound = await new Promise<number | undefined>((resolve, reject) => {
      request(`${slack.url}/control/state`, { headers: { Host: 'evil.test' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(rebound).toBe(403);
  });

  it('serves nothing outside the page', async () => {
    const climbing = await fetch(`${slack.url}/..%2f..%2findex.ts`);
    expect(climbing.status).toBe(404);
    expect(climbing.headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  it('injects faults and refuses those that make no sense', async () => {
    const add = { target: 'api', type: 'http_500', times: 1 };
    expect(await send('/control/faults', { add })).toMatchObject({ faults: [add] });
    expect((await fetch(`${slack.apiUrl}api.test`)).status).toBe(500);
    expect((await fetch(`${slack.apiUrl}api.test`)).status).toBe(200);
    expect(await send('/control/faults', { add: { target: 'socket', type: 'http_500' } })).toMatchObject({
      status: 400,
    });
    await send('/control/faults', { add: { ...add, times: 9 } });
    expect(await send('/control/faults', { clear: true })).toMatchObject({ faults: [] });
  });

  it('keeps tokens out of the journal', async () => {
    const body = new URLSearchParams({ token: slack.botToken, channel: general, text: `my ${slack.botToken}` });
    await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', body });
    const text = JSON.stringify(await get('/control/journal?limit=10'));
    expect(text).toContain('chat.postMessage');
    expect(text).not.toContain(slack.botToken);
  });

  it('goes back to a snapshot, in this process and in the next', async () => {
    await act({ do: 'message', channel: general, text: 'kept' });
    const snapshot = await get('/control/snapshot');
    await act({ do: 'message', channel: general, text: 'lost' });
    await send('/control/restore', snapshot);
    const texts = (one: SlackSandbox) => one.state().messages[general]!.map((message) => message.text);
    expect(texts(slack)).toEqual(['kept']);
    const next = await createSlackSandbox({ manifest: manifest(), seed: SEED, page: false, snapshot });
    expect(texts(next)).toEqual(['kept']);
    expect([next.teamId, next.botUserId]).toEqual([slack.teamId, slack.botUserId]);
    const { ts } = z
      .object({ ts: z.string() })
      .parse(await next.act({ as: ada, do: 'message', channel: general, text: 'on' }));
    expect(Number(ts)).toBeGreaterThan(Number(next.state().messages[general]![0]!.ts));
    await next.close();
    await send('/control/reset', {});
    expect(texts(slack)).toEqual([]);
    expect(await send('/control/restore', { version: 9 })).toMatchObject({ status: 400, error: 'invalid_snapshot' });
  });

  it('shows the host’s panels and passes its buttons on', async () => {
    expect(await get('/control/panels')).toMatchObject({ panels: [{ id: 'door' }] });
    const pressed = await send('/control/panels/door/actions/open', { fields: { how: 'wide' } });
    expect(pressed).toMatchObject({ ok: true, message: 'Done.' });
    expect(panels.shown).toBe('door open wide');
    const announced = new Promise((resolve) => slack.onChange((change) => resolve(change.kind)));
    slack.announcePanels();
    expect(await announced).toBe('panels');
  });

  it('refuses a manifest or a seed that cannot be used, naming the place', async () => {
    await expect(createSlackSandbox({ manifest: 'features: 1', seed: SEED })).rejects.toThrow(/display_information/);
    const seed = { ...SEED, channels: [{ name: 'x', members: ['nobody'] }] };
    await expect(createSlackSandbox({ manifest: manifest(), seed })).rejects.toThrow(/channel #x lists "nobody"/);
  });
});
