import { readFile } from 'node:fs/promises';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { Client, type Change, type Control, type Entry, ResultCodeError, type SearchOptions } from 'ldapts';
import type { Secret } from '../../platform/secret.js';
import type { AttributeName } from './attributes.js';
import { BINARY_ATTRIBUTES } from './entry.js';
import type { ActiveDirectorySettings } from './settings.js';

/** The attributes are named; without names a controller would send all that the caller may read. */
export interface Search extends Omit<SearchOptions, 'attributes'> {
  readonly attributes: readonly AttributeName[];
}

/** One bound connection, for one operation. All requests go to the same domain controller. */
export interface Session {
  /** Entries of a search; throws what ldapts throws. */
  search(base: string, options: Search, control?: Control): Promise<readonly Entry[]>;
  /** Sends one modify. */
  modify(dn: string, changes: readonly Change[]): Promise<void>;
  /** Whether a modify was handed to the socket and no answer came. */
  readonly writeSent: boolean;
}

/** Who binds. */
export interface Credentials {
  readonly name: string;
  readonly password: Secret;
}

const PAGE = 500;

/**
 * Connects, upgrades, binds, runs `work` and closes. A lost connection is never replaced: ldapts would silently open
 * a new one without a bind. `signal` cuts it off at any point.
 */
export async function withSession<T>(
  settings: ActiveDirectorySettings,
  credentials: Credentials,
  signal: AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const tls = await tlsOptions(settings);
  // Reading the file took time as well.
  signal.throwIfAborted();
  const socket = await openSocket(settings, tls, signal);
  const cut = (): void => void socket.destroy(new Error('The deadline passed'));
  signal.addEventListener('abort', cut, { once: true });
  if (signal.aborted) cut();
  try {
    const client = clientOver(socket, settings.deadline_ms);
    if (settings.start_tls) await client.startTLS(tls);
    await client.bind(credentials.name, credentials.password.reveal());
    return await work(sessionOver(client));
  } finally {
    signal.removeEventListener('abort', cut);
    socket.destroy();
  }
}

async function tlsOptions(settings: ActiveDirectorySettings): Promise<ConnectionOptions> {
  const ca = settings.ca ?? (settings.ca_file === undefined ? undefined : await readFile(settings.ca_file, 'utf8'));
  const host = hostOf(settings.url);
  // SNI does not allow addresses; the certificate is then checked against `host`.
  const servername = settings.server_name ?? (isIP(host) === 0 ? host : undefined);
  return {
    host,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca }),
    ...(servername === undefined ? {} : { servername }),
  };
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

function openSocket(settings: ActiveDirectorySettings, tls: ConnectionOptions, signal: AbortSignal): Promise<Socket> {
  const { port } = new URL(settings.url);
  const plain = settings.start_tls;
  return new Promise((resolve, reject) => {
    const socket = plain
      ? connectPlain({ host: hostOf(settings.url), port: Number(port || 389) })
      : connectTls({ ...tls, port: Number(port || 636) });
    // Whoever waits hears of a failure by the promise; one that comes when nobody waits must not end the process.
    socket.on('error', () => undefined);
    const cut = (): void => void socket.destroy(new Error('The deadline passed'));
    signal.addEventListener('abort', cut, { once: true });
    const settled = (): void => {
      signal.removeEventListener('abort', cut);
      socket.removeListener('error', failed);
      socket.removeListener('close', closed);
    };
    const failed = (error: Error): void => {
      settled();
      reject(error);
    };
    const closed = (): void => failed(new Error('The connection was closed'));
    socket.once('error', failed);
    socket.once('close', closed);
    socket.once(plain ? 'connect' : 'secureConnect', () => {
      settled();
      resolve(socket);
    });
  });
}

function clientOver(socket: Socket, timeout: number): Client {
  let given = false;
  return new Client({
    // The socket is open and, unless it is to be upgraded, encrypted: ldapts must not open one of its own.
    url: 'ldap://established',
    timeout,
    createConnection: () => {
      if (given || socket.destroyed) throw new Error('The connection was lost');
      given = true;
      return socket;
    },
  });
}

function sessionOver(client: Client): Session {
  let writeSent = false;
  return {
    get writeSent() {
      return writeSent;
    },
    async search(base, { attributes, ...options }, control) {
      const paged = options.sizeLimit === undefined && options.scope !== 'base';
      const { searchEntries } = await client.search(
        base,
        {
          ...options,
          attributes: [...attributes],
          ...(paged ? { paged: { pageSize: PAGE } } : {}),
          explicitBufferAttributes: BINARY_ATTRIBUTES,
        },
        control,
      );
      return searchEntries;
    },
    async modify(dn, changes) {
      if (!client.isBound) throw new Error('The connection was lost');
      writeSent = true;
      try {
        await client.modify(dn, [...changes]);
        writeSent = false;
      } catch (error) {
        if (error instanceof ResultCodeError) writeSent = false;
        throw error;
      }
    },
  };
}
