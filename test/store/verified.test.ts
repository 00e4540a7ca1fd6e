import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import pino from 'pino';
import { openQueue } from '../../jobs/queue/open.js';
import { openPostgres } from '../../src/store/postgres.js';
import { selfSigned } from '../connectors/self-signed.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { openDatabase } from '../../src/store/open.js';

const PASSWORD = 'hunter2hunter2';
const HANDSHAKE = 0x16;

let server: Server;
let heard: Buffer[];
let meet: (socket: Socket) => void;
const sockets = new Set<Socket>();

beforeEach(async () => {
  heard = [];
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    meet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const port = (): number => (server.address() as AddressInfo).port;
const log = pino({ enabled: false });

it('tells a Postgres with a certificate of its own nothing', async () => {
  const { certificate, privateKey } = selfSigned('localhost');
  meet = (socket) =>
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, cert: certificate, key: privateKey });
      secure.on('error', () => socket.destroy());
      secure.on('data', (data: Buffer) => heard.push(data));
    });
  const url = `postgres://notme:${PASSWORD}@localhost:${String(port())}/notme?sslmode=verify-full`;
  await expect(openPostgres(url, log)).rejects.toThrow(/self-signed certificate/);
  expect(heard).toEqual([]);
});

it('tells a Postgres that offers no encryption nothing', async () => {
  meet = (socket) => {
    socket.once('data', () => socket.write('N'));
    socket.on('data', (data: Buffer) => heard.push(data));
  };
  const url = `postgres://notme:${PASSWORD}@localhost:${String(port())}/notme?sslmode=verify-full`;
  await expect(openPostgres(url, log)).rejects.toThrow(/does not support SSL/);
  // The eight bytes that ask for it, without a name.
  expect(Buffer.concat(heard)).toHaveLength(8);
});

it.each([
  ['one Redis', (at: string) => `rediss://:${PASSWORD}@${at}`],
  ['Sentinels', (at: string) => `rediss+sentinel://:${PASSWORD}@${at}/main?sentinelPassword=${PASSWORD}`],
  ['a Cluster', (at: string) => `rediss+cluster://:${PASSWORD}@${at}`],
])('begins with a handshake to %s', async (_, url) => {
  const database = await openDatabase({ databaseUrl: null, dataDir: null, runtime: systemRuntime() });
  const first = new Promise<Buffer>((resolve) => {
    meet = (socket) => socket.once('data', resolve);
  });
  const opening = openQueue({ redisUrl: url(`127.0.0.1:${String(port())}`), database, log });
  const refused = expect(opening).rejects.toThrow();
  const bytes = await first;
  expect(bytes[0]).toBe(HANDSHAKE);
  expect(bytes.toString('latin1')).not.toContain(PASSWORD);
  for (const socket of sockets) socket.destroy();
  await refused;
  await database.close();
});
