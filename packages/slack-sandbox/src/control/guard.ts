import type { IncomingMessage } from 'node:http';

const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * Why a request to the page or the control API is refused, `null` when it is not. A Host that is not local is a
 * rebound name; an Origin that is not ours is another web page driving this one.
 */
export function refusalFor(request: IncomingMessage): string | null {
  const host = request.headers.host ?? '';
  if (!LOCAL.test(host))
    return 'This simulator answers only to 127.0.0.1, localhost and [::1]: open it under that name.';
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`)
    return 'Another web page may not drive this simulator: send the request without an Origin, or from its own page.';
  if (request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate')
    return 'Another web page may not drive this simulator: open it directly.';
  return null;
}
