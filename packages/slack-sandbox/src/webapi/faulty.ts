import { setTimeout as wait } from 'node:timers/promises';
import type { Core } from '../core.js';
import { isObject, type JsonObject } from '../json.js';

/** Text is sent as a page, an object as JSON, `null` without a body. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject | string | null;
}

/** `lost`: the connection breaks instead of an answer. */
export type Answered = ApiAnswer | 'lost';

/** How one of Slack's interfaces says what may befall any call. */
export interface ErrorVoice {
  limited(seconds: number): ApiAnswer;
  failed(status: 200 | 500, code: string): ApiAnswer;
  /** The word for the journal: `ok`, or the error's code. */
  statusOf(answer: ApiAnswer): string;
}

export const answer = (
  body: ApiAnswer['body'],
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer => ({ status, headers, body });

export interface NamedCall {
  readonly name: string;
  /** For the journal. */
  readonly args: unknown;
  run(): ApiAnswer;
}

const channelOf = (args: unknown): string | undefined =>
  isObject(args) && typeof args['channel'] === 'string' ? args['channel'] : undefined;

async function befallen(core: Core, call: NamedCall, voice: ErrorVoice): Promise<Answered> {
  const fault = core.faults.take('api', call.name, channelOf(call.args));
  if (!fault) return call.run();
  core.journal.add({ kind: 'fault', name: call.name, status: fault.type, detail: fault });
  switch (fault.type) {
    case 'rate_limited':
      return voice.limited(fault.retry_after_s ?? 1);
    case 'http_500':
      return voice.failed(500, fault.error ?? 'internal_error');
    case 'error':
      return voice.failed(200, fault.error ?? 'internal_error');
    case 'nonsense':
      return answer('<html><body>Please sign in to the proxy</body></html>');
    case 'lost_request':
      return 'lost';
    case 'lost_answer':
      call.run();
      return 'lost';
    default:
      await wait(fault.ms ?? 0, undefined, { ref: false });
      return call.run();
  }
}

/** Carries a call out, unless a fault waits for it, and notes it in the journal. */
export async function underFaults(core: Core, call: NamedCall, voice: ErrorVoice): Promise<Answered> {
  const given = await befallen(core, call, voice);
  const status = given === 'lost' ? 'lost' : voice.statusOf(given);
  const detail = { args: call.args, ...(given === 'lost' ? {} : { answer: given.body }) };
  core.journal.add({ kind: 'api_call', name: call.name, status, detail });
  return given;
}
