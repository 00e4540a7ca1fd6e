import { expect, it } from '@jest/globals';
import { ADA, call, connect, playedRuntime, startDirectory } from './keycloak-subject.js';

it('does not tell recovery codes as gone while a credential is of a type that is not known', async () => {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now());
  const keycloak = connect(directory, runtime);
  const found = await keycloak.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  const ask = () => keycloak.readBack({ kind: 'invalidate_backup_codes' }, found.value, runtime.now(), call());
  expect(await ask()).toMatchObject({ value: { verdict: 'holds' } });
  directory.addFactor(ADA, 'recovery-authn-codes', 'Codes');
  directory.hooks.rewrite = (body) =>
    JSON.parse(JSON.stringify(body).replaceAll('"recovery-authn-codes"', '"new-kind"')) as unknown;
  expect(await ask()).toMatchObject({ value: { verdict: 'cannot_tell' } });
  await directory.close();
});

it('does not take a role that cannot be read for none', async () => {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now());
  const keycloak = connect(directory, runtime);
  const found = await keycloak.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  directory.grantAdminRole(ADA, 'view-users');
  directory.hooks.rewrite = (body) =>
    JSON.parse(JSON.stringify(body).replaceAll('"name":"view-users"', '"name":null')) as unknown;
  const command = { kind: 'remove_admin_roles' } as const;
  expect(await keycloak.perform(command, found.value, call())).toMatchObject({ error: { kind: 'unsupported' } });
  expect(await keycloak.capture(command, found.value, call())).toEqual({ ok: true, value: {} });
  await directory.close();
});
