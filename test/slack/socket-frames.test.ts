import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { boltLogger } from '../../src/slack/logger.js';
import { createUnderWay, durable, surviveFrames } from '../../src/slack/receiver.js';

describe("the socket's frames that are no envelopes", () => {
  let server: Server;
  let sockets: WebSocketServer;
  let socket: WebSocket;
  let app: App;
  const unreadable: unknown[] = [];
  const unknown: unknown[] = [];
  const acknowledged: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      const { port } = server.address() as AddressInfo;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port}/` }));
    });
    sockets = new WebSocketServer({ server });
    sockets.on('connection', (opened) => {
      socket = opened;
      opened.on('message', (data: Buffer) => acknowledged.push(data.toString()));
      opened.send(JSON.stringify({ type: 'hello' }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const logger = boltLogger(pino({ level: 'silent' }));
    const receiver = new SocketModeReceiver({
      appToken: 'xapp-1',
      logger,
      installerOptions: { clientOptions: { slackApiUrl: `http://127.0.0.1:${port}/api/` } },
    });
    surviveFrames(receiver, (error) => unreadable.push(error));
    const answered = durable(
      receiver,
      async ({ body, ack }) => {
        unknown.push(body);
        await ack();
      },
      createUnderWay(),
    );
    const authorize = () => Promise.resolve({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'U1' });
    app = new App({ receiver: answered, authorize, logger, logLevel: LogLevel.ERROR });
    await app.start();
  });
  afterAll(async () => {
    const left = once(socket, 'close');
    await app.stop();
    await left;
    sockets.close();
    server.close();
    await once(server, 'close');
  });

  it('do not end the process, and a payload of null is acknowledged', async () => {
    for (const frame of ['null', '7', '"x"', '{"type":"events_api","envelope_id":"e1","payload":null}'])
      socket.send(frame);
    socket.send('{"type":"events_api","envelope_id":"e2","payload":{}}');
    socket.send('{"type":"interactive","envelope_id":"e3","payload":null}');
    // What has no envelope is acknowledged into the blue.
    while (!acknowledged.some((one) => one.includes('"e3"'))) await once(socket, 'message');
    // null, and the two events without an event
    expect(unreadable).toHaveLength(3);
    expect(unknown.at(-1)).toBeNull();
  });
});
