import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from '@jest/globals';
import { call, connectToken, GROUPS, playedRuntime } from './okta-subject.js';

const FACTORS = [
  { id: 'sms1', factorType: 'sms', provider: 'OKTA', status: 'ACTIVE', profile: { phoneNumber: '+15555550100' } },
  { id: 'call1', factorType: 'call', provider: 'OKTA', status: 'ACTIVE' },
  { id: 'push1', factorType: 'push', provider: 'OKTA', status: 'ACTIVE' },
];

const CALLER = { id: '00uM', status: 'ACTIVE', profile: { login: 'notme@example.com' } };

it('a phone that is removed as a factor in Okta does not stay for recovery', async () => {
  const deleted: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'DELETE' || request.method === 'POST') deleted.push(request.url ?? '');
    response.writeHead(request.method === 'DELETE' ? 204 : 200, { 'content-type': 'application/json' });
    if (request.method === 'DELETE') return response.end();
    if (request.url === '/api/v1/users/me') return response.end(JSON.stringify(CALLER));
    return response.end(JSON.stringify(request.url?.includes('/factors') ? FACTORS : []));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    const okta = connectToken(`http://127.0.0.1:${address.port}`, playedRuntime(), GROUPS);
    const account = { system: 'okta', accountId: '00uX', login: 'ada@example.com' };
    const done = await okta.perform({ kind: 'remove_factors', items: 'all' }, account, call());
    expect(done).toEqual(expect.objectContaining({ ok: true }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
  expect(deleted).toEqual([
    '/api/v1/users/00uX/factors/sms1?removeRecoveryEnrollment=true',
    '/api/v1/users/00uX/factors/call1?removeRecoveryEnrollment=true',
    '/api/v1/users/00uX/lifecycle/reset_factors',
  ]);
});
