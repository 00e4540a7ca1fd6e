import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { GoogleWorkspaceDirectory } from 'identity-sandbox/google-workspace';
import { Secret } from '../../src/platform/secret.js';
import type { AccountRef, Connector } from '../../src/ports/connector.js';
import { ADA, BOB, call, connect, playedRuntime, startDirectory } from './google-workspace-subject.js';

let directory: GoogleWorkspaceDirectory;
let google: Connector;
let ada: AccountRef;
const runtime = playedRuntime();

beforeEach(async () => {
  directory = await startDirectory(() => runtime.now());
  google = connect(directory.url, runtime);
  const found = await google.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  ada = found.value;
  directory.intrude(ADA, { ip: '198.51.100.66', country: 'RO', forwardTo: BOB });
});
afterEach(() => directory.close());

/** From now on Gmail's answers leave this key out. */
function leaveOut(key: string): void {
  directory.hooks.rewrite = (body) =>
    JSON.parse(JSON.stringify(body), (name, value: unknown) => (name === key ? undefined : value)) as unknown;
}

it.each(['enabled', 'accessWindow'])('mail protocols are not told as off where Gmail leaves out %s', async (key) => {
  const command = { kind: 'block_mail_protocols' } as const;
  await google.perform(command, ada, call());
  expect(await google.readBack(command, ada, runtime.now(), call())).toMatchObject({ value: { verdict: 'holds' } });
  leaveOut(key);
  expect(await google.readBack(command, ada, runtime.now(), call())).toMatchObject({
    value: { verdict: 'cannot_tell' },
  });
  const before = await google.capture(command, ada, call());
  expect(before.ok && Object.keys(before.value)).toEqual([key === 'enabled' ? 'pop' : 'imap']);
});

it('forwarding is not told as stopped where Gmail does not say whether it is on', async () => {
  const command = { kind: 'disable_mail_rules', items: ['auto_forwarding'] } as const;
  leaveOut('enabled');
  expect(await google.readBack(command, ada, runtime.now(), call())).toMatchObject({
    value: { verdict: 'cannot_tell' },
  });
});

/** From now on the member of this name is another one, wherever it has the value. */
function replace(key: string, by: (value: unknown) => unknown): void {
  directory.hooks.rewrite = (body) =>
    JSON.parse(JSON.stringify(body), (name, value: unknown) => (name === key ? by(value) : value)) as unknown;
}

it('POP is neither on nor off where Gmail uses a word that is not known', async () => {
  const command = { kind: 'block_mail_protocols' } as const;
  await google.perform(command, ada, call());
  replace('accessWindow', () => 'sometimes');
  const read = await google.readBack(command, ada, runtime.now(), call());
  expect(read).toMatchObject({ value: { verdict: 'cannot_tell' } });
});

it('a password change by nobody who is named is nobody else’s', async () => {
  const command = { kind: 'reset_password', password: new Secret('Some-Passw0rd-zq7') } as const;
  await google.perform(command, ada, call());
  replace('actor', () => ({ email: '' }));
  const read = await google.readBack(command, ada, runtime.now(), call());
  expect(read).toMatchObject({
    value: { verdict: 'cannot_tell', observed: expect.stringContaining('without telling by whom') },
  });
});

it('the mailbox is opened by the known login where the present address cannot be read', async () => {
  replace('primaryEmail', () => 'no address');
  const { mail_rules: rules } = await google.evidence(ada, call());
  expect(rules).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ id: 'auto_forwarding' })]) });
});

it('a criterion that is not known is kept for the undo, and one in another form is not', async () => {
  const command = { kind: 'disable_mail_rules', items: 'all' } as const;
  replace('criteria', (value) => ({ ...(value as object), newer: [{ than: 7 }] }));
  const kept = await google.capture(command, ada, call());
  expect(kept.ok && JSON.stringify(kept.value['filters'])).toContain('newer');
  replace('criteria', (value) => ({ ...(value as object), from: 7 }));
  expect(await google.capture(command, ada, call())).toEqual({ ok: true, value: {} });
});
