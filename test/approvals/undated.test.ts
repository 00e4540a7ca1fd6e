import { expect, it } from '@jest/globals';
import { drawPlan } from '../../src/approvals/drawn-plan.js';
import { sayUnplanned } from '../../src/approvals/unplanned.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { accountsOf } from '../../src/incidents/accounts.js';
import { incidentById } from '../../src/incidents/incident.js';
import { sayPhrase } from '../../src/texts/phrase.js';
import { sayPlain, withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, found, MINUTE_MS, Scene } from '../scene.js';

const say = sayPlain(withOverrides({}));
const OLD = new Date('2020-01-01T00:00:00Z');

/** A lockdown of Ada, whose sign-in methods and rules are these. */
async function drawn(items: Scene['okta']['items'], complete = true) {
  const scene = await Scene.open({
    systems: { okta: { title: 'Okta' } },
    people: [ADA, BEA, CEM],
    policy: { uncoded: [] },
  });
  await enrolForCodes(scene.core, BEA);
  Object.assign(scene.okta.items, items);
  const { id: accountRow } = await scene.account();
  const evidence = await scene.okta.evidence();
  const kept = complete ? evidence : { ...evidence, factors: { ...evidence.factors, complete } };
  await saveEvidence(scene.core, scene.core.db, { incidentId: scene.incident.id, accountRow, evidence: kept });
  const { core } = scene;
  const incident = found(await incidentById(core.db, core.workspaceId, scene.incident.id));
  const accounts = await accountsOf(core.db, core.workspaceId, incident.person_id);
  const plan = await drawPlan(core, core.db, { decision: 'lockdown', accounts, incident });
  return {
    scene,
    removed: plan.steps.filter(({ action }) => action === 'remove_factors').flatMap(({ items: those }) => those ?? []),
    left: sayUnplanned(core, plan.unplanned).map((line) => sayPhrase(say, line)),
  };
}

it('a sign-in method without a time is neither taken nor passed over in silence', async () => {
  const { scene, removed, left } = await drawn({
    factors: [
      { id: 'f1', title: 'sms +1 555 0166', at: null },
      { id: 'f2', title: 'totp New phone', at: new Date() },
      { id: 'f3', title: 'totp Old phone', at: OLD },
    ],
    // Told by what it does, not by when it came.
    mail_rules: [{ id: 'r1', title: 'File newsletters', at: null }],
  });
  expect(removed).toEqual(['f2']);
  expect(left).toEqual([
    expect.stringMatching(/^• \*Okta\*: Remove sign-in methods .*no time is told.*: sms \+1 555 0166\./),
  ]);
  const decided = await scene.decide('lockdown', { given: codeNow(scene.runtime) });
  expect(decided.ok ? 'done' : decided.error.code).toBe('done');
  const { rows } = await scene.core.db.query<{ unplanned: unknown }>('select unplanned from decisions');
  // It was read: there is nothing to wait for.
  expect(found(rows[0]).unplanned).toEqual([]);
  scene.runtime.move(MINUTE_MS);
}, 120_000);

it('names some of many, and how many more there are', async () => {
  const { left } = await drawn({
    factors: Array.from({ length: 9 }, (_none, at) => ({ id: `f${at}`, title: `key ${at}`, at: null })),
  });
  expect(left).toEqual([expect.stringContaining('key 0; key 1; key 2; key 3; key 4; +4.')]);
}, 120_000);
