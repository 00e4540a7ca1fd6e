import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { createFaults } from 'identity-sandbox/http';
import { PEOPLE } from '../../../sandbox/world/people.js';
import { startWorld } from '../../../sandbox/world/start.js';
import { isCondition } from '../../../sandbox/world/systems/conditions.js';
import type { World } from '../../../sandbox/world/world.js';
import { systemRuntime } from '../../../src/platform/runtime.js';

const { ada } = PEOPLE;
const panels = z.object({
  panels: z.array(
    z.object({
      id: z.string(),
      group: z.string().optional(),
      status: z.object({ value: z.string(), tone: z.string() }).optional(),
      sections: z.array(z.looseObject({ kind: z.string(), title: z.string() })),
    }),
  ),
});
const answer = z.object({ ok: z.boolean(), message: z.string() });

const start = (dataDir: string, everySystem: boolean): Promise<World> =>
  startWorld({ dataDir, runtime: systemRuntime(), port: 0, page: true, keep: true, everySystem });

describe("the company's systems on the page and in the control API", () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'notme-company-'));
  let world: World;
  beforeAll(async () => {
    world = await start(dataDir, true);
  }, 240_000);
  afterEach(async () => {
    for (const { conditions } of world.company) await conditions.set('normal');
  });
  afterAll(async () => {
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const read = async () => panels.parse(await (await fetch(`${world.slack.url}/control/panels`)).json()).panels;
  const panel = async (id: string) => (await read()).find((one) => one.id === id);
  const press = async (id: string, action: string, fields: Record<string, string>) => {
    const url = `${world.slack.url}/control/panels/${id}/actions/${action}`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ fields }) });
    return answer.parse(await response.json());
  };
  const shown = (id: string) => {
    const found = world.company.find((system) => system.id === id);
    if (!found) throw new Error(`there is no ${id}`);
    return found;
  };

  it('has a line for each system, also for the one that is left out', async () => {
    const lines = (await read()).filter(({ group }) => group === 'Identity systems');
    expect(lines.map(({ id, status }) => [id, status?.value])).toEqual([
      ['mimecast', 'Ada: enabled'],
      ['active_directory', 'left out'],
      ['okta', 'Ada: enabled'],
      ['entra_id', 'Ada: enabled'],
      ['google_workspace', 'Ada: enabled'],
      ['keycloak', 'Ada: enabled'],
      ['scim_wiki', 'Ada: enabled'],
      ['slack', 'Ada: enabled'],
    ]);
  });

  it.each(['mimecast', 'okta', 'entra_id', 'google_workspace', 'keycloak', 'scim_wiki', 'slack'])(
    '%s shows the account in focus open and the others folded',
    async (id) => {
      const accounts = (await panel(id))?.sections.filter(({ kind }) => kind === 'facts') ?? [];
      expect(accounts[0]).toMatchObject({ title: ada.email, folded: false });
      expect(accounts.slice(1).every((section) => section['folded'] === true)).toBe(true);
      expect(accounts.length).toBeGreaterThan(1);
    },
  );

  it('takes a system down and up again from outside, and says so on its line', async () => {
    const token = `${world.addresses.systems.find(({ environment }) => 'KEYCLOAK_BASE_URL' in environment)?.environment['KEYCLOAK_BASE_URL'] ?? ''}/realms/meadow/protocol/openid-connect/token`;
    const knock = async (): Promise<number> => (await fetch(token, { method: 'POST' })).status;
    expect(await knock()).toBeLessThan(500);
    expect(await press('keycloak', 'condition', { condition: 'down' })).toEqual({
      ok: true,
      message: 'Keycloak is now down.',
    });
    expect((await panel('keycloak'))?.status?.value).toBe('down, Ada: enabled');
    expect(await knock()).toBe(500);
    await press('keycloak', 'condition', { condition: 'normal' });
    expect(await knock()).toBeLessThan(500);
  });

  it('refuses a condition that a system cannot have', async () => {
    expect(await press('slack', 'condition', { condition: 'late' })).toEqual({
      ok: false,
      message: 'Slack can be: normal, down, throttling, right_missing.',
    });
    expect(await press('okta', 'condition', { condition: 'toString' })).toMatchObject({ ok: false });
    expect(isCondition('toString')).toBe(false);
    await expect(shown('slack').conditions.set('late')).rejects.toThrow('cannot be late');
  });

  it("leaves the app's own messages alone when Slack's administration is down", async () => {
    await shown('slack').conditions.set('down');
    const call = (method: string, token: string) =>
      fetch(`${world.slack.apiUrl}${method}`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    const owner = world.systems.find(({ id }) => id === 'slack')?.environment['SLACK_WORKSPACE_TOKEN'] ?? '';
    expect((await call('team.accessLogs', owner)).status).toBe(500);
    expect((await call('auth.test', world.slack.botToken)).status).toBe(200);
  });

  it('lets somebody in with a button, and puts that person in focus', async () => {
    expect(await press('okta', 'intrude', { email: 'nobody@meadow.example' })).toEqual({
      ok: false,
      message: 'Okta knows no nobody@meadow.example.',
    });
    const { dia } = PEOPLE;
    expect(await press('okta', 'intrude', { email: dia.email })).toMatchObject({ ok: true });
    expect((await panel('okta'))?.sections[0]).toMatchObject({ title: dia.email });
    expect((await panel('mimecast'))?.status?.value).toBe('Dia: enabled');
    expect(await press('okta', 'nothing', {})).toEqual({ ok: false, message: 'There is no such button.' });
    world.attack(ada.email);
  });

  it('has a past: sign-ins from the office, and an intruder of yesterday', async () => {
    const day = 86_400_000;
    const log = z.looseObject({ log: z.array(z.looseObject({ eventType: z.string(), published: z.coerce.date() })) });
    const okta = log.parse(world.systems.find(({ id }) => id === 'okta')?.snapshot());
    const ages = okta.log
      .filter(({ eventType, published }) => eventType === 'user.session.start' && Date.now() - +published > day / 2)
      .map(({ published }) => Math.round((Date.now() - published.getTime()) / day));
    expect(new Set(ages)).toEqual(new Set([25, 18, 11, 6, 3, 1]));
    const own = (await shown('entra_id').accounts()).find(({ email }) => email === ada.email);
    expect(own?.lists['Inbox rules']).toHaveLength(2);
  });
});

