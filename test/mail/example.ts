import type { Runtime } from '../../src/platform/runtime.js';
import type { OutgoingMail } from '../../src/mail/port.js';

export const NOON = new Date('2026-03-02T12:00:00.000Z');

/** A clock that stands still until it is moved. */
export function playedRuntime(): Runtime & { advance(ms: number): void } {
  let at = NOON.getTime();
  let ids = 0;
  return {
    now: () => new Date(at),
    newId: (prefix) => `${prefix}_${String(++ids).padStart(32, '0')}`,
    randomBytes: (size) => Buffer.alloc(size, 7),
    observe: () => undefined,
    advance: (ms) => (at += ms),
  };
}

export const mail: OutgoingMail = {
  id: 'notice_0001',
  to: 'ada@example.com',
  subject: 'Was this you? Grüße',
  text: 'Open https://notme.example/report/abc\n',
  html: '<p>Open <a href="https://notme.example/report/abc?x=1&amp;y=2">the page</a></p>',
  correlationId: 'corr-1',
};
