import { expect, it } from '@jest/globals';
import { ADA, call, connect, playedRuntime, startDirectory } from './mimecast-subject.js';

it('does not tell an account out of a group that has its whole domain, or an unread address of it', async () => {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now());
  const mimecast = connect(directory.url, runtime);
  const found = await mimecast.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  const command = { kind: 'quarantine' } as const;
  await mimecast.perform(command, found.value, call());
  directory.hooks.rewrite = (body) =>
    JSON.parse(
      JSON.stringify(body).replaceAll(`"emailAddress":"${ADA}","domain"`, '"emailAddress":null,"domain"'),
    ) as unknown;
  const read = await mimecast.readBack(command, found.value, runtime.now(), call());
  expect(read.ok ? read.value.verdict : read.error.kind).not.toBe('does_not_hold');
  await directory.close();
});
