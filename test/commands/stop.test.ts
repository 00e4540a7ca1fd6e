import { expect, it } from '@jest/globals';
import { slackGoesAway, stopsInTrouble } from '../stopping/suite.js';

const embedded = { databaseUrl: null, redisUrl: null };

it('ends within ten seconds of SIGTERM under load', async () => {
  expect(await stopsInTrouble({ ...embedded, befall: () => Promise.resolve() })).toBe('ended with 0');
}, 240_000);

it('ends within ten seconds of SIGTERM when Slack has been away for a while', async () => {
  expect(await stopsInTrouble({ ...embedded, befall: slackGoesAway })).toBe('ended with 0');
}, 240_000);
