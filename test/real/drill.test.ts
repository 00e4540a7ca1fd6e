import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EverythingDrill, type EverythingReport } from '../../sandbox/drill/everything/scenario.js';
import { PEOPLE } from '../../sandbox/world/people.js';
import { startAppIn, startWorld } from '../../sandbox/world/start.js';
import type { World } from '../../sandbox/world/world.js';
import type { Notme } from '../../src/main/app.js';
import { createLog } from '../../src/platform/log.js';
import { systemRuntime } from '../../src/platform/runtime.js';

/** Without Active Directory, which has tests of its own. */
const SYSTEMS = ['mimecast', 'okta', 'entra_id', 'google_workspace', 'keycloak', 'scim_wiki', 'slack'];

describe('the drill of everything', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'notme-drill-test-'));
  let world: World;
  let app: Notme;
  let drill: EverythingDrill;
  let report: EverythingReport;

  beforeAll(async () => {
    const runtime = systemRuntime();
    const log = createLog({ level: 'silent', pretty: false });
    world = await startWorld({ dataDir, runtime, port: 0, page: false, keep: false, everySystem: true });
    app = await startAppIn(world, { dataDir, runtime, log, pollSeconds: 1, watchMinutes: [0.2] });
    drill = new EverythingDrill(world, app, () => undefined);
    report = await drill.play();
  }, 240_000);
  afterAll(async () => {
    await app.stop();
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('ends with every system as the thread says it is', () => {
    expect(report.problems).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.systems.map(({ system }) => system).sort()).toEqual([...SYSTEMS].sort());
    expect(report.systems.flatMap(({ fault }) => (fault === 'normal' ? [] : [fault])).sort()).toEqual([
      'down',
      'late',
      'throttling',
    ]);
    for (const { said, true: isSo } of report.systems) {
      expect(said['disable_account']).toBe('verified');
      expect(isSo['disable_account']).toBe(true);
    }
  });

  it('finds a lie: a directory that was changed behind the back of the thread', async () => {
    expect(await drill.check()).toEqual([]);
    world.mimecast.change(PEOPLE.ada.email, { accountDisabled: false });
    expect(await drill.check()).toEqual([
      'Mimecast: Disable is verified in the thread, and in the directory it is not so',
    ]);
  });
});
