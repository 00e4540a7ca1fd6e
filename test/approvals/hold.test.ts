import { beforeEach, describe, expect, it } from '@jest/globals';
import { commands } from '../../src/approvals/commands/index.js';
import { canHold } from '../../src/approvals/hold.js';
import { residualView } from '../../src/containment/residual.js';
import { lastHold } from '../../src/incidents/hold-reach.js';
import { SELF_HOLD } from '../../src/incidents/step-standing.js';
import { incidentCard } from '../../blocks/incident-card.js';
import { residualCard } from '../../blocks/residual.js';
import { statusCard } from '../../blocks/status-card.js';
import { translatorOf } from '../../blocks/parts.js';
import { incidentView } from '../../src/incidents/view.js';
import type { Result } from '../../src/platform/result.js';
import { reportNotMe } from '../../src/reports/report.js';
import type { Standing } from '../../src/ports/roles.js';
import type { Problem } from '../../src/texts/problem.js';
import { withOverrides } from '../../src/texts/say.js';
import { ADA, BEA, DAY_MS, ELI, found, incidentAbout, MINUTE_MS, ORIGIN, Scene, type SceneOptions } from '../scene.js';

const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.code);
const RETURN = { override: 'spoken to her on the phone' };

let scene: Scene;
let answers = true;
let standing: Standing = 'member';
const standingOf = (): Promise<Standing> =>
  answers ? Promise.resolve(standing) : Promise.reject(new Error('Slack does not answer'));

async function open(options: SceneOptions = {}): Promise<void> {
  scene = await Scene.open({ standingOf, ...options });
}

const report = (person = scene.person) =>
  reportNotMe(scene.core, person, {
    surface: 'dm',
    said: 'not me',
    noticeId: null,
    sourceKey: `ev_${person.id}`,
    origin: ORIGIN,
  });
const hold = async (actor = ADA.slackUserId, incidentId = scene.incident.id) =>
  codeOf(await commands.holdOwn(scene.core, { incidentId, actor, origin: ORIGIN }));
const holds = async (): Promise<number> =>
  (await scene.core.db.query(`select 1 from decisions where action = $1`, [SELF_HOLD])).rows.length;
const offered = async (): Promise<boolean> =>
  (await canHold(scene.core, found(await incidentView(scene.core, scene.incident.id)))) !== null;
async function runAll(): Promise<readonly string[]> {
  const states: string[] = [];
  for (const { id, status } of await scene.steps())
    if (['waiting', 'queued'].includes(status)) states.push((await scene.run(id)).status);
  return states;
}

beforeEach(async () => {
  answers = true;
  standing = 'member';
  await open();
  await report();
}, 120_000);

