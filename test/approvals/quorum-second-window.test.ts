import { beforeEach, describe, expect, it } from '@jest/globals';
import { countersignModal } from '../../blocks/modals/countersign.js';
import { translatorOf } from '../../blocks/parts.js';
import { commands } from '../../src/approvals/commands/index.js';
import { type CountersignPreview, previewCountersign } from '../../src/approvals/countersign-preview.js';
import { previewLinks } from '../../src/approvals/linked-accounts.js';
import { sayPlain, withOverrides } from '../../src/texts/say.js';
import { confirmPage } from '../../src/web/passkey-views.js';
import { saveEvidence } from '../../src/evidence/evidence.js';
import { choiceKey } from '../../src/evidence/rescan.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, ELI, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const english = translatorOf(withOverrides({}));
const say = sayPlain(withOverrides({}));
let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open({
    systems: { okta: { title: 'Okta' } },
    people: [ADA, BEA, CEM, ELI],
    policy: {
      uncoded: [],
      twoApprovers: {
        actions: ['enable_account', 'revoke_grants'],
        targets: [],
        expireMs: 60 * MINUTE_MS,
        remindMs: 10 * MINUTE_MS,
      },
    },
  });
  for (const one of [BEA, CEM]) await enrolForCodes(scene.core, one);
}, 120_000);

async function preview(): Promise<CountersignPreview> {
  const { rows } = await scene.core.db.query<{ id: string }>(`select id from waiting_decisions`);
  const shown = await previewCountersign(scene.core, { actor: CEM.slackUserId, origin: ORIGIN }, found(rows[0]).id);
  if (!shown.ok) throw new Error(shown.error.code);
  return shown.value;
}
const both = (shown: CountersignPreview): readonly string[] => [
  JSON.stringify(countersignModal(english, shown)),
  confirmPage(say, { kind: 'countersign', preview: shown }, { kind: 'authenticate', options: {}, nonce: '' }).body,
];
const enable = (override: string) => scene.decide('enable_account', { override, given: codeNow(scene.runtime) });

/** Bea names an account of Ada by hand, and the look finds it. */
async function nameByHand(): Promise<void> {
  const { seen: shown } = found(await previewLinks(scene.core, scene.incident.id, BEA.slackUserId));
  const corrected = await commands.correctAccounts(scene.core, {
    incidentId: scene.incident.id,
    actor: BEA.slackUserId,
    shown,
    origin: { ...ORIGIN, correlationId: 'cor_links' },
    typed: new Map([['okta', 'ada.admin']]),
    confirms: false,
    requestKey: 'view_links',
    given: codeNow(scene.runtime),
  });
  expect(corrected.ok).toBe(true);
  await scene.link({ system: 'okta', accountId: 'okta/admin', login: 'ada.admin' });
  scene.runtime.move(MINUTE_MS);
}

describe('the second approver is shown, in the window and on the page of a passkey,', () => {
  it('whom it is about, who signed first, and why the checklist is passed over', async () => {
    expect((await enable('her laptop was set up anew')).ok).toBe(true);
    for (const shown of both(await preview()))
      for (const part of [ADA.name, 'her laptop was set up anew']) expect(shown).toContain(part);
    const [modal, page] = both(await preview());
    expect(modal).toContain(BEA.slackUserId);
    expect(page).toContain(BEA.name);
  });

  it('that an account was named by hand', async () => {
    await nameByHand();
    expect((await enable('she stands beside me')).ok).toBe(true);
    for (const shown of both(await preview())) expect(shown).toContain('was named by hand');
  });

  it('each thing that was chosen, by the name that its system gives it', async () => {
    scene.okta.items.grants = [
      { id: 'g1', title: 'Mail Backup', at: null },
      { id: 'g2', title: 'Notes <b>', at: null },
    ];
    const { id: accountRow } = await scene.account();
    const evidence = await scene.okta.evidence();
    await saveEvidence(scene.core, scene.core.db, { incidentId: scene.incident.id, accountRow, evidence });
    const chosen = new Map([[accountRow, [choiceKey({ id: 'g2' })]]]);
    expect((await scene.decide('revoke_grants', { chosen, given: codeNow(scene.runtime) })).ok).toBe(true);
    const shown = await preview();
    expect(shown.lines).toMatchObject([{ items: 1, chosen: [{ title: 'Notes <b>' }] }]);
    for (const drawn of both(shown)) {
      expect(drawn).toContain('Notes &lt;b&gt;');
      expect(drawn).not.toContain('Mail Backup');
    }
  });

  it('what they sign: another warning than the one that was shown is refused', async () => {
    await nameByHand();
    expect((await enable('she stands beside me')).ok).toBe(true);
    const { waiting: waitingId, shown } = await preview();
    await scene.core.db.query(`update account_links set set_by = $1`, [ELI.slackUserId]);
    const asked = { waitingId, actor: CEM.slackUserId, shown, requestKey: 'second', origin: ORIGIN };
    const signed = await commands.countersign(scene.core, { ...asked, given: codeNow(scene.runtime) });
    expect(signed.ok ? 'done' : signed.error.code).toBe('outdated');
    expect((await scene.core.db.query('select 1 from decisions')).rows).toEqual([]);
  });
});
