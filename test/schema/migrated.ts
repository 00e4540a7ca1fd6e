import { PGlite } from '@electric-sql/pglite';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { MIGRATIONS_TABLE } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { memoryTemplate } from '../../src/store/template.js';

/** A Postgres with all migrations applied, that the tools reach over a socket as they reach a server. */
export interface MigratedDatabase {
  readonly address: { readonly host: string; readonly port: number; readonly user: string; readonly database: string };
  close(): Promise<void>;
}

export async function migratedDatabase(): Promise<MigratedDatabase> {
  const db = await PGlite.create({ loadDataDir: await memoryTemplate() });
  await db.exec(MIGRATIONS_TABLE);
  for (const { sql } of migrations) await db.exec(sql);
  const server = serve(db);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server of the schema has no port');
  return {
    address: { host: '127.0.0.1', port: bound.port, user: 'postgres', database: 'postgres' },
    close: async () => {
      server.close();
      await once(server, 'close');
      await db.close();
    },
  };
}

/** PGlite speaks Postgres's protocol but opens no socket: what comes in is handed over, one message after the other. */
function serve(db: PGlite): Server {
  return createServer((socket) => {
    let answered: Promise<unknown> = Promise.resolve();
    socket.on('data', (bytes) => {
      answered = answered
        .then(() => db.execProtocolRaw(new Uint8Array(bytes)))
        .then((answer) => socket.writable && socket.write(answer))
        .catch((error: unknown) => socket.destroy(error instanceof Error ? error : new Error(String(error))));
    });
    // A client that is closed hangs up; what went wrong is said by its own call.
    socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
}
