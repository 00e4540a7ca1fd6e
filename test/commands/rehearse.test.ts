import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { sandboxEnvironment, type SandboxSettings } from '../../sandbox/world/config.js';
import { PEOPLE } from '../../sandbox/world/people.js';
import { startWorld } from '../../sandbox/world/start.js';
import type { World } from '../../sandbox/world/world.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { openDatabase } from '../../src/store/open.js';

const { ada, bea, dia } = PEOPLE;

const GOOD = new Set(['shown', 'accepted', 'nothing_to_do']);

const answer = z.object({
  ok: z.boolean(),
  refused: z.object({ why: z.string(), said: z.string() }).nullable(),
  unread: z.array(z.object({ title: z.string(), problem: z.string() })),
  actions: z.array(
    z.object({
      system: z.string(),
      action: z.string(),
      result: z.string(),
      detail: z.string(),
      undone: z.string(),
      left: z.array(z.object({ name: z.string() }).loose()),
    }),
  ),
  stays_changed: z.array(z.object({ system: z.string(), action: z.string() })),
});

describe('notme doctor --rehearse', () => {
  let world: World;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'notme-rehearse-'));
    const runtime = systemRuntime();
    world = await startWorld({ dataDir, runtime, port: 0, page: false, keep: false, everySystem: true });
  }, 240_000);
  afterAll(async () => {
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const system = (id: string) => {
    const found = world.systems.find((one) => one.id === id);
    if (!found) throw new Error(`the company has no ${id}`);
    return found;
  };
  /** All but what nobody can take back, and the command says so: ended sessions, a risk that was looked at, logs. */
  const truth = (): unknown => {
    const { users, groups } = world.mimecast.state();
    const others = world.systems.flatMap((one) => one.accounts());
    const kept = ({ lists, ...one }: (typeof others)[number]): unknown => ({
      ...one,
      sessions: null,
      lists: { ...lists, Risk: [] },
    });
    return [users, groups, others.map(kept)];
  };

  /** Runs the command as an operator's script does. */
  function run(args: readonly string[], more: Partial<SandboxSettings> = {}) {
    const settings = { dataDir, webPort: 0, pollSeconds: 1, logLevel: 'warn', databaseUrl: null, redisUrl: null };
    const env = { PATH: process.env['PATH'] ?? '', ...sandboxEnvironment(world.addresses, { ...settings, ...more }) };
    return new Promise<{ status: number; out: string; told: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        ['--import', 'tsx', 'src/main/cli.ts', 'doctor', ...args],
        { env, timeout: 200_000 },
        (_error, out, told) => resolve({ status: child.exitCode ?? -1, out, told }),
      );
    });
  }
  const parsed = (out: string) => answer.parse(JSON.parse(out.trim().split('\n').at(-1) ?? ''));
  const recorded = async () => {
    const db = await openDatabase({ databaseUrl: null, dataDir, runtime: systemRuntime() });
    try {
      const { rows } = await db.query<{ action: string; detail: unknown }>(
        `select action, detail from record_entries where incident_id = 'workspace' order by seq`,
      );
      return rows;
    } finally {
      await db.close();
    }
  };

  it('does every reversible action in every system, and leaves every account as it was', async () => {
    const before = truth();
    const { status, out } = await run(['--rehearse', dia.email, '--yes', '--json']);
    const said = parsed(out);
    const wrong = said.actions.filter(({ result, undone }) => !GOOD.has(result) || undone === 'no');
    expect([wrong, said.stays_changed]).toEqual([[], []]);
    expect(truth()).toEqual(before);
    const done = (id: string) => said.actions.filter((one) => one.system === id && one.result === 'shown');
    // Dia has no account in Keycloak.
    for (const id of ['okta', 'entra_id', 'google_workspace', 'mimecast', 'scim_wiki', 'slack'])
      expect([id, done(id).map(({ action }) => action)]).toEqual([id, expect.arrayContaining(['disable_account'])]);
    expect([status, said.ok]).toEqual([0, true]);
    const entries = await recorded();
    expect(entries.map(({ action }) => action)).toEqual(['rehearsal.started', 'rehearsal.ended']);
    expect(entries.at(-1)?.detail).toMatchObject({ address: dia.email, failed: 0, stays_changed: [] });
  }, 400_000);

  it('shows a table, names what a system refuses, and ends with 1 while nothing stays changed', async () => {
    system('okta').permit('okta.users.manage', false);
    const before = truth();
    const { status, out } = await run(['--rehearse', ada.email, '--yes']);
    system('okta').permit('okta.users.manage', true);
    expect(out).toMatch(/^System +Action +Result +Taken back\n-+ +-+ +-+ +-+\n/);
    expect(out).toMatch(/^Okta +Disable +FAILED +not needed\n .*okta\.users\.manage/m);
    expect(out).toMatch(/^Keycloak +Disable +done, and read back +yes$/m);
    // Ada's mailbox forwards to an address whose owner confirmed that once.
    expect(out).toMatch(/^Google Workspace +Disable mail rules +NOT TRIED +not needed\n .*to confirm again/m);
    expect(out).not.toContain('STAYS CHANGED');
    expect([status, truth()]).toEqual([1, before]);
  }, 400_000);

  it('names what stays changed, how it was and how to take it back, and ends with 3', async () => {
    const wiki = system('scim_wiki');
    // The right to write goes away as soon as the account is disabled.
    if (!wiki.hooks) throw new Error('the wiki has no hooks');
    wiki.hooks.afterEffect = () => {
      wiki.permit('write', false);
      return Promise.resolve();
    };
    const { status, out, told } = await run(['--rehearse', ada.email, '--yes']);
    wiki.hooks.afterEffect = undefined;
    wiki.permit('write', true);
    expect(out).toMatch(/STAYS CHANGED: .*Disable\n {2}\S+ was \S+ and is \S+\n {2}Set it back in /);
    expect(told).toMatch(/changes to .* stay/);
    expect(status).toBe(3);
    const entries = await recorded();
    expect(entries.at(-1)?.detail).toMatchObject({
      stays_changed: [expect.stringMatching(/^scim_wiki disable_account/)],
    });
  }, 400_000);

  it.each([
    { who: 'an approver', address: bea.email, settings: {}, why: 'role', told: 'is an approver of Notme' },
    {
      who: 'who is never touched',
      address: ada.email,
      settings: { neverTouch: [ada.email] },
      why: 'never_touch',
      told: 'never-touch list',
    },
    { who: 'nobody', address: 'nobody@meadow.example', settings: {}, why: 'nobody', told: 'No linked system has an' },
    {
      who: 'an administrator',
      address: 'workspace-admin@meadow.example',
      settings: {},
      why: 'administrator',
      told: 'is an administrator in',
    },
  ])(
    'refuses $who, with 2, and records that',
    async ({ address, settings, why, told: wanted }) => {
      const before = truth();
      const { status, out, told } = await run(['--rehearse', address, '--yes', '--json'], settings);
      expect(told).toContain(wanted);
      expect(parsed(out)).toMatchObject({ ok: false, refused: { why }, actions: [] });
      expect([status, truth()]).toEqual([2, before]);
      expect((await recorded()).at(-1)).toMatchObject({ action: 'rehearsal.refused', detail: { address, why } });
    },
    240_000,
  );

  it('does nothing unconfirmed where nobody can be asked', async () => {
    const before = [truth(), (await recorded()).length];
    const { status, told } = await run(['--rehearse', ada.email]);
    expect(told).toContain('--yes');
    expect([status, [truth(), (await recorded()).length]]).toEqual([2, before]);
  }, 240_000);
});
