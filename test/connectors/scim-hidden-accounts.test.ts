import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/ports/connector.js';
import { ADA, ADA_USER, closeServers, DIA_USER, serverThat } from './scim-server.js';
import { call } from './scim-subject.js';

afterEach(closeServers);

const disable: Command = { kind: 'disable_account' };
const verdict = (expected: string) => ({ value: { verdict: expected } });

describe.each([404, 410])('an account that is hidden with %i once it is deactivated', (status) => {
  const gone = { status, body: { detail: 'not found' } };
  const hiding = {
    'GET /Users/u1': gone,
    'PATCH /Users/u1': gone,
    'GET /Users': { body: { totalResults: 1, Resources: [DIA_USER] } },
    'GET /Groups/adm': { body: { id: 'adm', members: [{ value: 'u2' }] } },
    'GET /Groups/q': { body: { id: 'q', members: [{ value: 'u1' }] } },
  };

  it('proves the deactivation, and that it was not activated', async () => {
    const { connector } = await serverThat(hiding);
    expect(await connector.perform(disable, ADA, call())).toMatchObject({ error: { kind: 'unknown_outcome' } });
    expect(await connector.readBack(disable, ADA, new Date(), call())).toMatchObject(verdict('holds'));
    const enable: Command = { kind: 'enable_account' };
    expect(await connector.readBack(enable, ADA, new Date(), call())).toMatchObject(verdict('does_not_hold'));
  });

  it.each<[Command, string]>([
    [{ kind: 'remove_admin_roles' }, 'holds'],
    [{ kind: 'quarantine' }, 'cannot_tell'],
    [{ kind: 'revoke_sessions' }, 'cannot_tell'],
  ])('leaves the other steps of a lockdown their verdict: %j', async (command, expected) => {
    const { connector } = await serverThat(hiding);
    expect(await connector.readBack(command, ADA, new Date(), call())).toMatchObject(verdict(expected));
  });

  it('has no state, for it cannot be told from one that was deleted', async () => {
    const { connector } = await serverThat(hiding);
    expect(await connector.readState(ADA, call())).toMatchObject({
      error: { kind: 'not_found', message: expect.stringContaining('hidden because it was deactivated') },
    });
  });

  it('can be shown again by the undo', async () => {
    let shown = false;
    const { connector } = await serverThat({
      ...hiding,
      'GET /Users/u1': () => (shown ? { body: ADA_USER } : gone),
      'PATCH /Users/u1': () => {
        shown = true;
        return { status: 204, body: null };
      },
    });
    expect(await connector.capture(disable, ADA, call())).toMatchObject({ value: { active: false } });
    expect(await connector.restore(disable, ADA, { active: true }, call())).toMatchObject({ ok: true });
    expect(await connector.capture(disable, ADA, call())).toMatchObject({ value: { active: true } });
  });

  it('says where to activate it when the server takes no change of it', async () => {
    const { connector } = await serverThat(hiding);
    expect(await connector.restore(disable, ADA, { active: true }, call())).toMatchObject({
      error: { kind: 'not_found', message: expect.stringContaining('activate it in its console') },
    });
  });

  it('is not believed to be hidden where nobody is shown', async () => {
    const { connector } = await serverThat({ ...hiding, 'GET /Users': { body: { totalResults: 0 } } });
    expect(await connector.capture(disable, ADA, call())).toMatchObject({ error: { kind: 'not_found' } });
    expect(await connector.readState(ADA, call())).toMatchObject({ error: { kind: 'not_found' } });
  });
});
