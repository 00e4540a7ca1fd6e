import { afterEach, describe, expect, it } from '@jest/globals';
import type { MimecastDirectory, MimecastDirectoryOptions } from 'identity-sandbox/mimecast';
import type { Command } from '../../src/ports/connector.js';
import { ADA, call, connect, playedRuntime, startDirectory } from './mimecast-subject.js';

const ada = { system: 'mimecast', accountId: ADA, login: ADA };
const disable: Command = { kind: 'disable_account' };
const SYNC = '/api/directory/execute-sync';
const ON = { synced_from: 'active_directory', start_directory_sync: true };
const AD = { description: 'office', serverType: 'active_directory' } as const;

let open: MimecastDirectory[] = [];
afterEach(async () => {
  await Promise.all(open.map((directory) => directory.close()));
  open = [];
});

async function scene(settings: Record<string, unknown> = ON, more: Partial<MimecastDirectoryOptions> = {}) {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now(), { connections: [AD], ...more });
  open.push(directory);
  const connector = connect(directory.url, runtime, settings);
  const since = runtime.now();
  return {
    ...{ runtime, directory, connector },
    started: () => directory.calls().filter(({ path }) => path === SYNC).length,
    async read() {
      const read = await connector.readBack(disable, ada, since, call());
      if (!read.ok) throw new Error(read.error.message);
      return read.value;
    },
  };
}

describe('disabling an account that is copied from a directory', () => {
  it('starts a synchronisation, and tells that it has ended only when that is read', async () => {
    const here = await scene();
    here.directory.setSyncTime(5 * 60_000);
    here.directory.inDirectory(ADA, false);
    expect(await here.connector.perform(disable, ada, call())).toMatchObject({ ok: true });
    expect(here.started()).toBe(1);
    expect(await here.read()).toMatchObject({ verdict: 'holds', observed: expect.stringContaining('is under way') });
    here.runtime.advance(6 * 60_000);
    const read = await here.read();
    expect(read).toMatchObject({ verdict: 'holds', observed: expect.stringContaining('2026-03-02 09:05:00 UTC') });
  });

  it('is told as undone where the directory says otherwise', async () => {
    const here = await scene();
    here.directory.setSyncTime(60_000);
    here.directory.inDirectory(ADA, true);
    await here.connector.perform(disable, ada, call());
    here.runtime.advance(2 * 60_000);
    expect(await here.read()).toMatchObject({ verdict: 'does_not_hold' });
  });

  it.each<[string, readonly string[], string]>([
    ['may not be started', ['Services | Directory Sync | Edit'], 'It could not be started: Mimecast does not permit'],
    ['may not be read', ['Services | Directory Sync | Read'], 'is not told: Mimecast does not permit'],
  ])('is disabled and told so where a synchronisation %s', async (_how, missing, told) => {
    const here = await scene();
    for (const permission of missing) here.directory.permit(permission, false);
    expect(await here.connector.perform(disable, ada, call())).toMatchObject({ ok: true });
    const read = await here.read();
    expect(read).toMatchObject({ verdict: 'holds', observed: expect.stringContaining(told) });
    expect(read.observed).toContain(missing[0]);
  });

  it('is not told as shown after a synchronisation that ended between the two reads', async () => {
    const runtime = playedRuntime();
    // A minute passes as the connections are asked for, after the account was read.
    const isAsked = () => directory.calls().some(({ path }) => path.includes('get-connection'));
    const clock = () => new Date(runtime.now().getTime() + (isAsked() ? 61_000 : 0));
    const directory: MimecastDirectory = await startDirectory(clock, { connections: [AD] });
    open.push(directory);
    directory.setSyncTime(60_000);
    directory.inDirectory(ADA, true);
    const connector = connect(directory.url, runtime, ON);
    const since = runtime.now();
    expect(await connector.perform(disable, ada, call())).toMatchObject({ ok: true });
    const read = await connector.readBack(disable, ada, since, call());
    expect(directory.user(ADA)?.accountDisabled).toBe(false);
    expect(read).toMatchObject({ ok: true, value: { verdict: 'does_not_hold' } });
  });

  it('is not told as one that could not be started where only that of another account was refused', async () => {
    const here = await scene();
    await here.connector.perform(disable, ada, call());
    here.directory.permit('Services | Directory Sync | Edit', false);
    const bob = { system: 'mimecast', accountId: 'bob@example.com', login: 'bob@example.com' };
    await here.connector.perform(disable, bob, call());
    expect((await here.read()).observed).not.toContain('It could not be started');
    const read = await here.connector.readBack(disable, bob, here.runtime.now(), call());
    expect(read.ok && read.value.observed).toContain('It could not be started');
    // Once it could be, nothing of the refusal is left.
    here.directory.permit('Services | Directory Sync | Edit', true);
    await here.connector.perform(disable, bob, call());
    const again = await here.connector.readBack(disable, bob, here.runtime.now(), call());
    expect(again.ok && again.value.observed).not.toContain('It could not be started');
  });

  it('does not call a synchronisation from before the command one since', async () => {
    const here = await scene();
    await here.connector.perform(disable, ada, call());
    here.runtime.advance(60_000);
    await here.read();
    const later = here.runtime.now();
    here.directory.permit('Services | Directory Sync | Edit', false);
    const read = await here.connector.readBack(disable, ada, later, call());
    expect(read.ok && read.value.observed).toContain('shows no synchronisation');
  });

  it('waits for every connection, and says when none brings disabled accounts along', async () => {
    const deaf = { ...AD, acknowledgeDisabledAccounts: false };
    const none = await scene(ON, { connections: [deaf] });
    await none.connector.perform(disable, ada, call());
    expect((await none.read()).observed).toContain('No directory connection');
    const one = await scene(ON, { connections: [AD, deaf] });
    one.directory.inDirectory(ADA, false);
    await one.connector.perform(disable, ada, call());
    expect((await one.read()).observed).toContain('has synchronised with its directories since');
  });

  it.each<Record<string, unknown>>([{}, { synced_from: 'active_directory' }, { start_directory_sync: true }])(
    'starts none with %j, and asks for no right to',
    async (settings) => {
      const here = await scene(settings);
      await here.connector.perform(disable, ada, call());
      expect(here.started()).toBe(0);
      expect((await here.read()).observed).toBe('The Mimecast account is disabled; POP and SMTP are not permitted.');
      expect(here.connector.capabilities.disable_account.permissions).not.toContain('Services | Directory Sync | Edit');
    },
  );

  it('starts none by enabling or resetting: a password is not copied, and the directory decides the rest', async () => {
    const here = await scene();
    await here.connector.perform({ kind: 'enable_account' }, ada, call());
    expect(here.started()).toBe(0);
  });

  it('is left open by the doctor, which starts none', async () => {
    const here = await scene();
    const finding = (await here.connector.examine(null, call())).find(({ subject }) => subject === 'disable_account');
    expect(finding).toMatchObject({ verdict: 'cannot_tell' });
    expect(finding?.fix).toContain('Services | Directory Sync | Edit');
    expect(here.started()).toBe(0);
    here.directory.permit('Services | Directory Sync | Read', false);
    const blind = (await here.connector.examine(null, call())).find(({ subject }) => subject === 'disable_account');
    expect(blind).toMatchObject({ verdict: 'missing_permission', missing: ['Services | Directory Sync | Read'] });
  });
});
