import { afterEach, describe, expect, it } from '@jest/globals';
import { ADA_USER, closeServers, serverThat } from './scim-server.js';
import { call } from './scim-subject.js';

afterEach(closeServers);

describe('a search whose answer could not have shown the person', () => {
  const person = { emails: ['ada@example.com'], employeeId: null };

  it.each([
    [{}],
    [{ status: 'ok' }],
    [{ totalResults: 3, Resources: [] }],
    [{ totalResults: '3', Resources: [] }],
    [{ totalResults: 1 }],
    [ADA_USER],
  ])('proves nobody absent: %j', async (body) => {
    const { connector } = await serverThat({ 'GET /Users': { body } });
    expect(await connector.find(person, call())).toMatchObject({ error: { kind: 'transient' } });
  });

  it.each([
    [{ totalResults: 0 }],
    [{ totalResults: 0, Resources: null }],
    [{ totalResults: '0', Resources: [] }],
    [{ Resources: [] }],
  ])('is told from one that has nobody: %j', async (body) => {
    const { connector } = await serverThat({ 'GET /Users': { body } });
    expect(await connector.find(person, call())).toMatchObject({ error: { kind: 'not_found' } });
  });
});
