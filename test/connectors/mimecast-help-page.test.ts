/**
 * The five functions of Mimecast's page "Directories - Cloud Password Reset Notification", where its API stops short of
 * them: what is told, and the clicks for the rest.
 */
import { describe, expect, it } from '@jest/globals';
import { systemRuntime } from '../../src/platform/runtime.js';
import { commandFor } from '../../src/ports/command.js';
import { Secret } from '../../src/platform/secret.js';
import { ACTION_KINDS, type ActionKind, type Command, type Connector } from '../../src/ports/connector.js';
import { ADA, call, connect, OFFICE, playedRuntime, startDirectory } from './mimecast-subject.js';

const ada = { system: 'mimecast', accountId: ADA, login: ADA };
const commandOf = (kind: ActionKind, ranges: readonly string[] = ['192.0.2.0/24']): Command =>
  commandFor(kind, { password: new Secret('Some-Passw0rd-zq7'), ranges, items: 'all' });

const clicksOf = (connector: Connector, command: Command): readonly string[] =>
  connector.consoleSteps(command, ada).flatMap(({ title, clicks }) => [title, ...clicks]);

const anywhere = connect('http://127.0.0.1:9', systemRuntime());
const unprepared = connect('http://127.0.0.1:9', systemRuntime(), {
  quarantine_group: null,
  login_range_groups: [],
});

/** What is told to keep working after a command that was carried out. */
async function left(kind: ActionKind): Promise<string> {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now());
  const connector = connect(directory.url, runtime);
  try {
    const command = commandOf(kind);
    await connector.perform(command, ada, call());
    const read = await connector.readBack(command, ada, runtime.now(), call());
    if (!read.ok) throw new Error(read.error.message);
    return read.value.residual.map(({ what }) => what).join('\n');
  } finally {
    await directory.close();
  }
}

describe('a password reset at Mimecast', () => {
  it('is told to the person by Mimecast: said before it is decided, and of what goes on', async () => {
    expect(anywhere.capabilities.reset_password.besides).toContain('by SMS or e-mail');
    expect(await left('reset_password')).toContain('by SMS or e-mail');
  });

  it("ends sessions for certain only in the console: its clicks stand beside the API's reset", () => {
    const steps = anywhere.consoleSteps({ kind: 'revoke_sessions' }, ada);
    expect(steps.map(({ title }) => title)).toEqual([
      expect.stringContaining("the console's own reset"),
      'Revoke registered applications',
    ]);
    expect(steps[0]?.clicks).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Users & Groups | Internal Directories'),
        expect.stringContaining(ADA),
        expect.stringContaining('Save and Exit'),
        expect.stringContaining('by SMS or e-mail'),
      ]),
    );
    // The plan resets the password itself.
    expect(clicksOf(anywhere, { kind: 'revoke_sessions' }).join('\n')).not.toContain('in this thread');
  });

  it('is not told to have ended sessions: no documentation says so of a reset by API', async () => {
    const runtime = playedRuntime();
    const directory = await startDirectory(() => runtime.now());
    const connector = connect(directory.url, runtime);
    await connector.perform(commandOf('reset_password'), ada, call());
    const read = await connector.readBack({ kind: 'revoke_sessions' }, ada, runtime.now(), call());
    await directory.close();
    expect(read).toMatchObject({ ok: true, value: { verdict: 'cannot_tell' } });
    expect(read.ok && read.value.observed).toContain('not of one by API');
  });
});

describe('login ranges at Mimecast', () => {
  it('hold for an administrator as Admin IP Ranges only, which the manual steps name', () => {
    const clicks = clicksOf(unprepared, commandOf('limit_login_ips')).join('\n');
    expect(clicks).toContain('Account | Account Settings | User Access and Permissions');
    expect(clicks).toContain('Admin IP Ranges enter 192.0.2.0/24');
  });

  it('say so of an administrator who was put into a prepared group', async () => {
    const runtime = playedRuntime();
    const users = [{ email: ADA, name: 'Ada Example', role: 'Full Administrator' }];
    const directory = await startDirectory(() => runtime.now(), { users, profileInApi2: true });
    const connector = connect(directory.url, runtime);
    const command = commandOf('limit_login_ips', OFFICE.ranges);
    await connector.perform(command, ada, call());
    const read = await connector.readBack(command, ada, runtime.now(), call());
    await directory.close();
    expect(read.ok && read.value.observed).toContain('Admin IP Ranges');
  });
});

describe('mail that is being sent', () => {
  it('is told to go on after the account is disabled or its protocols are off, with the clicks that stop it', async () => {
    for (const kind of ['disable_account', 'block_mail_protocols'] as const) {
      const what = await left(kind);
      expect(what).toContain('Gateway | Policies | Blocked Senders');
      expect(what).toContain('Message Center | Held Messages');
    }
  });

  it('is stopped by the manual steps of a quarantine', () => {
    const clicks = clicksOf(unprepared, { kind: 'quarantine' }).join('\n');
    expect(clicks).toContain('Gateway | Policies | Blocked Senders');
    expect(clicks).toContain(`Search for ${ADA}`);
  });
});

describe('the manual steps', () => {
  it('ask nobody for what a decision does itself', () => {
    for (const kind of ACTION_KINDS)
      expect(clicksOf(unprepared, commandOf(kind)).join('\n')).not.toMatch(/in this thread for|Account Disabled/);
  });
});
