import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commands } from '../../src/approvals/commands/index.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { saveAccount } from '../../src/incidents/accounts.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import type { Core } from '../../src/ports/core.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { openDatabase } from '../../src/store/open.js';
import type { StoreDatabase } from '../../src/store/connection.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { coreOver } from '../core.js';
import { MemoryConnector } from '../memory-connector.js';
import { ADA, found, incidentAbout } from '../scene.js';
import { type RestartableServer, startPostgres } from './servers.js';

const APPROVERS = Array.from({ length: 50 }, (_, index) => ({
  slackUserId: `U0APPROVER${String(index)}`,
  email: `approver${String(index)}@meadow.example`,
  name: `Approver ${String(index)}`,
}));
const CLICKS = 1000;

describe.each(['Postgres, by two pools of connections', 'PGlite'])('1,000 clicks of 50 approvers, on %s', (backend) => {
  let server: RestartableServer | null = null;
  const opened: StoreDatabase[] = [];
  let cores: readonly Core[] = [];

  beforeAll(async () => {
    // One key for all: they seal and open each other's rows, as the processes of one installation do.
    const base = systemRuntime();
    // The clock stands still: a code holds for as long as the machine takes.
    const started = base.now();
    const runtime = { ...base, now: () => started, randomBytes: (size: number) => Buffer.alloc(size) };
    if (backend !== 'PGlite') server = await startPostgres();
    const open = () => openDatabase({ databaseUrl: server?.url ?? null, dataDir: null, runtime: base });
    opened.push(await open());
    await migrate(found(opened[0]), migrations);
    if (server !== null) opened.push(await open());
    const okta = new MemoryConnector('okta', {});
    cores = opened.map(
      (db) =>
        coreOver(db, {
          approvers: APPROVERS.map(({ slackUserId }) => slackUserId),
          people: [ADA, ...APPROVERS],
          connectors: [okta],
          runtime,
          policy: {
            twoApprovers: { actions: ['disable_account'], targets: [], expireMs: 3_600_000, remindMs: 600_000 },
          },
        }).core,
    );
    const core = found(cores[0]);
    for (const one of APPROVERS) await enrolForCodes(core, one);
    const { person } = await incidentAbout(core, ADA);
    const ref = okta.add(ADA.email);
    const account = { personId: person.id, system: ref.system, accountId: ref.accountId, login: ref.login };
    await saveAccount(core, core.db, { ...account, state: null, problem: null });
  }, 240_000);
  afterAll(async () => {
    for (const db of opened) await db.close();
    await server?.stop();
  });

  it('are one decision, signed by two people', async () => {
    const given = codeNow(found(cores[0]).runtime);
    const { rows } = await found(cores[0]).db.query<{ id: string }>('select id from incidents');
    const incidentId = found(rows[0]).id;
    /** Whoever comes first signs first; whoever finds it signed presses the other button. */
    const click = async (index: number): Promise<string> => {
      const core = found(cores[index % cores.length]);
      const { slackUserId: actor } = found(APPROVERS[index % APPROVERS.length]);
      const origin = { surface: 'modal', correlationId: `cor_${String(index)}` };
      const preview = await previewDecision(core, { incidentId, actor, origin }, 'disable_account');
      if (!preview.ok) return preview.error.code;
      const decided = await commands.decide(core, {
        ...{ incidentId, actor, origin, given, action: 'disable_account', reason: 'not hers', ranges: [] },
        ...{ chosen: new Map(), outsideAccepted: false, override: '', breakGlass: '' },
        ...{ seen: 0, shown: preview.value.digest, requestKey: `first_${actor}` },
      });
      if (decided.ok) return 'signed';
      if (decided.error.code !== 'already_waiting' && decided.error.code !== 'code_refused') return decided.error.code;
      const stored = await core.db.query<{ id: string }>(`select id from waiting_decisions`);
      const waitingId = found(stored.rows[0]).id;
      const open = await previewCountersign(core, { actor, origin }, waitingId);
      if (!open.ok) return open.error.code;
      const { shown } = open.value;
      // The code of this half minute was spent for the first window: the next one is accepted a step early.
      const next = codeNow({ ...core.runtime, now: () => new Date(core.runtime.now().getTime() + 30_000) });
      const asked = { waitingId, actor, shown, given: next, requestKey: `second_${actor}`, origin };
      const signed = await commands.countersign(core, asked);
      return signed.ok ? 'countersigned' : signed.error.code;
    };
    /** Whoever gets no answer, because every connection is taken for too long, presses again. */
    const press = async (index: number, triesLeft = 10): Promise<string> => {
      try {
        return await click(index);
      } catch (error) {
        if (triesLeft === 0) throw error;
        return press(index, triesLeft - 1);
      }
    };
    const answers = await Promise.all(Array.from({ length: CLICKS }, (_, index) => press(index)));
    const count = (answer: string): number => answers.filter((one) => one === answer).length;
    const { db } = found(cores[0]);
    const decisions = await db.query<{ decided_by: string; second: { by: string } | null }>(
      'select decided_by, second from decisions',
    );
    expect(decisions.rows).toHaveLength(1);
    const [taken] = decisions.rows;
    expect(taken?.second?.by).toBeDefined();
    expect(taken?.second?.by).not.toBe(taken?.decided_by);
    expect((await db.query('select 1 from waiting_decisions')).rows).toHaveLength(1);
    expect((await db.query('select 1 from steps')).rows).toHaveLength(1);
    // The twenty clicks of one person in one window are one signature, and are told so.
    expect(count('signed')).toBeLessThanOrEqual(CLICKS / APPROVERS.length);
    expect(count('countersigned')).toBeLessThanOrEqual(CLICKS / APPROVERS.length);
    expect(count('signed') * count('countersigned')).toBeGreaterThan(0);
    expect(answers).toHaveLength(CLICKS);
  }, 600_000);
});
