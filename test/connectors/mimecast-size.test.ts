import { afterEach, describe, expect, it } from '@jest/globals';
import type { MimecastDirectory } from 'identity-sandbox/mimecast';
import type { Command } from '../../src/ports/connector.js';
import { ADA, call, connect, playedRuntime, startDirectory, TWO_STEP } from './mimecast-subject.js';

const ada = { system: 'mimecast', accountId: ADA, login: ADA };
const MEMBERS = '/api/directory/get-group-members';

let open: MimecastDirectory[] = [];
afterEach(async () => {
  await Promise.all(open.map((directory) => directory.close()));
  open = [];
});

async function scene(members: readonly string[] = []) {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now(), {
    groups: [{ name: TWO_STEP, members }],
    rateLimit: null,
  });
  open.push(directory);
  const settings = { quarantine_group: null, login_range_groups: [], deadline_ms: 20_000 };

  return { runtime, directory, connector: connect(directory.url, runtime, settings) };
}

describe('a thousand rows of the audit log in one second', () => {
  const flood = (directory: MimecastDirectory, count: number): void => {
    for (let at = 0; at < count; at += 1)
      directory.writeAudit({
        auditType: 'User Logged On',
        user: `p${at}@example.com`,
        eventInfo: `Successful authentication for p${at}@example.com <P>, IP: 192.0.2.1, Application: Portal, Method: Cloud`,
        category: 'authentication_logs',
      });
  };

  it('all become events, and none of them again once they are older than the overlap', async () => {
    const { connector, directory, runtime } = await scene();
    const first = await connector.events?.poll(null, call());
    if (first?.ok !== true) throw new Error('not polled');
    runtime.advance(30_000);
    flood(directory, 1000);
    runtime.advance(30_000);
    const second = await connector.events?.poll(first.value.cursor, call());
    if (second?.ok !== true) throw new Error('not polled');
    expect(new Set(second.value.events.map(({ login }) => login)).size).toBe(1000);
    runtime.advance(10 * 60_000);
    const third = await connector.events?.poll(second.value.cursor, call());
    runtime.advance(10 * 60_000);
    if (third?.ok !== true) throw new Error('not polled');
    const fourth = await connector.events?.poll(third.value.cursor, call());
    expect(fourth).toMatchObject({ ok: true, value: { events: [] } });
  });
});

describe('a group of 50,000 members', () => {
  const members = Array.from({ length: 50_000 }, (_none, at) => `p${at}@example.com`);
  const join: Command = { kind: 'require_two_step' };

  it('is joined, and proves neither that somebody is in it nor that nobody is', async () => {
    const { connector, directory, runtime } = await scene(members);
    expect(await connector.readState(ada, call())).toMatchObject({ ok: true, value: { twoStepRequired: null } });
    expect(await connector.perform(join, ada, call())).toMatchObject({ ok: true });
    const read = await connector.readBack(join, ada, runtime.now(), call());
    expect(read).toMatchObject({ ok: true, value: { verdict: 'cannot_tell' } });
    const asked = directory.calls().filter(({ path }) => path === MEMBERS);
    expect(asked.length).toBeLessThanOrEqual(300);
    // What cannot be read whole is not saved, so no undo takes anybody out by mistake.
    expect(await connector.capture(join, ada, call())).toEqual({ ok: true, value: {} });
  }, 60_000);

  it('is told by the doctor as one that is too large', async () => {
    const { connector } = await scene(members);
    const finding = (await connector.examine(null, call())).find(({ subject }) => subject === 'require_two_step');
    expect(finding).toMatchObject({
      verdict: 'misconfigured',
      detail: expect.stringContaining('more than 10000 members'),
    });
  }, 60_000);
});

it('a thousand delegate rights are read to their end, and taken one by one', async () => {
  const { connector, directory } = await scene();
  for (let at = 0; at < 990; at += 1) directory.delegate(ADA, `box${at}@example.com`);
  const command: Command = { kind: 'disable_mail_rules', items: 'all' };
  expect(await connector.perform(command, ada, call())).toMatchObject({ ok: true });
  expect(directory.user(ADA)?.rules).toEqual([]);
}, 60_000);
