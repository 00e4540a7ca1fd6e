import { createHmac } from 'node:crypto';
import { request as send } from 'node:http';
import type { WebClient } from '@slack/web-api';
import type { Core } from '../../src/ports/core.js';
import type { JobQueue } from '../../src/ports/queue.js';
import { Secret } from '../../src/platform/secret.js';
import { withOverrides } from '../../src/texts/say.js';
import { createFormNonces, type FormNonces } from '../../src/web/form-nonce.js';
import { createMetrics } from '../../src/web/metrics.js';
import { startWeb, type Web } from '../../src/web/start.js';
import { MemoryMessenger } from '../memory-messenger.js';

const SEAL_KEY = 'the matrix shares its forms by this';

const unused = (): Promise<never> => Promise.reject(new Error('the matrix has no queue'));
const NO_QUEUE: JobQueue = {
  kind: 'pglite',
  add: unused,
  addMany: unused,
  has: unused,
  work: unused,
  ping: unused,
  counts: unused,
  close: unused,
};

/** A request to one of the pages. */
export interface PageCall {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The pages over HTTP, wired as the app wires them. */
export class PageServer {
  /** What a page that was open gave: pages that do not open any more issue none. */
  readonly nonces: FormNonces;
  /** What the app logs as failures of its own: none is expected. */
  readonly errors: unknown[];
  readonly #web: Web;
  #calls = 0;

  private constructor(web: Web, nonces: FormNonces, errors: unknown[]) {
    this.#web = web;
    this.nonces = nonces;
    this.errors = errors;
  }

  static async open(core: Core, client: WebClient): Promise<PageServer> {
    const errors: unknown[] = [];
    const log = core.log.child({});
    log.error = (...said: readonly unknown[]): void => void errors.push(said);
    const web = await startWeb({
      config: {
        // Each call is another caller's: what is tried is who may, not how often.
        web: { port: 0, host: '127.0.0.1', publicUrl: null, trustedProxies: 1, metricsToken: null },
        mail: {},
        secretKeys: [new Secret(SEAL_KEY)],
      },
      core,
      queue: NO_QUEUE,
      dispatcher: {
        nudge: () => undefined,
        reconcile: () => Promise.resolve(),
        lastRound: () => core.runtime.now(),
        refusal: () => null,
        stop: () => Promise.resolve(),
      },
      metrics: createMetrics(),
      client,
      messenger: new MemoryMessenger(),
      slack: null,
      log,
      texts: withOverrides({}),
    });
    const shared = createHmac('sha256', SEAL_KEY).update('form nonces').digest('base64');
    return new PageServer(web, createFormNonces(Buffer.from(shared), core.runtime), errors);
  }

  /** As it is written here: fetch would set or forbid some of these headers. @returns the status */
  ask({ method, path, headers, body }: PageCall): Promise<number> {
    this.#calls += 1;
    const caller = `10.${(this.#calls >> 16) & 255}.${(this.#calls >> 8) & 255}.${this.#calls & 255}`;
    const { hostname, port } = new URL(this.#web.url);
    return new Promise((resolve, reject) => {
      const sent = send(
        { hostname, port, path, method, headers: { 'x-forwarded-for': caller, ...headers }, agent: false },
        (response) => {
          response.on('error', reject);
          response.on('end', () => resolve(response.statusCode ?? 0));
          response.resume();
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): Promise<void> {
    return this.#web.close();
  }
}