describe('a self-hold', () => {
  it('quarantines first, then ends the sessions, without a code, and is in the record and the thread', async () => {
    expect(await hold()).toBe('done');
    expect((await scene.steps()).map(({ action }) => action)).toEqual(['quarantine', 'revoke_sessions']);
    expect(await runAll()).toEqual(['verified', 'verified']);
    expect(scene.okta.asked.filter((one) => one.startsWith('perform'))).toEqual([
      'perform quarantine',
      'perform revoke_sessions',
    ]);
    expect(await scene.record()).toContain('hold.taken');
    expect(await scene.lines()).toContain('timeline.held');
  });

  it('is taken once, pressed twice or twice at once', async () => {
    expect(await Promise.all([hold(), hold()])).toEqual(['done', 'done']);
    await runAll();
    expect(await hold()).toBe('done');
    expect(await holds()).toBe(1);
  });

  it.each([
    ['an approver', BEA.slackUserId],
    ['somebody else', ELI.slackUserId],
  ])('is refused to %s, which is recorded', async (_, actor) => {
    expect(await hold(actor)).toBe('not_own_incident');
    expect(await holds()).toBe(0);
    expect(await scene.record()).toContain('decision.refused');
  });

  it('is refused where the person did not report: an incident that others opened is not theirs to see', async () => {
    const { incident } = await incidentAbout(scene.core, ELI);
    expect(await hold(ELI.slackUserId, incident.id)).toBe('not_own_incident');
  });

  it('is refused when the incident is closed, and when it does not exist', async () => {
    await commands.close(scene.core, {
      incidentId: scene.incident.id,
      actor: BEA.slackUserId,
      outcome: 'benign',
      reason: 'fine',
      origin: ORIGIN,
    });
    expect(await hold()).toBe('incident_closed');
    expect(await hold(ADA.slackUserId, `inc_${'f'.repeat(32)}`)).toBe('unknown_incident');
  });

  it.each([
    [
      'was linked by hand',
      () =>
        scene.core.db.query(
          `insert into account_links (workspace_id, person_id, system, login, set_by, set_at, incident_id) values ($1, $2, 'okta', 'x', 'U', now(), $3)`,
          [scene.core.workspaceId, scene.person.id, scene.incident.id],
        ),
    ],
    [
      "is somebody else's too",
      async () => scene.link({ ...found(await accountRef()) }, (await incidentAbout(scene.core, ELI)).person),
    ],
    ['is protected', () => state({ protectedBecause: 'an administrator' })],
    ['is a service account', () => state({ use: 'service' })],
  ])('leaves out an account that %s', async (_, change) => {
    await change();
    expect(await offered()).toBe(false);
    expect(await hold()).toBe('nothing_to_do');
  });

  it('touches nobody on the never-touch list', async () => {
    await open({ policy: { neverTouch: [ADA.email] } });
    await report();
    expect(await offered()).toBe(false);
    expect(await hold()).toBe('never_touch');
  });

  it.each([
    ['guest', 'done'],
    ['single_channel_guest', 'done'],
    ['deactivated', 'not_a_member'],
    ['stranger', 'not_a_member'],
    ['elsewhere', 'not_a_member'],
    ['app', 'not_a_member'],
    ['unknown', 'not_a_member'],
  ] as const)('by somebody who is "%s" in the workspace: %s', async (is, expected) => {
    standing = is;
    expect(await hold()).toBe(expected);
  });

  it('is refused while Slack does not say who that is', async () => {
    answers = false;
    expect(await hold()).toBe('actor_unknown');
  });
});

/** The account as the system names it. */
async function accountRef() {
  const { system, accountId, login } = await scene.account();
  return { system, accountId: found(accountId), login: found(login) };
}

async function state(change: object): Promise<void> {
  const ref = await accountRef();
  const read = await scene.okta.readState(ref);
  if (!read.ok) throw new Error('the memory system always answers');
  await scene.core.db.query('update accounts set state = $1', [JSON.stringify({ ...read.value, ...change })]);
}

describe('a step of a self-hold', () => {
  it('is not sent for an account that was linked by hand since', async () => {
    await hold();
    await scene.core.db.query(
      `insert into account_links (workspace_id, person_id, system, login, set_by, set_at, incident_id) values ($1, $2, 'okta', 'x', 'U', now(), $3)`,
      [scene.core.workspaceId, scene.person.id, scene.incident.id],
    );
    expect(await runAll()).toEqual(['needs_human', 'needs_human']);
    expect(scene.okta.asked.filter((one) => one.startsWith('perform'))).toEqual([]);
  });

  it('waits while Slack does not answer', async () => {
    await hold();
    answers = false;
    expect((await scene.run(found((await scene.steps())[0]).id)).status).toBe('queued');
  });

  it('is not sent for somebody who has left since', async () => {
    await hold();
    standing = 'deactivated';
    expect((await scene.run(found((await scene.steps())[0]).id)).status).toBe('needs_human');
  });

  it('is not sent when only the rows say that it is one', async () => {
    await scene.decide('disable_account');
    await scene.core.db.query(`update decisions set action = '${SELF_HOLD}', decided_by = $1`, [ADA.slackUserId]);
    expect(await runAll()).toEqual(['needs_human']);
    expect(scene.okta.isEnabled(found((await accountRef()).accountId))).toBe(true);
  });
});

describe('lifting a self-hold', () => {
  it('is for approvers: not for the person, and only after the checklist or with a reason', async () => {
    await hold();
    await runAll();
    const [quarantined] = await scene.steps();
    const { id } = found(quarantined);
    expect(codeOf(await scene.undo(id, { actor: ADA.slackUserId, ...RETURN }))).toBe('not_an_approver');
    expect(codeOf(await scene.undo(id))).toBe('checklist_open');
    expect(codeOf(await scene.undo(id, RETURN))).toBe('done');
    expect((await scene.run((await scene.lastStep()).id)).status).toBe('verified');
  });

  it('lets the person freeze again, twice a week and no more', async () => {
    for (const expected of ['done', 'done', 'held_often']) {
      expect(await offered()).toBe(expected === 'done');
      expect(await hold()).toBe(expected);
      if (expected !== 'done') break;
      await runAll();
      const quarantined = (await scene.steps()).findLast(
        ({ action, undo_of: undone }) => action === 'quarantine' && undone === null,
      );
      await scene.undo(found(quarantined).id, RETURN);
      await scene.run((await scene.lastStep()).id);
      scene.runtime.move(MINUTE_MS);
    }
    expect(await holds()).toBe(2);
    scene.runtime.move(7 * DAY_MS);
    expect(await hold()).toBe('done');
  });
});

