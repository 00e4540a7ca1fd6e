import { createServer, type Socket } from 'node:net';

export interface SmtpScript {
  /** Reply to a command, by its verb; `drop` cuts the connection. `body`: after the final dot. */
  readonly replies?: Readonly<Partial<Record<'greeting' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'body', string>>>;
  readonly offersAuth?: boolean;
}

const DEFAULTS = {
  greeting: '220 test ESMTP',
  AUTH: '235 ok',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go ahead',
  body: '250 queued',
};

/** A small SMTP server on loopback that keeps what it took and answers by script. */
export async function startSmtp(script: SmtpScript = {}) {
  const taken: string[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const say = (socket: Socket, step: keyof typeof DEFAULTS): void => {
    const reply = script.replies?.[step] ?? DEFAULTS[step];
    if (reply === 'drop') socket.destroy();
    else socket.write(`${reply}\r\n`);
  };

  function command(socket: Socket, line: string): void {
    const verb = line.split(' ', 1)[0]?.toUpperCase() ?? '';
    if (verb === 'EHLO') socket.write(script.offersAuth ? '250-test\r\n250 AUTH PLAIN\r\n' : '250 test\r\n');
    else if (verb === 'AUTH' || verb === 'MAIL' || verb === 'RCPT' || verb === 'DATA') say(socket, verb);
    else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else socket.write('250 ok\r\n');
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let buffer = '';
    let inBody = false;
    socket.on('data', (chunk) => {
      buffer += chunk.toString('latin1');
      for (;;) {
        const end = buffer.indexOf(inBody ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const piece = buffer.slice(0, end);
        buffer = buffer.slice(end + (inBody ? 5 : 2));
        if (inBody) {
          taken.push(piece);
          inBody = false;
          say(socket, 'body');
        } else {
          commands.push(piece);
          inBody = piece === 'DATA' && (script.replies?.DATA ?? DEFAULTS.DATA).startsWith('354');
          command(socket, piece);
        }
      }
    });
    say(socket, 'greeting');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    taken,
    commands,
    async close(): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
