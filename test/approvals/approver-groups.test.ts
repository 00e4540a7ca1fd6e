import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { rolesFinding } from '../../src/doctor/examine-roles.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { Secret } from '../../src/platform/secret.js';
import { createSlackClient } from '../../src/slack/client.js';
import { createUserGroupReader } from '../../src/slack/directory.js';
import { rolesOf } from '../roles.js';

const ANSWERS: Readonly<Record<string, object>> = {
  S0LIVE: { ok: true, users: ['U0BEA'] },
  S0DEAD: { ok: false, error: 'no_such_subteam' },
  S0EMPTY: { ok: true, users: [] },
  S0SILENT: { ok: false, error: 'internal_error' },
};

const ONE_SUFFICES = { actions: [], targets: [], expireMs: 0, remindMs: 0 } as const;

describe('a user group of approvers that is gone', () => {
  let server: Server;
  let logged = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(ANSWERS[new URLSearchParams(body).get('usergroup') ?? '']));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    logged = '';
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const approvers = (...userGroups: string[]) => approversOf(['U0ANA'], userGroups);
  const groupsAlone = (...userGroups: string[]) => approversOf([], userGroups);

  function approversOf(users: string[], userGroups: string[]) {
    const { port } = server.address() as AddressInfo;
    const log = pino({ level: 'error' }, { write: (line: string) => (logged += line) });
    const client = createSlackClient(new Secret('xoxb-1'), `http://127.0.0.1:${port}/api/`, log);
    return rolesOf(
      { approver: { users, userGroups } },
      { membersOf: createUserGroupReader(client, systemRuntime(), log) },
    );
  }

  it('does not block the members of the others, and lets nobody else in', async () => {
    const both = approvers('S0DEAD', 'S0LIVE');
    expect(await both.has('U0BEA', ['approver'])).toBe(true);
    expect(await both.has('U0ANA', ['approver'])).toBe(true);
    expect(await both.has('U0EVE', ['approver'])).toBe(false);
    expect(await both.all(['approver'])).toEqual(['U0ANA', 'U0BEA']);
  });

  it('is named in the log and by the doctor', async () => {
    const found = await rolesFinding(approvers('S0DEAD', 'S0LIVE', 'S0EMPTY'), ONE_SUFFICES);
    expect(found).toMatchObject({ subject: 'approvers', verdict: 'misconfigured' });
    expect(found.detail).toMatch(/knows no such user group: S0DEAD\..*no members: S0EMPTY\./);
    expect(logged).toContain('S0DEAD');
    expect(await rolesFinding(approvers('S0LIVE'), ONE_SUFFICES)).toMatchObject({ verdict: 'ok' });
  });

  it('is something else than one that Slack does not tell about: whoever may be in it is not refused for good', async () => {
    const unsure = approvers('S0SILENT', 'S0LIVE');
    expect(await unsure.has('U0BEA', ['approver'])).toBe(true);
    await expect(unsure.has('U0EVE', ['approver'])).rejects.toThrow('could not be read');
  });

  it('keeps nobody else from being told when Slack does not tell about it; only when nobody is known it is an error', async () => {
    expect(await approvers('S0SILENT', 'S0LIVE').all(['approver'])).toEqual(['U0ANA', 'U0BEA']);
    expect(await approvers('S0SILENT').all(['approver'])).toEqual(['U0ANA']);
    await expect(groupsAlone('S0SILENT', 'S0DEAD').all(['approver'])).rejects.toThrow('could not be read');
    expect(await groupsAlone('S0DEAD').all(['approver'])).toEqual([]);
  });

  it('is named by the doctor when Slack does not tell about it', async () => {
    const silent = await rolesFinding(approvers('S0SILENT', 'S0LIVE'), ONE_SUFFICES);
    expect(silent).toMatchObject({ verdict: 'unreachable' });
    expect(silent.detail).toContain('does not say who is in these user groups: S0SILENT.');
    const both = await rolesFinding(approvers('S0SILENT', 'S0DEAD'), ONE_SUFFICES);
    expect(both).toMatchObject({ verdict: 'misconfigured' });
    expect(both.detail).toMatch(/S0DEAD.*S0SILENT/);
  });
});
