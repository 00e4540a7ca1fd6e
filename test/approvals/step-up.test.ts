import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateSync, ScureBase32Plugin } from 'otplib';
import { enrol, isEnrolled, seedContext } from '../../src/approvals/enrolment.js';
import { planBinding, verifyCode, type CodeCheck } from '../../src/approvals/step-up.js';
import { systemRuntime, type Runtime } from '../../src/platform/runtime.js';
import { createSealer } from '../../src/platform/seal.js';
import { Secret } from '../../src/platform/secret.js';
import type { Database } from '../../src/ports/database.js';
import { openMemoryDatabase } from '../memory-database.js';

const RFC_SEED = new ScureBase32Plugin().encode(Buffer.from('12345678901234567890', 'ascii'));
const BINDING = planBinding({ action: 'reset_password', incident: 'inc_1', systems: ['mimecast'] });
const sealer = createSealer(new Secret(Buffer.alloc(32, 3).toString('hex')));
const person = { workspaceId: 'T1', userId: 'U1' };

let database: Database;
let seconds = 1_111_111_109;
const runtime: Runtime = { ...systemRuntime(), now: () => new Date(seconds * 1000) };

beforeAll(async () => {
  database = await openMemoryDatabase();
});
afterAll(async () => database.close());
beforeEach(async () => {
  for (const table of ['totp_enrolments', 'totp_used_steps', 'totp_attempts'])
    await database.query(`DELETE FROM ${table}`);
  seconds = 1_111_111_109;
});

async function plant(seed: string): Promise<void> {
  const sealed = sealer.seal(new Secret(seed), seedContext('T1', 'U1'));
  await database.query(
    'INSERT INTO totp_enrolments (workspace_id, user_id, sealed_seed, enrolled_at) VALUES ($1, $2, $3, $4)',
    ['T1', 'U1', sealed, runtime.now()],
  );
}

const codeAt = (epoch: number, seed = RFC_SEED): string => generateSync({ secret: seed, epoch });
const check = (code: string, more: Partial<CodeCheck> = {}): ReturnType<typeof verifyCode> =>
  verifyCode({ database, runtime, sealer, ...person, code, binding: BINDING, ...more });
const taken = (timeStep: number) => ({ ok: true, value: { proof: { kind: 'totp', timeStep }, recoveryLeft: null } });
const wrong = (triesLeft: number) => ({ ok: false, error: { kind: 'wrong', triesLeft, clockSlow: false } });
/** A six-digit code that belongs to none of the three steps around now. */
function wrongCode(): string {
  const near = [-30, 0, 30].map((offset) => codeAt(seconds + offset));
  return ['000000', '000001', '000002', '000003'].find((code) => !near.includes(code))!;
}

