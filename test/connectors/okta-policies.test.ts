import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, Connector } from '../../src/ports/connector.js';
import { ADA, call, connectApp, GROUPS, OFFICE, playedRuntime, refOf, startDirectory } from './okta-subject.js';
import { startStub } from './stub-vendor.js';

const closing: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function company() {
  const runtime = playedRuntime();
  const directory = await startDirectory(() => runtime.now());
  closing.push(() => directory.close());
  const okta = connectApp(directory.url, runtime, GROUPS);
  return { directory, okta, ada: await refOf(okta, ADA), runtime };
}

async function done(okta: Connector, command: Command, ada: Awaited<ReturnType<typeof refOf>>) {
  expect(await okta.perform(command, ada, call())).toMatchObject({ ok: true });
  const read = await okta.readBack(command, ada, playedRuntime().now(), call());
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const CASES: readonly (readonly [string, Command])[] = [
  ['Quarantine', { kind: 'quarantine' }],
  ['Second factor', { kind: 'require_two_step' }],
  ['Office only', { kind: 'limit_login_ips', ranges: OFFICE.ranges }],
];

describe.each(CASES)('the policy "%s" in an org', (name, command) => {
  it('is read for the proof, and named when it is off', async () => {
    const { directory, okta, ada } = await company();
    expect(await done(okta, command, ada)).toMatchObject({
      verdict: 'holds',
      observed: expect.stringContaining(`the active policy "${name}"`),
    });
    directory.setPolicy(name, 'INACTIVE');
    expect(await done(okta, command, ada)).toMatchObject({
      verdict: 'does_not_hold',
      observed: expect.stringContaining('the rule "Default Rule" of the policy "Default Policy"'),
    });
  });

  it('is not claimed without okta.policies.read, which the doctor names', async () => {
    const { directory, okta, ada } = await company();
    directory.permit('okta.policies.read', false);
    directory.expireTokens();
    expect(await done(okta, command, ada)).toMatchObject({
      verdict: 'cannot_tell',
      inPlace: true,
      observed: expect.stringContaining('okta.policies.read is not granted'),
    });
    const findings = await okta.examine(ada, call());
    expect(findings.find(({ subject }) => subject === command.kind)).toMatchObject({
      verdict: 'cannot_tell',
      fix: expect.stringContaining('grant okta.policies.read'),
    });
  });
});

it('second factor holds for whoever is in quarantine, where nobody comes in at all', async () => {
  const { okta, ada } = await company();
  await done(okta, { kind: 'quarantine' }, ada);
  expect(await done(okta, { kind: 'require_two_step' }, ada)).toMatchObject({
    verdict: 'holds',
    observed: expect.stringContaining('"Quarantine" denies its sign-ins'),
  });
});

it('a scope that is optional is left out where Okta refuses the whole list because of it', async () => {
  const asked: string[] = [];
  const stub = await startStub((path, body) => {
    if (!path.endsWith('/token')) return undefined;
    const scope = new URLSearchParams(body).get('scope') ?? '';
    asked.push(scope);
    if (scope.includes('okta.policies.read')) return { status: 400, body: { error: 'invalid_scope' } };
    return { body: { access_token: 't', token_type: 'Bearer', expires_in: 3600, scope } };
  });
  closing.push(() => stub.close());
  const okta = connectApp(stub.url, playedRuntime());
  expect((await okta.examine(null, call())).find(({ subject }) => subject === 'sign_in')?.verdict).toBe('ok');
  expect(asked.map((scope) => scope.includes('okta.policies.read'))).toEqual([true, true, false]);
});
