import type { IncomingMessage } from 'node:http';
import { HttpProblem } from '../control/http.js';
import type { JsonObject } from '../json.js';
import { isObject, stringOf } from '../json.js';
import { multipart } from './form.js';

async function fromForm(body: Buffer, contentType: string): Promise<JsonObject> {
  if (!contentType.includes('multipart/form-data')) return Object.fromEntries(new URLSearchParams(body.toString()));
  const form = await multipart(body, contentType);
  return Object.fromEntries([...form.entries()].filter(([, value]) => typeof value === 'string'));
}

async function fromBody(body: Buffer, contentType: string): Promise<JsonObject> {
  if (body.length === 0) return {};
  if (!contentType.includes('json')) return fromForm(body, contentType);
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    throw new HttpProblem(200, 'invalid_json', 'The body is not JSON.');
  }
  if (isObject(parsed)) return parsed;
  throw new HttpProblem(200, 'json_not_object', 'The body is JSON but no object.');
}

/** A Web API call's token and arguments, from the query, a form or JSON; the token's place is as in Slack. */
export async function callArguments(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
): Promise<{ token: string | undefined; args: JsonObject }> {
  const given = await fromBody(body, request.headers['content-type'] ?? '');
  const { token: inBody, ...args } = { ...Object.fromEntries(url.searchParams), ...given };
  const [, bearer] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return { token: bearer ?? stringOf(inBody), args };
}
