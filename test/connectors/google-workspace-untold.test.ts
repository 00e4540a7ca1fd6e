import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { GoogleWorkspaceDirectory } from 'identity-sandbox/google-workspace';
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
