import { z } from 'zod';
import { openQueue } from '../../jobs/queue/open.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { openDatabase } from '../../src/store/open.js';
import { keepingLog } from './log.js';

// Takes one job, says so, and never finishes it: the test kills this process then.
const place = z
  .object({
    databaseUrl: z.string().nullable(),
    dataDir: z.string().nullable(),
    redisUrl: z.string().nullable(),
    name: z.string(),
    lockMs: z.number().optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const database = await openDatabase({ ...place, runtime: systemRuntime() });
const queue = await openQueue({
  redisUrl: place.redisUrl,
  name: place.name,
  database,
  log: keepingLog().log,
  ...(place.lockMs === undefined ? {} : { lockMs: place.lockMs }),
});
await queue.add({ jobId: 'step_killed', name: 'step', data: { step: 'a' } });
await queue.work(
  async ({ jobId }) => {
    process.stdout.write(`${jobId}\n`);
    await new Promise<void>(() => undefined);
  },
  { concurrency: 1 },
);