describe('what is kept in the data folder', () => {
  it('outlives a run that shows Mimecast alone, and the past is written once', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'notme-company-kept-'));
    const factors = (world: World): readonly string[] | undefined =>
      world.systems
        .find(({ id }) => id === 'okta')
        ?.accounts()
        .find(({ email }) => email === ada.email)?.lists['Factors'];
    try {
      const first = await start(dataDir, true);
      await first.intrude('okta', ada.email);
      const seen = factors(first);
      await first.close();
      const small = await start(dataDir, false);
      expect(small.company.map(({ id }) => id)).toEqual(['mimecast']);
      await small.close();
      const again = await start(dataDir, true);
      expect(factors(again)).toEqual(seen);
      await again.close();
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  }, 240_000);
});

describe('a throttle with so many calls in a stretch', () => {
  it('lets these through, tells the others the rest of the stretch, and begins anew', () => {
    let now = 1_000_000;
    const faults = createFaults(() => new Date(now));
    faults.add({ type: 'throttle', only: 'writes', times: 100, perStretch: 2, ms: 3000 });
    const write = { path: '/x', write: true, signIn: false };
    expect([faults.take(write), faults.take(write)]).toEqual([null, null]);
    expect(faults.take({ ...write, write: false })).toBeNull();
    now += 1000;
    expect(faults.take(write)).toMatchObject({ type: 'throttle', ms: 2000 });
    now += 2000;
    expect([faults.take(write), faults.take(write)]).toEqual([null, null]);
    expect(faults.take(write)).toMatchObject({ type: 'throttle', ms: 3000 });
  });
});
