import { expect, it } from '@jest/globals';
import { compileApp } from '../crash/compile.js';
import { type MortalApp, startMortalApp } from '../crash/mortal-app.js';
import { until } from '../crash/people.js';
import { openTown, type Town, type Townsman } from '../crash/town.js';
import { untilQuiet } from '../crash/verdict.js';
import { startPostgres } from './servers.js';

const RESTARTS = 6;
const REPORTS = 240;

async function sayNotMe(town: Town, { id }: Townsman): Promise<void> {
  const { channel } = await town.slack.act({ as: id, do: 'open_dm', with: town.slack.botUserId });
  await town.slack.act({ as: id, do: 'message', channel: String(channel), text: "I didn't do this" });
}

async function withoutIncident(town: Town, app: MortalApp): Promise<readonly Townsman[]> {
  const { rows } = await app.db.query<{ slack_user_id: string }>(
    'select p.slack_user_id from incidents i join people p on p.workspace_id = i.workspace_id and p.id = i.person_id',
  );
  const reported = new Set(rows.map((row) => row.slack_user_id));
  return town.people.filter(({ id }) => !reported.has(id));
}

it(`leaves no work hanging after ${String(RESTARTS)} restarts of Postgres under ${String(REPORTS)} reports`, async () => {
  const postgres = await startPostgres();
  const compiled = await compileApp();
  const town = await openTown({ people: REPORTS, approvers: 2, databaseUrl: postgres.url, redisUrl: null });
  const app = await startMortalApp(town, compiled.app);
  try {
    for (let round = 0; round < RESTARTS; round += 1) {
      const share = town.people.filter((_, index) => index % RESTARTS === round);
      const reports = Promise.allSettled(share.map((one) => sayNotMe(town, one)));
      await postgres.kill();
      await postgres.start();
      await reports;
    }
    await untilQuiet(app, 120);
    // Whoever was told that it could not be taken just then says it again.
    for (const one of await withoutIncident(town, app)) await sayNotMe(town, one);
    // Slack took the message when it was said; the app may hear it a moment later.
    await until('reported', async () => ((await withoutIncident(town, app)).length === 0 ? true : null), 120);
    await untilQuiet(app, 120);
    const { rows } = await app.db.query<{ cards: number }>(
      'select count(*)::int as cards from incidents where card_ts is not null',
    );
    expect(rows[0]?.cards).toBe(REPORTS);
    expect(app.deaths).toBe(0);
  } finally {
    await app.stop();
    await town.close();
    await compiled.remove();
    await postgres.stop();
  }
}, 600_000);