describe("the reporter's message", () => {
  const translator = translatorOf(withOverrides({}));
  const drawn = async (): Promise<string> => {
    const view = found(await incidentView(scene.core, scene.incident.id));
    return JSON.stringify(statusCard(translator, view, await canHold(scene.core, view)));
  };

  it('offers it with a question, and then tells what became of it', async () => {
    expect(await drawn()).toMatch(/status_hold.*Freeze your accounts\?/);
    await hold();
    expect(await drawn()).toContain('are being frozen');
    expect(await drawn()).not.toContain('status_hold');
    await runAll();
    expect(await drawn()).toContain('You have frozen your accounts.');
    const [quarantined] = await scene.steps();
    await scene.undo(found(quarantined).id, RETURN);
    await scene.run((await scene.lastStep()).id);
    expect(await drawn()).toMatch(/has lifted the freeze.*status_hold/);
  });

  it('says when not all of it worked', async () => {
    scene.okta.fail('perform', { kind: 'permission', message: 'no right to do that', missing: 'a right' });
    await hold();
    await runAll();
    expect(await drawn()).toMatch(/not all of them.*tried and did not work.*okta/);
  });

  describe('where a freeze does not reach every system', () => {
    const console = { route: 'console' } as const;
    beforeEach(async () => {
      await open({
        systems: {
          okta: { title: 'Okta' },
          mimecast: { title: 'Mimecast', capabilities: { quarantine: console, revoke_sessions: console } },
          slack: { title: 'Slack', capabilities: { quarantine: { route: 'none' } } },
          acme: { title: 'Acme' },
        },
      });
      await report();
    }, 120_000);
    const view = async () => found(await incidentView(scene.core, scene.incident.id));
    const card = async (): Promise<string> => JSON.stringify(incidentCard(translator, await view()));

    it('says so by name: beforehand, afterwards, in the thread, on the card, and among what still works', async () => {
      expect(await drawn()).toMatch(/\*Mimecast\* cannot be frozen from here: the security team has to do it/);
      expect(await drawn()).toMatch(/"confirm".*Not frozen from here: Mimecast.*Only signed out: Slack/);
      await hold();
      await runAll();
      expect(await drawn()).toMatch(/not all of them.*Frozen:\* Acme, Okta.*Only signed out, not frozen:\* Slack/);
      expect(await drawn()).toMatch(/Not frozen:\* Mimecast.*the security team has to do it/);
      expect(await drawn()).not.toContain('every system took it');
      const told = JSON.stringify(await scene.said());
      expect(told).toMatch(/timeline.held.untouched.*Mimecast.*timeline.held.signed_out.*Slack/);
      expect(await card()).toContain('Not frozen: Mimecast, Slack');
      expect(await card()).not.toContain('every step is done');
      const decision = found(lastHold((await view()).decisions));
      const left = JSON.stringify(
        residualCard(translator, await view(), found(residualView(await view(), decision.id))),
      );
      expect(left).toMatch(/Mimecast.*was not frozen, and the freeze did nothing else/);
      expect(left).toMatch(/Slack.*only signed out/);
    });

    it('is lifted for good only where all of it was, and names what is still frozen', async () => {
      await hold();
      await runAll();
      const liftIn = async (system: string): Promise<void> => {
        const step = found((await scene.steps()).find((one) => one.system === system && one.action === 'quarantine'));
        expect(codeOf(await scene.undo(step.id, RETURN))).toBe('done');
      };
      await liftIn('okta');
      expect(await drawn()).not.toContain('has lifted');
      await scene.run((await scene.lastStep()).id);
      expect(await drawn()).toMatch(/lifted the freeze in part: Okta\. You are still frozen in Acme/);
      await liftIn('acme');
      await scene.run((await scene.lastStep()).id);
      expect(await drawn()).toMatch(/has lifted the freeze of your accounts: Acme, Okta/);
    });
  });
});
