import { beforeEach, describe, expect, it } from '@jest/globals';
import { decideModal } from '../../blocks/modals/decide.js';
import { translatorOf } from '../../blocks/parts.js';
import { previewDecision } from '../../src/approvals/preview.js';
import type { DecisionKind } from '../../src/ports/decision-kinds.js';
import { withOverrides } from '../../src/texts/say.js';
import { BEA, found, ORIGIN, Scene } from '../scene.js';

const OFFICE = ['203.0.113.0/24'];
const group = { limit_login_ips: { route: 'group' } } as const;

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.open({
    systems: {
      okta: { title: 'Okta', capabilities: group, knownRangeSets: [OFFICE] },
      acme: { title: 'Acme', capabilities: group, knownRangeSets: [['198.51.100.0/24']] },
      free: { title: 'Free' },
    },
  });
}, 120_000);

const clicked = () => ({ incidentId: scene.incident.id, actor: BEA.slackUserId, origin: ORIGIN });
async function shown(decision: DecisionKind, ranges: readonly string[] = []) {
  const preview = await previewDecision(scene.core, clicked(), decision, ranges);
  if (!preview.ok) throw new Error(preview.error.code);
  const { blocks } = decideModal(translatorOf(withOverrides({})), preview.value, { changed: ranges.length > 0 });
  return { digest: preview.value.digest, drawn: JSON.stringify(blocks) };
}
const signedIn = (login: string, ip: string) =>
  scene.core.db.query(
    `insert into sign_ins (workspace_id, system, event_id, login, ip, occurred_at) values ($1, 'okta', $2, $3, $4, $5)`,
    [scene.core.workspaceId, `ev_${ip}`, login, ip, scene.runtime.now()],
  );

describe('login ranges that only a prepared group can set', () => {
  it('are named as choices, and no system promises more', async () => {
    const { drawn } = await shown('limit_login_ips');
    expect(drawn).toMatch(/203\.0\.113\.0\/24: Okta/);
    expect(drawn).toMatch(/"block_id":"prepared".*198\.51\.100\.0\/24.*203\.0\.113\.0\/24/);
    expect(drawn.match(/Any other ranges become a manual step/g)).toHaveLength(2);
    expect(drawn.match(/only from the ranges below/g)).toHaveLength(1);
  });

  it.each(['limit_login_ips', 'lockdown'] as const)(
    'are shown as manual steps before a %s with others runs',
    async (decision) => {
      const asked = { ranges: [...OFFICE] };
      const first = await scene.decide(decision, asked);
      expect(first.ok ? 'done' : first.error.code).toBe('plan_changed');
      expect(await scene.steps()).toEqual([]);
      const { digest, drawn } = await shown(decision, OFFICE);
      expect(drawn).toContain('no prepared set in Acme: there it becomes a manual step');
      expect(drawn).toMatch(/"initial_value":"203\.0\.113\.0\/24"/);
      const second = await scene.decide(decision, { ...asked, shown: digest });
      expect(second.ok ? 'done' : second.error.code).toBe('done');
      expect((await scene.steps()).filter(({ action }) => action === 'limit_login_ips')).toHaveLength(3);
    },
  );

  it('are taken at once where every system has prepared them', async () => {
    scene = await Scene.open({
      systems: { okta: { capabilities: group, knownRangeSets: [['198.51.100.0/24', ...OFFICE]] } },
    });
    const taken = await scene.decide('limit_login_ips', { ranges: [...OFFICE, '198.51.100.0/24'] });
    expect(taken.ok ? 'done' : taken.error.code).toBe('done');
  });
});

describe('ranges beside known addresses', () => {
  it("are shown with the person's and the approver's own, inside or outside", async () => {
    await signedIn(found((await scene.account()).login), '203.0.113.9');
    await signedIn(BEA.email, '192.0.2.7');
    expect((await shown('limit_login_ips')).drawn).toMatch(/Ada Okafor: 203\.0\.113\.9.*you: 192\.0\.2\.7/);
    expect((await shown('limit_login_ips', OFFICE)).drawn).toMatch(
      /203\.0\.113\.9,[^(]*\(inside\).*192\.0\.2\.7,[^(]*\(\*outside\*\)/,
    );
  });

  it.each([
    ['an office', '203.0.113.128/25'],
    ['whoever blocks them', '192.0.2.0/24'],
  ])('are not blocked over %s without a tick', async (_, range) => {
    await signedIn(BEA.email, '192.0.2.7');
    const refused = await scene.decide('block_address', { ranges: [range] });
    expect(refused.ok ? 'done' : refused.error.code).toBe('invalid_input');
    const ticked = await scene.decide('block_address', { ranges: [range], outsideAccepted: true });
    expect(ticked.ok ? 'done' : ticked.error.code).toBe('done');
  });
});
