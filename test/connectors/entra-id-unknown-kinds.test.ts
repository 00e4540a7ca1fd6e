import { expect, it } from '@jest/globals';
import { ADA, call, connect, playedRuntime, startDirectory } from './entra-id-subject.js';

it('does not tell an account out of a group because Graph gives the group a type that is not known', async () => {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now());
  const entra = connect(directory.url, runtime);
  const found = await entra.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  const ada = found.value;
  await entra.perform({ kind: 'quarantine' }, ada, call());
  directory.hooks.rewrite = (body) =>
    JSON.parse(JSON.stringify(body).replaceAll('#microsoft.graph.group', '#microsoft.graph.newKind')) as unknown;
  const read = await entra.readBack({ kind: 'quarantine' }, ada, runtime.now(), call());
  expect(read).toMatchObject({ value: { verdict: 'holds' } });
  await directory.close();
});

it('does not tell a device as put back whose state Graph did not report', async () => {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now());
  const entra = connect(directory.url, runtime);
  const found = await entra.find({ emails: [ADA], employeeId: null }, call());
  if (!found.ok) throw new Error(found.error.message);
  directory.addDevice(ADA, 'LAPTOP-9', 'Linux');
  const command = { kind: 'block_devices', items: 'all' } as const;
  const before = await entra.capture(command, found.value, call());
  await entra.perform(command, found.value, call());
  directory.hooks.rewrite = (body) =>
    JSON.parse(JSON.stringify(body).replaceAll('"accountEnabled"', '"anotherName"')) as unknown;
  const now = await entra.capture(command, found.value, call());
  expect(before.ok && Object.values(before.value)).toEqual([true]);
  expect(now.ok && Object.values(now.value)).toEqual(['not told']);
  await directory.close();
});
