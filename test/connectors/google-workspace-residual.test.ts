import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { GoogleWorkspaceDirectory } from 'identity-sandbox/google-workspace';
import { Secret } from '../../src/platform/secret.js';
import type { AccountRef, Command, Connector, ResidualAccess } from '../../src/ports/connector.js';
import { ADA, call, connect, playedRuntime, startDirectory } from './google-workspace-subject.js';

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
});
afterEach(() => directory.close());

async function left(command: Command): Promise<readonly ResidualAccess[]> {
  await google.perform(command, ada, call());
  const read = await google.readBack(command, ada, runtime.now(), call());
  if (!read.ok) throw new Error(read.error.message);
  return read.value.residual;
}

it('after a reset, what Google says that a changed password does not end, and what ends it', async () => {
  const lines = await left({ kind: 'reset_password', password: new Secret('Some-Passw0rd-zq7') });
  expect(lines).toEqual([
    { what: expect.stringContaining('those of Apps Script'), forSeconds: null, endedBy: ['revoke_grants'] },
    { what: expect.stringContaining('App passwords'), forSeconds: null, endedBy: ['delete_app_passwords'] },
    { what: expect.stringContaining('IMAP sessions'), forSeconds: 3600, endedBy: [] },
  ]);
});

it('after the grants are revoked, the projects of Apps Script', async () => {
  const lines = await left({ kind: 'revoke_grants', items: 'all' });
  expect(lines.map(({ what }) => what).join('\n')).toContain('Apps Script projects');
});

it('no backup code is told as gone, and not as an answer that cannot be read', async () => {
  directory.intrude(ADA, { ip: '198.51.100.66', country: 'RO' });
  await google.perform({ kind: 'invalidate_backup_codes' }, ada, call());
  const read = await google.readBack({ kind: 'invalidate_backup_codes' }, ada, runtime.now(), call());
  expect(read).toMatchObject({ ok: true, value: { verdict: 'holds' } });
});
