import { afterEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import net from 'node:net';
import { GatheringSocket } from '../../src/store/gathering-socket.js';

const servers: net.Server[] = [];
const sockets: net.Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function serve(onConnection: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((peer) => {
    sockets.push(peer);
    onConnection(peer);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

/** As `pg` writes a statement. */
function write(socket: net.Socket, text: string): void {
  socket.cork();
  socket.write(text);
  socket.uncork();
}

async function connected(port: number): Promise<GatheringSocket> {
  const socket = new GatheringSocket();
  sockets.push(socket);
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

const closes = (socket: net.Socket): Promise<string> =>
  Promise.race([
    once(socket, 'close').then(() => 'closed'),
    new Promise<string>((resolve) => setTimeout(() => resolve('still open'), 5_000).unref()),
  ]);

it('closes when the server ends under a corked write', async () => {
  const port = await serve((peer) => peer.end());
  const socket = await connected(port);
  socket.on('error', () => undefined);
  // Before Node's own listener, which ends this side: the statement stands behind the cork at that moment.
  socket.prependListener('end', () => write(socket, 'x'));
  socket.resume();
  expect(await closes(socket)).toBe('closed');
  expect(socket.destroyed).toBe(true);
});

it('sends in one packet what is written in one turn, and the next turn in another', async () => {
  const heard: string[] = [];
  let hear: () => void = () => undefined;
  const port = await serve((peer) => {
    peer.on('data', (data) => {
      heard.push(String(data));
      hear();
    });
  });
  const socket = await connected(port);
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      hear = resolve;
    });
  let arrived = next();
  write(socket, 'BEGIN;');
  write(socket, 'INSERT;');
  await arrived;
  arrived = next();
  write(socket, 'COMMIT;');
  await arrived;
  expect(heard).toEqual(['BEGIN;INSERT;', 'COMMIT;']);
});
