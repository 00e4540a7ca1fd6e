import { afterEach, describe, expect, it } from '@jest/globals';
import type { ActionKind, Command, Connector } from '../../src/ports/connector.js';
import { call } from './entra-id-subject.js';
import { ACCOUNT, closeTenants, tenantThat } from './entra-id-tenant.js';

afterEach(closeTenants);

const RULES = '/mailFolders/inbox/messageRules';
const forwards = { forwardTo: [{ emailAddress: { name: 'x', address: 'x@evil.example' } }] };
const rules = [
  { id: 'r1', displayName: 'Out', isEnabled: true, isReadOnly: false, actions: forwards },
  { id: 'r2', displayName: 'Kept', isEnabled: true, isReadOnly: true, actions: forwards },
];
const user = { id: ACCOUNT.accountId, userPrincipalName: ACCOUNT.login, accountEnabled: true };

const tenant = () => {
  const on = new Set(['r1', 'r2']);
  return tenantThat((asked) => {
    const [method, path = ''] = asked.split(' ');
    if (method === 'PATCH') on.delete(path.split('/').at(-1) ?? '');
    if (path.endsWith(RULES)) return { body: { value: rules.map((one) => ({ ...one, isEnabled: on.has(one.id) })) } };
    return path.startsWith(`/v1.0/users/${ACCOUNT.accountId}?$select=id`) ? { body: user } : undefined;
  });
};

describe('what stays in Entra ID, whatever is done', () => {
  it('an inbox rule that is read-only is not sent a change, and not told as switched off', async () => {
    const { entra, stub, runtime } = await tenant();
    const command = { kind: 'disable_mail_rules', items: 'all' } as const;
    expect(await entra.perform(command, ACCOUNT, call())).toMatchObject({
      ok: false,
      error: {
        kind: 'unsupported',
        message: expect.stringContaining('"Kept: forward to x@evil.example" is read-only'),
      },
    });
    expect(stub.calls.filter((one) => one.startsWith('PATCH'))).toEqual([
      `PATCH /v1.0/users/${ACCOUNT.accountId}${RULES}/r1`,
    ]);
    expect(await entra.readBack(command, ACCOUNT, runtime.now(), call())).toMatchObject({
      value: { verdict: 'does_not_hold', observed: expect.stringContaining('Kept') },
    });
    const { mail_rules: found } = await entra.evidence(ACCOUNT, call());
    expect(found).toMatchObject({ items: [{ detail: 'disabled' }, { detail: 'enabled, read-only' }] });
    expect(JSON.stringify(entra.consoleSteps(command, ACCOUNT))).toContain('-IncludeHidden');
  });

  const residualOf = async (entra: Connector, command: Command, since: Date): Promise<string> => {
    const read = await entra.readBack(command, ACCOUNT, since, call());
    if (!read.ok) throw new Error(read.error.message);
    return read.value.residual.map(({ what }) => what).join('; ');
  };

  it.each<[ActionKind, string]>([
    ['remove_factors', 'Hardware OATH tokens'],
    ['revoke_grants', 'an administrator gave for everybody'],
    ['disable_account', 'Applications that the account owns'],
    ['remove_admin_roles', 'Applications that the account owns'],
    ['disable_mail_rules', 'hidden inbox rules'],
  ])('after %s it is said: %s', async (kind, words) => {
    const { entra, runtime } = await tenant();
    const command = { kind, items: 'all' } as Command;
    expect(await residualOf(entra, command, runtime.now())).toContain(words);
  });

  it('no factor is told as the last one: only those that Graph shows', async () => {
    const { entra, runtime } = await tenant();
    const command = { kind: 'remove_factors', items: 'all' } as const;
    expect(await entra.readBack(command, ACCOUNT, runtime.now(), call())).toMatchObject({
      value: { verdict: 'holds', observed: expect.stringContaining('that Microsoft Graph shows') },
    });
  });

  it('applications are looked for by hand', async () => {
    const { entra } = await tenant();
    const steps = JSON.stringify(entra.consoleSteps({ kind: 'remove_admin_roles' }, ACCOUNT));
    expect(steps).toContain('Certificates & secrets');
    expect(steps).toContain(ACCOUNT.login);
  });
});
