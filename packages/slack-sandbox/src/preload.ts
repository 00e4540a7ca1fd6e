/**
 * `node --import slack-sandbox/preload app.js`: what the process sends to slack.com goes to the local Slack at
 * SLACK_SANDBOX_URL instead, and nothing leaves the machine for Slack. It stands in front of `fetch`, which @slack/web-api 8
 * and Bolt 5 use, and of node:https, which their older versions use by axios. Socket Mode, response URLs and uploads need
 * nothing: the app is given their addresses by the API.
 */
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { urlToHttpOptions } from 'node:url';

type Listener = (response: IncomingMessage) => void;

const isSlack = (host: string): boolean => /^(.+\.)?slack\.com$/i.test(host);

/** @throws Error that names the fix when the variable is missing or is no address */
function localSlack(): URL {
  const given = process.env['SLACK_SANDBOX_URL'] ?? '';
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url?.protocol === 'http:') return url;
  throw new Error(
    `slack-sandbox/preload needs SLACK_SANDBOX_URL, and it is ${given === '' ? 'not set' : `"${given}"`}. ` +
      'Set it to the address that slack-sandbox prints, for example http://127.0.0.1:4800',
  );
}

const local = localSlack();

/** The same path on the local Slack; `null` for what is not Slack's. */
function redirected(given: string): string | null {
  if (!URL.canParse(given)) return null;
  const url = new URL(given);
  return isSlack(url.hostname) ? new URL(url.pathname + url.search, local).href : null;
}

const realFetch = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const there = redirected(input instanceof Request ? input.url : String(input));
  if (there === null) return realFetch(input, init);
  return realFetch(input instanceof Request ? new Request(there, input) : there, init);
};

const hostOf = ({ hostname, host }: RequestOptions): string => (hostname ?? host ?? '').replace(/:\d+$/, '');

/** An agent of https would refuse plain HTTP. */
function locally(options: https.RequestOptions): RequestOptions {
  return {
    ...options,
    agent: undefined,
    protocol: 'http:',
    hostname: local.hostname,
    host: local.hostname,
    port: local.port,
  };
}

const realRequest = https.request;

function request(
  first: string | URL | https.RequestOptions,
  second?: https.RequestOptions | Listener,
  third?: Listener,
): ClientRequest {
  const listener = typeof second === 'function' ? second : third;
  const more = typeof second === 'function' ? {} : second;
  const options = {
    ...(typeof first === 'string' || first instanceof URL ? urlToHttpOptions(new URL(first)) : first),
    ...more,
  };
  return isSlack(hostOf(options)) ? http.request(locally(options), listener) : realRequest(options, listener);
}

function get(...given: Parameters<typeof request>): ClientRequest {
  const sent = request(...given);
  sent.end();
  return sent;
}

Object.assign(https, { request, get });
syncBuiltinESMExports();
