import { beforeEach, describe, expect, it } from '@jest/globals';
import { generateSync, ScureBase32Plugin } from 'otplib';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { liftableBy } from '../../src/approvals/liftable.js';
import { enrol } from '../../src/approvals/enrolment.js';
import { issueRecoveryCodes } from '../../src/approvals/recovery-codes.js';
import { attemptsOf } from '../../src/approvals/locks.js';
import { WORKSPACE_CHAIN } from '../../src/incidents/workspace-event.js';
import { verifyChains } from '../../src/audit/verify.js';
import { tellAnnouncement } from '../../jobs/handlers/announce.js';
import { translatorOf } from '../../blocks/parts.js';
import { withOverrides } from '../../src/texts/say.js';
import { MemoryMessenger } from '../memory-messenger.js';
import { runOnce, waiting } from '../runs.js';
import { BEA, CEM, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const SEED = new ScureBase32Plugin().encode(Buffer.alloc(20));

let scene: Scene;
let windows: number;
beforeEach(async () => {
  windows = 0;
  scene = await Scene.open({ policy: { uncoded: [] } });
  const { core } = scene;
  const { runtime, sealer, workspaceId } = core;
  for (const { slackUserId: userId, email } of [BEA, CEM])
    await enrol({ tx: core.db, runtime, sealer, workspaceId, userId, label: email, email });
}, 120_000);

const codeNow = (): string => generateSync({ secret: SEED, epoch: scene.runtime.now().getTime() / 1000 });
const decide = async (code: string): Promise<string> => {
  const decided = await scene.decide('disable_account', { given: typedCode(code) });
  return decided.ok ? 'decided' : decided.error.phrase.key;
};
const guess = async (times: number): Promise<readonly string[]> => {
  const answers: string[] = [];
  for (let tries = 0; tries < times; tries += 1) answers.push(await decide('000000'));
  return answers;
};
const lift = async (more: { actor?: string; code?: string } = {}): Promise<string> => {
  windows += 1;
  const lifted = await commands.liftLock(scene.core, {
    lockedUser: BEA.slackUserId,
    actor: more.actor ?? CEM.slackUserId,
    given: typedCode(more.code ?? codeNow()),
    requestKey: `view_lift_${windows}`,
    origin: ORIGIN,
  });
  return lifted.ok ? 'lifted' : lifted.error.phrase.key;
};
const recorded = async (): Promise<readonly string[]> => {
  const { rows } = await scene.core.db.query<{ action: string }>(
    'select action from record_entries where incident_id = $1 order by seq',
    [WORKSPACE_CHAIN],
  );
  return rows.map(({ action }) => action);
};
const told = async (): Promise<readonly (readonly [string | null, string])[]> => {
  const { rows } = await scene.core.db.query<{ recipient: string | null; key: string }>(
    `select recipient, phrase->>'key' as key from announcements order by id`,
  );
  return rows.map(({ recipient, key }) => [recipient, key]);
};

describe('a lock', () => {
  it('is told in the channel, to the person and in the thread, once, and is in the record', async () => {
    expect(await guess(6)).toEqual([
      ...Array<string>(4).fill('problem.code.wrong'),
      ...Array<string>(2).fill('problem.code.locked'),
    ]);
    expect(await told()).toEqual([
      [null, 'announce.locked'],
      [BEA.slackUserId, 'announce.locked.you'],
    ]);
    expect((await scene.lines()).filter((line) => line === 'announce.locked')).toHaveLength(1);
    expect((await scene.record()).filter((action) => action === 'approver.locked')).toHaveLength(1);
    expect(await recorded()).toEqual(['approver.locked']);
  });

  it('grows, and only a right code sets the count back', async () => {
    await guess(5);
    scene.runtime.move(15 * MINUTE_MS);
    await guess(5);
    scene.runtime.move(29 * MINUTE_MS);
    expect(await decide(codeNow())).toBe('problem.code.locked');
    scene.runtime.move(MINUTE_MS);
    expect(await decide(codeNow())).toBe('decided');
    expect(await attemptsOf(scene.core, scene.core.db, BEA.slackUserId)).toMatchObject({ failed: 0 });
  });

  it('is lifted by another approver with a code, and what was guessed goes on to count', async () => {
    await guess(5);
    expect(await lift()).toBe('lifted');
    expect(await attemptsOf(scene.core, scene.core.db, BEA.slackUserId)).toMatchObject({
      failed: 5,
      locked_until: null,
    });
    await guess(5);
    scene.runtime.move(20 * MINUTE_MS);
    expect(await decide(codeNow())).toBe('problem.code.locked');
    expect(await lift()).toBe('lifted');
    scene.runtime.move(MINUTE_MS);
    expect(await decide(codeNow())).toBe('decided');
    expect((await told()).filter(([, key]) => key === 'announce.lifted')).toHaveLength(2);
    expect((await recorded()).filter((action) => action === 'approver.lock_lifted')).toHaveLength(2);
    expect((await verifyChains(scene.core.db)).problems).toEqual([]);
  });

  it.each<[string, string, { actor?: string; code?: string }]>([
    ['the one who is locked', 'problem.lift.own', { actor: BEA.slackUserId }],
    ['somebody who has no such role', 'problem.not_in_role', { actor: ELI.slackUserId }],
    ['an approver with a wrong code', 'problem.code.wrong', { code: '000000' }],
  ])('is not lifted by %s, and the try is in the record', async (_who, problem, more) => {
    await guess(5);
    expect(await lift(more)).toBe(problem);
    expect(await decide(codeNow())).toBe('problem.code.locked');
    expect(await recorded()).toContain('attempt.refused');
  });

  it('is not lifted when there is none', async () => {
    expect(await lift()).toBe('problem.lift.none');
  });

  it('that is gone costs nobody a code', async () => {
    expect(await lift()).toBe('problem.lift.none');
    await guess(5);
    // The same code, in the same half minute.
    expect(await lift()).toBe('lifted');
  });

  const opening = async (actor: string): Promise<string> => {
    const opened = await liftableBy(scene.core, { lockedUser: BEA.slackUserId, actor, origin: ORIGIN });
    return opened.ok ? 'opened' : opened.error.phrase.key;
  };

  it('opens its window for another approver alone, and while it is on', async () => {
    await guess(5);
    expect(await opening(CEM.slackUserId)).toBe('opened');
    expect(await recorded()).not.toContain('attempt.refused');
    expect(await opening(BEA.slackUserId)).toBe('problem.lift.own');
    expect(await opening(ELI.slackUserId)).toBe('problem.not_in_role');
    expect((await recorded()).filter((action) => action === 'attempt.refused')).toHaveLength(2);
    expect(await lift()).toBe('lifted');
    expect(await opening(CEM.slackUserId)).toBe('problem.lift.none');
    expect((await recorded()).filter((action) => action === 'attempt.refused')).toHaveLength(3);
  });

  it('that has run out opens no window', async () => {
    await guess(5);
    scene.runtime.move(16 * MINUTE_MS);
    expect(await opening(CEM.slackUserId)).toBe('problem.lift.none');
  });

  it('has no end after a hundred wrong codes, but a new enrolment', async () => {
    const { core } = scene;
    for (let locks = 0; locks < 20; locks += 1) {
      await guess(5);
      scene.runtime.move(24 * 60 * MINUTE_MS);
    }
    expect(await decide(codeNow())).toBe('problem.code.ended');
    expect((await told()).filter(([, key]) => key.startsWith('announce.ended'))).toHaveLength(2);
    expect(await lift()).toBe('problem.lift.ended');
    const { db: tx, runtime, sealer, workspaceId } = core;
    await enrol({ tx, runtime, sealer, workspaceId, userId: BEA.slackUserId, label: BEA.email });
    expect(await decide(codeNow())).toBe('decided');
  }, 120_000);

  it('has a button in the channel until it is lifted or has run out', async () => {
    const slack = new MemoryMessenger();
    const parts = { core: scene.core, messenger: slack, translator: translatorOf(withOverrides({})) };
    const announceAll = async () => {
      for (const ref of await waiting(scene.core, 'announce'))
        await runOnce(scene.core, 'announce', ref, (run) => tellAnnouncement(parts, run));
    };
    const inChannel = () => found(slack.posted.find(({ channel }) => channel === scene.core.policy.securityChannel));
    const hasButton = () => JSON.stringify(inChannel().drawn.blocks).includes('lock_lift');
    await guess(5);
    await announceAll();
    expect(hasButton()).toBe(true);
    await lift();
    await announceAll();
    expect(hasButton()).toBe(false);
    expect(slack.posted.filter(({ threadTs }) => threadTs !== null)).toEqual([]);
  });
});

describe('a clock that is off', () => {
  const at = (minutes: number): string =>
    generateSync({ secret: SEED, epoch: scene.runtime.now().getTime() / 1000 + minutes * 60 });

  it('is told to the person when it is slow: such a code is of no use any more', async () => {
    expect(await decide(at(-4))).toBe('problem.code.clock');
  });

  it('is not told when it is fast: a guess would learn which code comes', async () => {
    expect(await decide(at(4))).toBe('problem.code.wrong');
  });

  it.each([-4, 4])(
    'is kept for the list of who is enrolled, and counts as a wrong code: %i minutes',
    async (minutes) => {
      await decide(at(minutes));
      const attempts = await attemptsOf(scene.core, scene.core.db, BEA.slackUserId);
      expect(attempts).toMatchObject({ failed: 1, clock_off: minutes * 60 });
    },
  );
});

describe('a recovery code', () => {
  const issue = async (userId = BEA.slackUserId): Promise<readonly string[]> => {
    const { db: tx, runtime, sealer, workspaceId } = scene.core;
    return (await issueRecoveryCodes({ tx, runtime, sealer, workspaceId, userId })).map((code) => code.reveal());
  };

  it('is one of ten, and stands nowhere in the database', async () => {
    const codes = await issue();
    expect(codes).toHaveLength(10);
    for (const code of codes) expect(code).toMatch(/^[0-9]-[0-9a-z]{5}-[0-9a-z]{5}$/);
    const { rows } = await scene.core.db.query('select * from recovery_codes');
    expect(JSON.stringify(rows)).not.toContain('00000-00000');
  });

  it('counts once, however it is typed, and is told to the channel and the person', async () => {
    const [, second = ''] = await issue();
    expect(await decide(` ${second.toUpperCase().replaceAll('-', ' ')}`)).toBe('decided');
    const { rows } = await scene.core.db.query<{ proof: unknown }>('select proof from decisions');
    expect(rows[0]?.proof).toMatchObject({ kind: 'recovery' });
    expect((await scene.run((await scene.lastStep()).id)).status).toBe('verified');
    expect(await decide(second)).toBe('problem.code.used');
    expect(await told()).toEqual([
      [null, 'announce.recovery'],
      [BEA.slackUserId, 'announce.recovery.you'],
    ]);
    expect(await recorded()).toEqual(['recovery_code.used']);
  });

  it.each<[string, (codes: readonly string[]) => Promise<string> | string]>([
    ['that was never given', () => '3-aaaaa-aaaaa'],
    [
      'that was taken back',
      async (codes) => {
        await scene.core.db.query('delete from recovery_codes where number = 1');
        return codes[1] ?? '';
      },
    ],
    [
      'that somebody wrote into the database',
      async (codes) => {
        await scene.core.db.query(`update recovery_codes set id = 'rec_forged' where number = 1`);
        return codes[1] ?? '';
      },
    ],
    ['of a colleague', async () => (await issue(CEM.slackUserId))[1] ?? ''],
  ])('%s is wrong, and counts as a guess', async (what, make) => {
    const codes = what === 'of a colleague' ? [] : await issue();
    expect(await decide(await make(codes))).toBe('problem.code.wrong');
    expect(await attemptsOf(scene.core, scene.core.db, BEA.slackUserId)).toMatchObject({ failed: 1 });
  });

  it('is not looked at during a lock', async () => {
    const [first = ''] = await issue();
    await guess(5);
    expect(await decide(first)).toBe('problem.code.locked');
  });
});
