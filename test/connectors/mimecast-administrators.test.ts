import { afterEach, describe, expect, it } from '@jest/globals';
import type { MimecastDirectory, MimecastDirectoryOptions } from 'identity-sandbox/mimecast';
import { ADA, call, connect, playedRuntime, startDirectory } from './mimecast-subject.js';

const ada = { system: 'mimecast', accountId: ADA, login: ADA };
const PROFILE = '/api/user/get-profile';

let open: MimecastDirectory[] = [];
afterEach(async () => {
  await Promise.all(open.map((directory) => directory.close()));
  open = [];
});

async function scene(role: string | null, more: Partial<MimecastDirectoryOptions> = {}) {
  const runtime = playedRuntime();
  const users = [{ email: ADA, name: 'Ada Example', ...(role === null ? {} : { role }) }];
  const directory = await startDirectory(() => runtime.now(), { users, ...more });
  open.push(directory);
  const asked = () => directory.calls().filter(({ path }) => path === PROFILE).length;
  return { runtime, directory, asked, connector: connect(directory.url, runtime) };
}

type Scene = Awaited<ReturnType<typeof scene>>;

const rolesOf = async ({ connector }: Scene) => {
  const state = await connector.readState(ada, call());
  if (!state.ok) throw new Error(state.error.message);
  return state.value.adminRoles;
};

const verdicts = async ({ connector }: Scene) => {
  const findings = await connector.examine(ada, call());
  return ['require_two_step', 'limit_login_ips'].map(
    (subject) => findings.find((one) => one.subject === subject)?.verdict,
  );
};

describe('administrators in API 2.0', () => {
  it('are told by get-profile where the tenant answers it, and the doctor blocks what does not reach them', async () => {
    const admin = await scene('Full Administrator', { profileInApi2: true });
    expect(await rolesOf(admin)).toEqual(['Full Administrator']);
    expect(await verdicts(admin)).toEqual(['blocked', 'blocked']);
    const plain = await scene(null, { profileInApi2: true });
    expect(await rolesOf(plain)).toEqual([]);
    expect(await verdicts(plain)).toEqual(['ok', 'ok']);
  });

  it.each<[string, Partial<MimecastDirectoryOptions>]>([
    ['does not know it', {}],
    ['refuses it', { profileInApi2: true, permissions: ['Directories | Internal | Edit', 'Account | Logs | Read'] }],
    [
      'refuses it in the envelope',
      { profileInApi2: true, permissions: ['Directories | Internal | Edit'], forbidWith: 'meta' },
    ],
  ])('are not told where the tenant %s, which is no failure', async (_how, more) => {
    const here = await scene('Full Administrator', more);
    expect(await rolesOf(here)).toBeNull();
    const { roles } = await here.connector.evidence(ada, call());
    expect(roles).toMatchObject({ unavailable: { kind: 'unsupported' } });
  });

  it('are not told by a missing product', async () => {
    const here = await scene('Full Administrator', { profileInApi2: true });
    here.directory.faults.add({ type: 'fail_envelope', path: PROFILE, code: 'app_forbidden', times: 1 });
    expect(await rolesOf(here)).toBeNull();
  });

  it('are left open by the doctor where nobody tells', async () => {
    expect(await verdicts(await scene('Full Administrator'))).toEqual(['cannot_tell', 'cannot_tell']);
  });

  it('are not asked about again and again where the function is not there, but later once more', async () => {
    const here = await scene(null);
    for (let time = 0; time < 3; time += 1) await rolesOf(here);
    expect(here.asked()).toBe(1);
    here.runtime.advance(6 * 60_000);
    await rolesOf(here);
    expect(here.asked()).toBe(2);
  });

  it('are asked about each time where only this address is refused, or the function failed', async () => {
    const here = await scene('Full Administrator', { profileInApi2: true });
    here.directory.faults.add({
      type: 'fail_envelope',
      path: PROFILE,
      code: 'err_xdk_operation_forbidden_for_address',
      times: 1,
    });
    await here.connector.readState(ada, call());
    expect(await rolesOf(here)).toEqual(['Full Administrator']);
    here.directory.faults.add({ type: 'http_500', path: PROFILE, times: 9 });
    expect(await here.connector.readState(ada, call())).toMatchObject({ ok: false, error: { kind: 'transient' } });
  });
});
