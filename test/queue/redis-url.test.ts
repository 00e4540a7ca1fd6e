import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRedisUrl } from '../../jobs/queue/redis-url.js';

it.each([
  ['redis://localhost', { kind: 'redis', tls: false, db: 0, nodes: [{ host: 'localhost', port: 6379 }] }],
  [
    'rediss://me:p%40ss@[::1]:7000/3',
    { kind: 'redis', tls: true, db: 3, username: 'me', password: 'p@ss', nodes: [{ host: '::1', port: 7000 }] },
  ],
  [
    'redis+sentinel://a,b:1/main/2?sentinelPassword=s',
    { kind: 'redis-sentinel', master: 'main', db: 2, sentinelPassword: 's', label: 'a:26379,b:1' },
  ],
  ['rediss+cluster://:pw@a:1,b:2', { kind: 'redis-cluster', tls: true, password: 'pw', label: 'a:1,b:2' }],
])('reads %s', (url, expected) => {
  expect(parseRedisUrl(url)).toMatchObject({ ok: true, value: expected });
});

it.each([
  '',
  'http://a',
  'redis://',
  'redis://a:99999',
  'redis://a,b',
  'redis://a/x',
  'redis+cluster://a/1',
  'redis+sentinel://a',
  'redis://%zz@a',
])('explains what is wrong with %j', (url) => {
  expect(parseRedisUrl(url)).toMatchObject({ ok: false, error: expect.stringContaining('REDIS_URL') });
});

it('never throws and never repeats the password', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (password, rest) => {
      const parsed = parseRedisUrl(`redis://u:hunter2${encodeURIComponent(password)}@${rest}`);
      expect(parsed.ok ? parsed.value.label : parsed.error).not.toContain('hunter2');
    }),
  );
});