describe('the one-time code', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %i s is what RFC 6238 says', async (epoch, eightDigits) => {
    await plant(RFC_SEED);
    seconds = epoch;
    await expect(check(eightDigits.slice(2))).resolves.toEqual(taken(Math.floor(epoch / 30)));
  });

  it('is taken one step early and one step late, no further', async () => {
    await plant(RFC_SEED);
    const now = Math.floor(seconds / 30);
    for (const [offset, accepted] of [
      [-60, false],
      [-30, true],
      [0, true],
      [30, true],
      [60, false],
    ] as const) {
      const answer = await check(codeAt(seconds + offset));
      expect(answer).toMatchObject(accepted ? taken(now + offset / 30) : { ok: false, error: { kind: 'wrong' } });
    }
  });

  it('is taken once, and says for what', async () => {
    await plant(RFC_SEED);
    const timeStep = Math.floor(seconds / 30);
    await expect(check(codeAt(seconds))).resolves.toEqual(taken(timeStep));
    await expect(check(codeAt(seconds), { binding: planBinding({ other: true }) })).resolves.toEqual({
      ok: false,
      error: { kind: 'replayed' },
    });
    const { rows } = await database.query('select user_id, binding from totp_used_steps where time_step = $1', [
      timeStep,
    ]);
    expect(rows).toEqual([{ user_id: person.userId, binding: BINDING }]);
  });

  it('is taken once by tries for different things that run at once', async () => {
    await plant(RFC_SEED);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, window) => check(codeAt(seconds), { binding: planBinding({ window }) })),
    );
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.error.kind === 'replayed')).toHaveLength(7);
  });

  it('is taken again for the very same thing: a window that was sent off twice is one decision', async () => {
    await plant(RFC_SEED);
    const answers = await Promise.all(Array.from({ length: 4 }, () => check(codeAt(seconds))));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    const { rows } = await database.query('select binding from totp_used_steps');
    expect(rows).toEqual([{ binding: BINDING }]);
  });

  it('may be typed with spaces; what is no code is not counted', async () => {
    await plant(RFC_SEED);
    for (const code of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦', '1'.repeat(100_000)]) {
      await expect(check(code)).resolves.toEqual({ ok: false, error: { kind: 'malformed' } });
    }
    const code = codeAt(seconds);
    await expect(check(` ${code.slice(0, 3)} ${code.slice(3)}\n`)).resolves.toMatchObject({ ok: true });
  });

  it('locks for fifteen minutes after five wrong ones, and says so once', async () => {
    await plant(RFC_SEED);
    for (const triesLeft of [4, 3, 2, 1]) {
      await expect(check(wrongCode())).resolves.toEqual(wrong(triesLeft));
    }
    const until = new Date((seconds + 900) * 1000);
    await expect(check(wrongCode())).resolves.toEqual({
      ok: false,
      error: { kind: 'locked', until, justLocked: true },
    });
    await expect(check(codeAt(seconds))).resolves.toEqual({
      ok: false,
      error: { kind: 'locked', until, justLocked: false },
    });
    seconds += 899;
    await expect(check(codeAt(seconds))).resolves.toMatchObject({ error: { kind: 'locked' } });
    seconds += 1;
    await expect(check(wrongCode())).resolves.toEqual(wrong(4));
    await expect(check(codeAt(seconds))).resolves.toMatchObject({ ok: true });
  });

  it('gives no extra tries to those that run at once', async () => {
    await plant(RFC_SEED);
    const answers = await Promise.all(Array.from({ length: 12 }, () => check(wrongCode())));
    const refusals = answers.map((answer) => (answer.ok ? 'ok' : answer.error.kind));
    expect(refusals.filter((kind) => kind === 'wrong')).toHaveLength(4);
    expect(
      answers.filter((answer) => !answer.ok && answer.error.kind === 'locked' && answer.error.justLocked),
    ).toHaveLength(1);
  });

  it('starts the count anew after a right one', async () => {
    await plant(RFC_SEED);
    for (let round = 0; round < 3; round += 1) {
      for (let tries = 0; tries < 4; tries += 1) await check(wrongCode());
      await expect(check(codeAt(seconds))).resolves.toMatchObject({ ok: true });
      seconds += 90;
    }
  });

  it('stays counted when the decision around it is rolled back', async () => {
    await plant(RFC_SEED);
    const answer = await check(wrongCode());
    const decision = database.transaction((tx) =>
      tx.query('SELECT 1').then(() => {
        throw new Error('rolled back');
      }),
    );
    await expect(decision).rejects.toThrow('rolled back');
    expect(answer).toMatchObject({ error: { triesLeft: 4 } });
    await expect(check(wrongCode())).resolves.toMatchObject({ error: { triesLeft: 3 } });
  });

  it('of another person or workspace is worth nothing here', async () => {
    await plant(RFC_SEED);
    await expect(check(codeAt(seconds), { userId: 'U2' })).resolves.toEqual({
      ok: false,
      error: { kind: 'not_enrolled' },
    });
    await expect(check(codeAt(seconds), { workspaceId: 'T2' })).resolves.toMatchObject({
      error: { kind: 'not_enrolled' },
    });
  });

  it('fails closed when the seed does not open', async () => {
    await plant(RFC_SEED);
    const other = createSealer(new Secret(Buffer.alloc(32, 4).toString('hex')));
    await expect(check(codeAt(seconds), { sealer: other })).resolves.toMatchObject({
      ok: false,
      error: { kind: 'unreadable' },
    });
    await database.query(
      "INSERT INTO totp_enrolments SELECT workspace_id, 'U2', sealed_seed, enrolled_at FROM totp_enrolments",
    );
    await expect(check(codeAt(seconds), { userId: 'U2' })).resolves.toMatchObject({ error: { kind: 'unreadable' } });
  });
});

describe('the enrolment', () => {
  const seedOf = (uri: Secret): string => new URL(uri.reveal()).searchParams.get('secret')!;
  const request = { runtime, sealer, ...person, label: 'ada@example.com' };

  it('gives a link and a picture that an authenticator reads, and stores the seed sealed', async () => {
    const { uri, qr } = await enrol({ ...request, tx: database });
    expect(uri.reveal()).toMatch(/^otpauth:\/\/totp\/Notme:ada(%40|@)example\.com\?/);
    expect(new URL(uri.reveal()).searchParams.get('issuer')).toBe('Notme');
    expect(seedOf(uri)).toMatch(/^[A-Z2-7]{32}$/);
    expect(qr.length).toBeGreaterThan(15);
    expect(new Set(qr.map((line) => Array.from(line).length)).size).toBe(1);
    const rows = await database.query('SELECT * FROM totp_enrolments');
    expect(JSON.stringify(rows.rows)).not.toContain(seedOf(uri));
    expect(JSON.stringify({ uri })).not.toContain(seedOf(uri));
    await expect(check(codeAt(seconds, seedOf(uri)))).resolves.toMatchObject({ ok: true });
    await expect(isEnrolled(database, 'T1', 'U1')).resolves.toBe(true);
    await expect(isEnrolled(database, 'T1', 'U2')).resolves.toBe(false);
  });

  it('again replaces the seed and lifts the lock', async () => {
    const first = await enrol({ ...request, tx: database });
    for (let tries = 0; tries < 5; tries += 1) await check('000000');
    const second = await database.transaction((tx) => enrol({ ...request, tx }));
    expect(seedOf(second.uri)).not.toBe(seedOf(first.uri));
    await expect(check(codeAt(seconds, seedOf(first.uri)))).resolves.toMatchObject({ error: { kind: 'wrong' } });
    await expect(check(codeAt(seconds, seedOf(second.uri)))).resolves.toMatchObject({ ok: true });
  });
});

describe('the binding', () => {
  it('is the same for the same plan and another for any other', () => {
    expect(planBinding({ a: 1, b: ['x', null] })).toBe(planBinding({ b: ['x', null], a: 1 }));
    expect(planBinding({ ranges: ['10.0.0.0/8'] })).not.toBe(planBinding({ ranges: ['10.0.0.0/9'] }));
    // SHA-256 of the two characters {}.
    expect(planBinding({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });
});
