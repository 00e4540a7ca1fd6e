import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { Secret } from '../../src/platform/secret.js';
import { createSlackClient } from '../../src/slack/client.js';
import { createStandingReader, standingOf } from '../../src/slack/standing.js';
import { playedRuntime } from '../played-runtime.js';

const TEAM = 'T0MEADOW';
const member = { id: 'U0BEA', team_id: TEAM, deleted: false, is_bot: false, is_restricted: false };

describe('what a user of Slack is in this workspace', () => {
  it.each<[string, unknown, string]>([
    ['a member', member, 'member'],
    ['who authorised the app (is_app_user)', { ...member, is_app_user: true }, 'member'],
    [
      'of another workspace of the same company',
      { ...member, team_id: 'T0OTHER', enterprise_user: { teams: [TEAM] } },
      'member',
    ],
    ['deactivated', { ...member, deleted: true, is_bot: true }, 'deactivated'],
    ['a guest', { ...member, is_restricted: true }, 'guest'],
    ['a single-channel guest', { ...member, is_restricted: true, is_ultra_restricted: true }, 'single_channel_guest'],
    ['a bot', { ...member, is_bot: true }, 'app'],
    ['a workflow', { ...member, is_workflow_bot: true }, 'app'],
    ['Slackbot', { ...member, id: 'USLACKBOT' }, 'app'],
    ['a stranger', { ...member, is_stranger: true }, 'stranger'],
    ['in a shared channel', { ...member, team_id: 'T0CUSTOMER', is_stranger: false }, 'elsewhere'],
    ['a guest of another workspace', { ...member, team_id: 'T0CUSTOMER', is_restricted: true }, 'elsewhere'],
    ['without a workspace', { ...member, team_id: undefined }, 'unknown'],
    ['told in an unreadable way', { ...member, is_restricted: 'yes' }, 'unknown'],
    ['not told at all', undefined, 'unknown'],
  ])('somebody %s', (_who, answered, wanted) => {
    expect(standingOf(answered, TEAM)).toBe(wanted);
  });
});

describe('asking Slack for it', () => {
  let server: Server;
  let calls: string[] = [];
  let answer: object = {};
  beforeAll(async () => {
    server = createServer((request, response) => {
      calls.push(request.url ?? '');
      request.resume();
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    calls = [];
    answer = { ok: true, user: member };
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const runtime = playedRuntime();
  const reader = () => {
    const { port } = server.address() as AddressInfo;
    const client = createSlackClient(new Secret('xoxb-1'), `http://127.0.0.1:${port}/api/`, pino({ level: 'silent' }));
    return createStandingReader(client, { runtime, teamId: TEAM, keepMs: 1000 });
  };

  it('is one call for all who ask at once, and a new one when the answer is old', async () => {
    const ask = reader();
    expect(await Promise.all([ask('U0BEA'), ask('U0BEA'), ask('U0BEA')])).toEqual(['member', 'member', 'member']);
    expect(calls).toHaveLength(1);
    answer = { ok: true, user: { ...member, deleted: true } };
    expect(await ask('U0BEA')).toBe('member');
    runtime.move(1000);
    expect(await ask('U0BEA')).toBe('deactivated');
  });

  it('is unknown for somebody whom Slack does not know or show', async () => {
    answer = { ok: false, error: 'user_not_visible' };
    expect(await reader()('U0BEA')).toBe('unknown');
  });

  it('is an error while Slack does not answer, and asked again then', async () => {
    const ask = reader();
    answer = { ok: false, error: 'internal_error' };
    await expect(ask('U0BEA')).rejects.toThrow('internal_error');
    answer = { ok: true, user: member };
    expect(await ask('U0BEA')).toBe('member');
  });
});
