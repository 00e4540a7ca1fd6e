import { expect, it } from '@jest/globals';
import { boundProof } from '../../src/approvals/authentication.js';
import type { Proof } from '../../src/incidents/proof.js';
import { found, Scene } from '../scene.js';

it.each<[Proof | null, object]>([
  // The form of decisions that were taken before there was another proof: their tags must stay valid.
  [null, { time_step: null }],
  [{ kind: 'totp', timeStep: 58_000_000 }, { time_step: 58_000_000 }],
  [
    { kind: 'passkey', credential: 'cGFzcw' },
    { time_step: null, proof: { kind: 'passkey', credential: 'cGFzcw' } },
  ],
  [
    { kind: 'recovery', code: 'rec_1' },
    { time_step: null, proof: { kind: 'recovery', code: 'rec_1' } },
  ],
])('a tag covers the proof %j', (proof, bound) => {
  expect(boundProof(proof)).toEqual(bound);
});

it.each([
  ['a passkey is written in for no proof', `update decisions set proof = '{"kind":"passkey","credential":"cGFzcw"}'`],
  ['a code is written in for no proof', `update decisions set proof = '{"kind":"totp","timeStep":58000000}'`],
])(
  'nothing is sent when %s',
  async (_what, sql) => {
    const scene = await Scene.open();
    await scene.decide('disable_account');
    await scene.core.db.query(sql);
    const { id } = found((await scene.steps()).at(-1));
    expect((await scene.run(id)).status).toBe('needs_human');
  },
  120_000,
);
