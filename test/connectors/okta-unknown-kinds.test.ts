import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OktaDirectory } from 'identity-sandbox/okta';
import type { AccountRef, Command, Connector } from '../../src/ports/connector.js';
import { Secret } from '../../src/platform/secret.js';
import { ADA, call, connectApp, GROUPS, playedRuntime, refOf, startDirectory } from './okta-subject.js';

let directory: OktaDirectory;
let okta: Connector;
let ada: AccountRef;
const runtime = playedRuntime();

beforeEach(async () => {
  directory = await startDirectory(() => runtime.now());
  okta = connectApp(directory.url, runtime, GROUPS);
  ada = await refOf(okta, ADA);
});
afterEach(() => directory.close());

/** From now on Okta's answers say this in place of that. */
function say(that: string, other: string): void {
  directory.hooks.rewrite = (body) => JSON.parse(JSON.stringify(body).replaceAll(that, other)) as unknown;
}

const readBack = async (command: Command) => okta.readBack(command, ada, runtime.now(), call());

describe('what Okta lists with a kind that is not known', () => {
  it.each<[string, Command, string, string]>([
    ['a group of an unknown type', { kind: 'quarantine' }, '"type":"OKTA_GROUP"', '"type":"NEW_KIND"'],
    ['a group without a type', { kind: 'quarantine' }, '"type":"OKTA_GROUP"', '"kind":"OKTA_GROUP"'],
    ['a group whose name is not told', { kind: 'quarantine' }, '"name":"containment-', '"title":"containment-'],
    ['ranges', { kind: 'limit_login_ips', ranges: ['198.51.100.0/25'] }, '"type":"OKTA_GROUP"', '"type":"NEW_KIND"'],
  ])('%s is not told as absent', async (_title, command, that, other) => {
    await okta.perform(command, ada, call());
    say(that, other);
    expect(await readBack(command)).toMatchObject({ value: { verdict: 'cannot_tell' } });
  });

  it('does not hide that the account is in none of the groups that were prepared', async () => {
    say('"type":"BUILT_IN"', '"type":"APP_GROUP"');
    expect(await readBack({ kind: 'quarantine' })).toMatchObject({ value: { verdict: 'does_not_hold' } });
  });

  it('an address that cannot be read is neither told as let in, nor saved as if it were', async () => {
    const command = { kind: 'block_address', ranges: ['192.0.2.9/32'] } as const;
    await okta.perform(command, ada, call());
    say('"value":"192.0.2.9/32"', '"another":"192.0.2.9/32"');
    expect(await readBack(command)).toMatchObject({ value: { verdict: 'cannot_tell' } });
    expect(await okta.capture(command, ada, call())).toEqual({ ok: true, value: {} });
  });

  it('a consent is not told as gone', async () => {
    directory.intrude(ADA, { ip: '198.51.100.66', country: 'Brazil' });
    say('"status":"ACTIVE"', '"status":"NEW_KIND"');
    expect(await readBack({ kind: 'revoke_grants', items: 'all' })).toMatchObject({
      value: { verdict: 'does_not_hold' },
    });
  });

  it('an administrator role is not told as gone', async () => {
    directory.promote(ADA, 'USER_ADMIN');
    say('"status":"ACTIVE"', '"status":"NEW_KIND"');
    expect(await readBack({ kind: 'remove_admin_roles' })).toMatchObject({ value: { verdict: 'does_not_hold' } });
  });
});

describe('what an undo in Okta works with', () => {
  it('is not a risk level that is not known', async () => {
    say('"riskLevel":"LOW"', '"riskLevel":"NEW_KIND"');
    say('"riskLevel":"NONE"', '"riskLevel":"NEW_KIND"');
    expect(await okta.capture({ kind: 'confirm_compromised' }, ada, call())).toEqual({ ok: true, value: {} });
  });

  it('includes a role that came in a way that is not known, which is taken away', async () => {
    directory.promote(ADA, 'USER_ADMIN');
    say('"assignmentType":"USER"', '"assignmentType":"NEW_KIND"');
    const command = { kind: 'remove_admin_roles' } as const;
    expect(await okta.capture(command, ada, call())).toEqual({ ok: true, value: { roles: ['USER_ADMIN'] } });
    await okta.perform(command, ada, call());
    expect(directory.user(ADA)?.roles).toEqual([]);
  });
});

describe('what a reset and the end of the sessions leave', () => {
  it.each<Command>([{ kind: 'revoke_sessions' }, { kind: 'reset_password', password: new Secret('Kq7-not-used-zqX') }])(
    '$kind names API tokens',
    async (command) => {
      expect(await readBack(command)).toMatchObject({
        value: {
          residual: expect.arrayContaining([
            expect.objectContaining({ what: expect.stringMatching(/^API tokens/), forSeconds: null }),
          ]),
        },
      });
    },
  );
});
