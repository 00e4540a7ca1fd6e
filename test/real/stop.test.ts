import { describe, expect, it } from '@jest/globals';
import { slackGoesAway, stopsInTrouble } from '../stopping/suite.js';
import { startPostgres, startRedis } from './servers.js';

const WITH_LOAD = 'under load';

describe.each(['Postgres', 'Postgres and Redis'])('SIGTERM ends a process on %s within ten seconds', (place) => {
  const gone = place === 'Postgres' ? ['Slack', 'Postgres'] : ['Slack', 'Postgres', 'Redis'];
  it.each([WITH_LOAD, ...gone.map((server) => `with ${server} unreachable`)])(
    '%s',
    async (trouble) => {
      const postgres = await startPostgres();
      const redis = place === 'Postgres' ? null : await startRedis();
      try {
        const ended = await stopsInTrouble({
          databaseUrl: postgres.url,
          redisUrl: redis?.url ?? null,
          befall: async (town) => {
            if (trouble.includes('Slack')) await slackGoesAway(town);
            if (trouble.includes('Postgres')) await postgres.kill();
            if (trouble.includes('Redis')) await redis?.kill();
          },
        });
        expect(ended).toBe('ended with 0');
      } finally {
        await redis?.stop();
        await postgres.stop();
      }
    },
    180_000,
  );
});
