import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const TRIES = 50;
export const LDAPS_PORT = 636;

/**
 * A loopback address of its own on which the LDAPS port is free. Samba's ports are fixed, so controllers run beside
 * each other by their addresses: every 127.x.y.z is this machine on Linux, and nothing outside can reach it.
 */
export async function freeLoopbackAddress(): Promise<string> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const address = `127.77.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    if (await isFree(address)) return address;
  }
  throw new Error(
    `No loopback address with a free port ${LDAPS_PORT} was found in ${TRIES} tries; stop other domain controllers.`,
  );
}

function isFree(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(LDAPS_PORT, address, () => server.close(() => resolve(true)));
  });
}
