import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { withinDeadline } from '../platform/within-deadline.js';
import type { Runtime } from '../platform/runtime.js';
import type { FormNonces } from './form-nonce.js';
import { createRateLimit } from './rate-limit.js';
import { reportToken, type ReportPagePort, type Taken } from './report-port.js';
import {
  alreadyReportedPage,
  busyPage,
  downPage,
  gonePage,
  openPage,
  refusedPage,
  reportedPage,
  wasMePage,
  type Page,
  type SayPage,
} from './report-views.js';
import { callerIp, isSameOrigin, readBody } from './request.js';

const BODY_LIMIT = 4096;
const PORT_DEADLINE_MS = 10_000;
const PER_TOKEN = { tries: 30, windowMs: 60_000, maxKeys: 5_000 };
const PER_ADDRESS = { tries: 120, windowMs: 60_000, maxKeys: 5_000 };

const form = z.strictObject({ answer: z.enum(['not_me', 'me']), nonce: z.string().max(100) });

export interface ReportPageOptions {
  readonly port: ReportPagePort;
  readonly nonces: FormNonces;
  readonly say: SayPage;
  readonly runtime: Runtime;
  readonly publicOrigin: string | null;
  readonly trustedProxies: number;
  /** Called with why a request was refused, for the metrics; `reason` is one of a few words. */
  onRejected(reason: string): void;
  /** Called with what the port threw. */
  onError(error: unknown, correlationId: string): void;
}

/** One request to `/report/<token>`; the method is GET, HEAD or POST. */
export interface ReportRequest {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly correlationId: string;
}

function fieldsOf(body: string): unknown {
  const fields = new URLSearchParams(body);
  // A field given twice is refused: which of the two a reader uses must not matter.
  return [...fields.keys()].length === new Set(fields.keys()).size ? Object.fromEntries(fields) : null;
}

const userAgentOf = (request: IncomingMessage): string | null =>
  request.headers['user-agent']?.replace(/[^\x20-\x7e]/g, ' ').slice(0, 300) ?? null;

/** Answers the report page's requests: a GET only shows, a POST answers. */
export function createReportPage(options: ReportPageOptions): (asked: ReportRequest) => Promise<Page> {
  const { port, nonces, say, runtime } = options;
  const perToken = createRateLimit(PER_TOKEN, runtime);
  const perAddress = createRateLimit(PER_ADDRESS, runtime);

  function refuse(why: 'refused' | 'malformed', status: number, reason: string): Page {
    options.onRejected(reason);
    return refusedPage(say, why, status);
  }

  async function ask<T>(work: Promise<T>): Promise<T> {
    const answer = await withinDeadline(work, PORT_DEADLINE_MS);
    if (answer === 'late')
      throw new Error(`The report page had no answer from the core within ${PORT_DEADLINE_MS} ms; check the database.`);
    return answer;
  }

  async function show(token: string, stale: boolean): Promise<Page> {
    const seen = await ask(port.look(token));
    return seen.state === 'open' ? openPage(say, seen, nonces.issue(token), stale) : gonePage(say, seen);
  }

  async function answer(token: string, { request, path, correlationId }: ReportRequest): Promise<Page> {
    if (!isSameOrigin(request, options.publicOrigin)) return refuse('refused', 403, 'cross_site');
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
    if (type !== 'application/x-www-form-urlencoded') return refuse('malformed', 415, 'content_type');
    const body = await readBody(request, BODY_LIMIT);
    if (!body.ok) return refuse('malformed', body.error === 'too_large' ? 413 : 400, body.error);
    const fields = form.safeParse(fieldsOf(body.value));
    if (!fields.success) return refuse('malformed', 400, 'fields');
    if (!nonces.holds(fields.data.nonce, token)) {
      options.onRejected('nonce');
      return show(token, true);
    }
    const ip = callerIp(request, options.trustedProxies);
    const given = { answer: fields.data.answer, correlationId, ip, userAgent: userAgentOf(request) };
    return takenPage(await ask(port.answer(token, given)), path);
  }

  function takenPage(taken: Taken, path: string): Page {
    switch (taken.state) {
      case 'reported':
        return reportedPage(say, taken.reference);
      case 'claimed':
        return wasMePage(say, path);
      case 'already_reported':
        return alreadyReportedPage(say);
      default:
        return gonePage(say, taken);
    }
  }

  return async (asked) => {
    const token = reportToken.safeParse(asked.path.slice('/report/'.length));
    const byAddress = perAddress.wait(callerIp(asked.request, options.trustedProxies));
    const wait = token.success ? Math.max(byAddress, perToken.wait(token.data)) : byAddress;
    if (wait > 0) {
      options.onRejected('rate_limited');
      return busyPage(say, wait);
    }
    if (!token.success) return gonePage(say, { state: 'unknown' });
    try {
      return await (asked.request.method === 'POST' ? answer(token.data, asked) : show(token.data, false));
    } catch (error) {
      options.onError(error, asked.correlationId);
      return downPage(say, asked.correlationId);
    }
  };
}
