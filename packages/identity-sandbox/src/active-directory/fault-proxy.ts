import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { SambaDomain } from './domain.js';
import { answer, type Frame, type Operation, takeFrame } from './ldap-frames.js';

/** What happens to the messages of one kind. Messages before and after go through. */
export interface LdapFault {
  readonly on: Operation | 'any';
  /** Only messages with this text in them. */
  readonly containing?: string;
  /** So many of them go through first. */
  readonly skip?: number;
  readonly what:
    /** the controller acts, its answer is lost with the connection */
    | 'lose_answer'
    /** the message is lost with the connection */
    | 'lose_request'
    /** bytes that are no LDAP come back */
    | 'garble'
    /** nothing comes back */
    | 'silence'
    /** the controller says this */
    | { readonly code: number; readonly text: string };
}

/** A way to the controller that breaks on demand, under the controller's own certificate. */
export interface FaultProxy {
  readonly url: string;
  /** Replaces the faults in force. */
  set(...faults: readonly LdapFault[]): void;
  /** Nothing listens until `calm`. */
  goDown(): Promise<void>;
  calm(): Promise<void>;
  close(): Promise<void>;
}

const GARBAGE = 'HTTP/1.1 502 Bad Gateway\r\n\r\n<html>no directory here</html>';

/** Starts the proxy in front of a domain whose folder is `dir` (its key is read from there). */
export async function startFaultProxy(domain: SambaDomain, dir: string): Promise<FaultProxy> {
  const folder = join(dir, 'private', 'tls');
  const [key, cert] = await Promise.all([readFile(join(folder, 'key.pem')), readFile(join(folder, 'cert.pem'))]);
  const open = new Set<Socket>();
  let faults: readonly LdapFault[] = [];
  let passed = new Map<LdapFault, number>();
  const take = (frame: Frame): LdapFault | null => {
    const fault = faults.find((candidate) => hits(candidate, frame));
    if (fault === undefined) return null;
    const before = passed.get(fault) ?? 0;
    passed.set(fault, before + 1);
    return before < (fault.skip ?? 0) ? null : fault;
  };
  const server = createServer({ key, cert }, (client) => {
    const controller = connect({
      host: domain.address,
      port: domain.port,
      ca: domain.caPem,
      servername: domain.serverName,
    });
    for (const socket of [client, controller]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => socket.destroy());
    }
    client.once('close', () => controller.destroy());
    controller.once('close', () => client.destroy());
    relay(client, controller, take);
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address: string | AddressInfo | null = server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
    return address.port;
  };
  const goDown = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  const port = await listen(0);
  return {
    url: `ldaps://127.0.0.1:${port}`,
    set(...wanted) {
      faults = wanted;
      passed = new Map();
    },
    goDown,
    async calm() {
      faults = [];
      if (!server.listening) await listen(port);
    },
    close: goDown,
  };
}

function hits(fault: LdapFault, frame: Frame): boolean {
  const aimed = fault.on === 'any' || fault.on === frame.operation;
  return aimed && (fault.containing === undefined || frame.bytes.includes(fault.containing));
}

function relay(client: TLSSocket, controller: TLSSocket, faultFor: (frame: Frame) => LdapFault | null): void {
  let pending: Buffer = Buffer.alloc(0);
  let losing = false;
  client.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let next = takeFrame(pending); next !== null; next = takeFrame(pending)) {
      pending = next.rest;
      losing = pass(next.frame, faultFor(next.frame), client, controller) || losing;
    }
  });
  controller.on('data', (chunk: Buffer) => {
    if (losing) client.destroy();
    else client.write(chunk);
  });
}

/** Hands one message on, or breaks it; `true` when the answer to it is to be lost. */
function pass(frame: Frame, fault: LdapFault | null, client: TLSSocket, controller: TLSSocket): boolean {
  if (fault === null) {
    controller.write(frame.bytes);
    return false;
  }
  if (typeof fault.what === 'object') {
    client.write(answer(frame, fault.what.code, fault.what.text));
    return false;
  }
  switch (fault.what) {
    case 'lose_answer':
      controller.write(frame.bytes);
      return true;
    case 'lose_request':
      client.destroy();
      return false;
    case 'garble':
      client.write(GARBAGE);
      return false;
    case 'silence':
      return false;
  }
}
