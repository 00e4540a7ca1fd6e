import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { enrol } from '../../src/approvals/enrolment.js';
import { planBinding, verifyCode } from '../../src/approvals/step-up.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import { createSealer } from '../../src/platform/seal.js';
import { Secret } from '../../src/platform/secret.js';
import type { Database } from '../../src/ports/database.js';
import { openMemoryDatabase } from '../memory-database.js';

/** The code that Debian's oathtool gives for a seed at an instant. */
function oathtool(seed: string, epoch: number): string {
  return execFileSync('oathtool', ['--totp', '--base32', `--now=@${epoch}`, seed], { encoding: 'utf8' }).trim();
}

describe('Debian’s oathtool', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openMemoryDatabase();
  });
  afterAll(async () => database.close());

  it('and Notme agree on every code of fifty people at fifty instants', async () => {
    const sealer = createSealer(new Secret(Buffer.alloc(32, 5).toString('hex')));
    for (let index = 0; index < 50; index += 1) {
      const epoch = 1_700_000_000 + index * 12_345_679;
      const runtime: Runtime = { ...systemRuntime(), now: () => new Date(epoch * 1000 + 999) };
      const who = { workspaceId: 'T1', userId: `U${index}` };
      const { uri } = await enrol({ tx: database, runtime, sealer, ...who, label: `person-${index}@example.com` });
      const seed = new URL(uri.reveal()).searchParams.get('secret')!;
      const code = oathtool(seed, epoch + ((index % 3) - 1) * 30);
      const answer = await verifyCode({ database, runtime, sealer, ...who, code, binding: planBinding({ index }) });
      expect(answer).toMatchObject({
        ok: true,
        value: { proof: { kind: 'totp', timeStep: Math.floor(epoch / 30) + (index % 3) - 1 } },
      });
    }
  });
});
