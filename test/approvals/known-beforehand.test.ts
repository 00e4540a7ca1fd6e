import { beforeEach, describe, expect, it } from '@jest/globals';
import { closeModal } from '../../blocks/modals/close.js';
import { decideModal } from '../../blocks/modals/decide.js';
import { incidentCard } from '../../blocks/incident-card.js';
import { translatorOf } from '../../blocks/parts.js';
import { statusCard } from '../../blocks/status-card.js';
import { commands } from '../../src/approvals/commands/index.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { stillOpenIn } from '../../src/approvals/still-open.js';
import { saveState } from '../../src/incidents/accounts.js';
import { incidentView } from '../../src/incidents/view.js';
import type { AccountState } from '../../src/ports/connector.js';
import type { DecisionKind } from '../../src/ports/decision-kinds.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { BEA, CEM, found, MINUTE_MS, ORIGIN, Scene, type SceneOptions } from '../scene.js';

const translator = translatorOf(withOverrides({}));
let scene: Scene;
const open = async (options: SceneOptions = {}): Promise<void> => {
  scene = await Scene.open({ systems: { okta: { title: 'Okta' } }, ...options });
};
beforeEach(() => open(), 120_000);

const view = async () => found(await incidentView(scene.core, scene.incident.id));
const card = async (): Promise<string> => JSON.stringify(incidentCard(translator, await view()));
const window = async (decision: DecisionKind): Promise<string> => {
  const clicked = { incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN };
  const preview = await previewDecision(scene.core, clicked, decision);
  if (!preview.ok) throw new Error(preview.error.code);
  return JSON.stringify(decideModal(translator, preview.value).blocks);
};
const runLast = async (): Promise<void> => {
  await scene.run((await scene.lastStep()).id);
};
/** What a read says that began before now. */
async function readAt(ago: number, change: Partial<AccountState> = {}): Promise<void> {
  const account = await scene.account();
  const ref = { system: account.system, accountId: found(account.accountId), login: found(account.login) };
  const read = await scene.okta.readState(ref);
  if (!read.ok) throw new Error('the memory system always answers');
  const at = new Date(scene.runtime.now().getTime() - ago);
  await saveState(scene.core, scene.core.db, account.id, { ...read.value, readAt: at, ...change });
}

describe('what the window knows beforehand', () => {
  it('is said of each step on a protected account', async () => {
    await readAt(0, { protectedBecause: 'AdminSDHolder' });
    expect(await window('disable_account')).toMatch(/\*Disable\*: [^\\]*Needs a human:\* [^\\]*\(AdminSDHolder\)/);
    expect(await window('lockdown')).toMatch(/Needs a human:/);
  });

  it('is said of the steps that need an active account, on a disabled one', async () => {
    await readAt(0);
    expect(await window('lockdown')).not.toContain('disabled already');
    await readAt(0, { enabled: false });
    const drawn = await window('lockdown');
    expect(drawn).toMatch(/Reset password[^\\]*The account is disabled already/);
    expect(drawn).toMatch(/\*Disable\*[^\\]*\(it is disabled already\)/);
  });
});

describe('the state of an account', () => {
  it('is never older than what was proven since, on the card and in the window', async () => {
    await readAt(0);
    await scene.decide('disable_account');
    await runLast();
    expect(await card()).toContain('*disabled*');
    await readAt(MINUTE_MS, { enabled: true });
    expect(await card()).toContain('*disabled*');
    await scene.core.db.query(`update accounts set state = jsonb_set(state, '{enabled}', 'true')`);
    expect(await card()).toContain('*disabled*');
    expect(await window('enable_account')).toContain('*disabled*');
    scene.runtime.move(MINUTE_MS);
    await readAt(0, { enabled: true });
    expect(await card()).not.toContain('*disabled*');
  });

  it('names a quarantine, until it is lifted', async () => {
    await readAt(0);
    await scene.decide('quarantine');
    await runLast();
    expect(await card()).toContain('*in quarantine*');
    await scene.undo((await scene.lastStep()).id, { override: 'spoken to her on the phone' });
    await runLast();
    expect(await card()).not.toContain('*in quarantine*');
  });
});

describe('closing', () => {
  const closeWindow = async (): Promise<string> => {
    const left = await stillOpenIn(scene.core, scene.core.db, scene.incident.id);
    const systemTitle = (system: string): string => scene.core.connectors.get(system)?.title ?? system;
    return JSON.stringify(
      closeModal(translator, { incident: scene.incident.id, outcomes: ['benign'], left, systemTitle }),
    );
  };
  const close = () =>
    commands.close(scene.core, {
      incidentId: scene.incident.id,
      actor: BEA.slackUserId,
      outcome: 'benign',
      reason: 'a false alarm',
      origin: ORIGIN,
    });

  it.each(['disable_account', 'quarantine'] as const)(
    'names what stays off after %s, and so does the message to the person',
    async (action) => {
      await readAt(0);
      expect(await closeWindow()).not.toContain('Nobody can sign in');
      await scene.decide(action);
      await runLast();
      expect(await closeWindow()).toContain('Nobody can sign in to: Okta');
      await close();
      expect(JSON.stringify(statusCard(translator, await view(), null))).toMatch(
        /nothing wrong.*cannot sign in yet to: Okta/,
      );
      expect(JSON.stringify(await scene.said())).toMatch(/closed_open.off.*Okta/);
    },
  );

  it('names what was signed by one and is not done, and what nobody has reviewed', async () => {
    const twoApprovers = {
      actions: ['disable_account', 'quarantine'] as const,
      targets: [],
      expireMs: 60 * MINUTE_MS,
      remindMs: MINUTE_MS,
    };
    await open({ policy: { uncoded: [], twoApprovers } });
    for (const one of [BEA, CEM]) await enrolForCodes(scene.core, one);
    await scene.decide('disable_account', { given: codeNow(scene.runtime) });
    scene.runtime.move(MINUTE_MS);
    const breakGlass = 'nobody else is awake at this hour';
    await scene.decide('quarantine', { given: codeNow(scene.runtime), breakGlass });
    const drawn = await closeWindow();
    expect(drawn).toMatch(/Disable, signed by <@U0BEA>, waits for a second approver.*not done/);
    expect(drawn).toMatch(/<@U0BEA> did by break-glass is reviewed by nobody/);
    await close();
    expect(JSON.stringify(await scene.said())).toMatch(/closed_open.waiting.*closed_open.review/);
  });
});
