import { once } from 'node:events';
import net from 'node:net';

/** What a server can do that a real one cannot be brought to do on demand. */
export interface FakePostgres {
  readonly url: string;
  /** From now on nothing is answered; the connections stay. */
  fallSilent(): void;
  /** Each further connection is ended in the very packet that says that it is ready. */
  endAtHello(): void;
  close(): Promise<void>;
}

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const READY = message('Z', Buffer.from('I'));
const HELLO = Buffer.concat([message('R', Buffer.from([0, 0, 0, 0])), READY]);
const SHUT_DOWN = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'));
/** One row with the number 1, whatever was asked. */
const ANSWER = Buffer.concat([
  message('1', Buffer.alloc(0)),
  message('2', Buffer.alloc(0)),
  // One column: "value", of no table, an int4 in text.
  message(
    'T',
    Buffer.concat([
      Buffer.from([0, 1]),
      text('value'),
      Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 0]),
    ]),
  ),
  message('D', Buffer.concat([Buffer.from([0, 1, 0, 0, 0, 1]), Buffer.from('1')])),
  message('C', text('SELECT 1')),
  READY,
]);

/** Speaks as much of Postgres's protocol, version 3, as a driver needs to connect and to read one row. */
export async function startFakePostgres(): Promise<FakePostgres> {
  let silent = false;
  let ends = false;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let heard = Buffer.alloc(0);
    let greeted = false;
    socket.on('data', (data) => {
      heard = Buffer.concat([heard, data]);
      if (!greeted) {
        // The startup message has no type: its length stands first.
        if (heard.length < 4 || heard.length < heard.readInt32BE(0)) return;
        heard = heard.subarray(heard.readInt32BE(0));
        greeted = true;
        if (ends) socket.end(Buffer.concat([HELLO, SHUT_DOWN]));
        else socket.write(HELLO);
      }
      while (heard.length >= 5 && heard.length >= 1 + heard.readInt32BE(1)) {
        const type = String.fromCharCode(heard[0] ?? 0);
        heard = heard.subarray(1 + heard.readInt32BE(1));
        // A statement ends with Sync, a text of statements is one Query.
        if ((type === 'S' || type === 'Q') && !silent) socket.write(ANSWER);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `postgres://notme@127.0.0.1:${String(address.port)}/notme`,
    fallSilent: () => {
      silent = true;
    },
    endAtHello: () => {
      ends = true;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
