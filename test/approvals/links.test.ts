import { beforeEach, describe, expect, it } from '@jest/globals';
import { decideModal } from '../../blocks/modals/decide.js';
import { linksModal } from '../../blocks/modals/links.js';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { previewLinks } from '../../src/approvals/linked-accounts.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { mayDecideOn } from '../../src/approvals/whose.js';
import { notme } from '../../src/incidents/audit-event.js';
import { correctionsOf } from '../../src/incidents/links.js';
import { openIncident } from '../../src/incidents/open.js';
import type { Result } from '../../src/platform/result.js';
import type { Problem } from '../../src/texts/problem.js';
import { translatorOf } from '../../blocks/parts.js';
import { withOverrides } from '../../src/texts/say.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { ADA, BEA, CEM, ELI, found, incidentAbout, MINUTE_MS, ORIGIN, Scene } from '../scene.js';

const DIA = { slackUserId: 'U0DIA', email: 'dia@meadow.example', name: 'Dia Rahman' };
const english = translatorOf(withOverrides({}));
const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.code);

let scene: Scene;
let clicks = 0;

beforeEach(async () => {
  scene = await Scene.open({
    systems: { okta: { title: 'Okta' }, mimecast: { title: 'Mimecast' } },
    approvers: [BEA.slackUserId, CEM.slackUserId, DIA.slackUserId],
    people: [ADA, BEA, CEM, DIA, ELI],
    policy: { uncoded: [] },
  });
  for (const one of [BEA, CEM, DIA]) await enrolForCodes(scene.core, one);
}, 120_000);

const seen = async () => found(await previewLinks(scene.core, scene.incident.id, BEA.slackUserId));
interface By {
  readonly actor?: string;
  readonly confirms?: boolean;
  readonly given?: ReturnType<typeof typedCode>;
}
async function correct(
  typed: Readonly<Record<string, string>>,
  { actor = BEA.slackUserId, confirms = false, given = codeNow(scene.runtime) }: By = {},
): Promise<string> {
  clicks += 1;
  const { seen: shown } = await seen();
  scene.runtime.move(MINUTE_MS);
  return codeOf(
    await commands.correctAccounts(scene.core, {
      incidentId: scene.incident.id,
      actor,
      origin: { ...ORIGIN, correlationId: `cor_${clicks}` },
      typed: new Map(Object.entries(typed)),
      confirms,
      shown,
      requestKey: `view_${clicks}`,
      given: given.kind === 'code' && given.code === '' ? given : codeNow(scene.runtime),
    }),
  );
}
const corrections = async () =>
  (await correctionsOf(scene.core, scene.core.db, scene.person.id)).map(({ system, login, by, confirmedBy }) => ({
    system,
    login,
    by,
    confirmedBy,
  }));
const BY_BEA = { system: 'okta', by: BEA.slackUserId };

async function countersign(actor: string): Promise<string> {
  const { rows } = await scene.core.db.query<{ id: string }>(
    'select id from waiting_decisions order by signed_at desc, id desc',
  );
  const waitingId = found(rows[0]).id;
  const preview = await previewCountersign(scene.core, { actor, origin: ORIGIN }, waitingId);
  if (!preview.ok) return preview.error.code;
  const { shown } = preview.value;
  const request = { waitingId, actor, shown, requestKey: `second_${actor}`, origin: ORIGIN };
  return codeOf(await commands.countersign(scene.core, { ...request, given: codeNow(scene.runtime) }));
}
const close = () =>
  commands.close(scene.core, {
    incidentId: scene.incident.id,
    actor: BEA.slackUserId,
    outcome: 'benign',
    reason: 'it was nothing',
    origin: { ...ORIGIN, correlationId: 'cor_close' },
  });
const openAnother = () =>
  scene.core.db.transaction((tx) =>
    openIncident(scene.core, tx, {
      person: scene.person,
      actor: notme('host'),
      origin: { ...ORIGIN, correlationId: 'cor_2' },
    }),
  );

describe('a correction that names the account of somebody else', () => {
  it.each(['by address', 'by an earlier address', 'by an account that was found'])(
    'waits for a second approver, and changes nothing until then (%s)',
    async (how) => {
      const { person } = await incidentAbout(scene.core, ELI);
      if (how === 'by an account that was found')
        await scene.link({ system: 'okta', accountId: 'okta/7', login: 'eli7' }, person);
      if (how === 'by an earlier address')
        await scene.core.db.query(
          `insert into earlier_addresses (workspace_id, slack_user_id, address, kept_at) values ($1, $2, 'eli@old.example', $3)`,
          [scene.core.workspaceId, person.slack_user_id, scene.runtime.now()],
        );
      const logins = { 'by address': ELI.email, 'by an earlier address': 'eli@old.example' } as const;
      const login = how in logins ? logins[how as keyof typeof logins] : 'eli7';
      expect(await correct({ okta: login })).toBe('done');
      expect(await corrections()).toEqual([]);
      expect((await seen()).systems.find(({ system }) => system === 'okta')?.login).toBe(ADA.email);
      expect(await countersign(BEA.slackUserId)).toBe('not_a_second');
      expect(await countersign(ADA.slackUserId)).toBe('not_an_approver');
      expect(await countersign(CEM.slackUserId)).toBe('done');
      expect(await corrections()).toEqual([{ ...BY_BEA, login, confirmedBy: CEM.slackUserId }]);
      expect((await scene.record()).slice(-1)).toEqual(['accounts.corrected']);
      expect(await countersign(DIA.slackUserId)).toBe('already_decided');
    },
  );

  it('cannot be signed second by whose account it is', async () => {
    await incidentAbout(scene.core, DIA);
    expect(await correct({ okta: DIA.email })).toBe('done');
    expect(await countersign(DIA.slackUserId)).toBe('own_account');
    expect(await corrections()).toEqual([]);
  });

  it('needs a code of each, also where corrections need none', async () => {
    scene = await Scene.open({
      systems: { okta: { title: 'Okta' } },
      approvers: [BEA.slackUserId, CEM.slackUserId],
      people: [ADA, BEA, CEM, ELI],
      policy: { uncoded: ['correct_accounts'] },
    });
    await incidentAbout(scene.core, ELI);
    for (const one of [BEA, CEM]) await enrolForCodes(scene.core, one);
    const none = { given: typedCode('') };
    expect(await correct({ okta: 'ada.admin' }, none)).toBe('done');
    expect(await correct({ okta: ELI.email }, none)).toBe('code_refused');
  });

  it('is refused where there is no second approver', async () => {
    scene = await Scene.open({ systems: { okta: {} }, approvers: [BEA.slackUserId], people: [ADA, BEA, ELI] });
    await incidentAbout(scene.core, ELI);
    expect(await correct({ okta: ELI.email })).toBe('nobody_second');
  });

  it('has to be decided again when the accounts are others by then', async () => {
    await incidentAbout(scene.core, ELI);
    await correct({ okta: ELI.email });
    await correct({ mimecast: 'ada.mail' });
    expect(await countersign(CEM.slackUserId)).toBe('plan_changed');
    expect(await corrections()).toMatchObject([{ system: 'mimecast' }]);
  });

  it('may be decided about once two people signed, and not before', async () => {
    const { person } = await incidentAbout(scene.core, ELI);
    const theirs = { system: 'okta', accountId: 'okta/eli', login: ELI.email };
    await correct({ okta: 'somebody' });
    await scene.link(theirs, person);
    const claim = { actor: BEA.slackUserId, target: scene.person, accounts: [theirs] };
    expect(codeOf(await mayDecideOn(scene.core, claim))).toBe('somebody_elses_account');
    // Written by SQL, a confirmation counts for nothing.
    await scene.core.db.query(`update account_links set confirmed = $1`, [
      JSON.stringify({ by: CEM.slackUserId, at: scene.runtime.now().toISOString(), tag: 'v1.aa.bb' }),
    ]);
    expect(codeOf(await mayDecideOn(scene.core, claim))).toBe('somebody_elses_account');
    expect(await correct({}, { actor: CEM.slackUserId, confirms: true })).toBe('done');
    expect(codeOf(await mayDecideOn(scene.core, claim))).toBe('done');
  });
});

describe('a correction that nobody else confirmed', () => {
  it('counts in its incident, ends with it, and is forgotten with its account when the next one opens', async () => {
    await correct({ okta: 'ada.admin' });
    await scene.link({ system: 'okta', accountId: 'okta/admin', login: 'ada.admin' });
    expect(await corrections()).toEqual([{ ...BY_BEA, login: 'ada.admin', confirmedBy: null }]);
    expect((await close()).ok).toBe(true);
    expect(await scene.lines()).toContain('timeline.links_ending');
    expect(await corrections()).toEqual([]);
    const { incident } = await openAnother();
    const { rows } = await scene.core.db.query('select 1 from account_links');
    expect(rows).toEqual([]);
    const now = found(await previewLinks(scene.core, incident.id, BEA.slackUserId));
    expect(now.systems.find(({ system }) => system === 'okta')).toMatchObject({ login: null, corrected: null });
    const said = await scene.core.db.query<{ body: { phrase: { key: string } } }>(
      "select body from posts where incident_id = $1 and body->>'kind' = $2",
      [incident.id, 'line'],
    );
    expect(said.rows.map(({ body }) => body.phrase.key)).toContain('timeline.links_ended');
  });

  it('lasts when another approver confirms it, which takes a code; not by whoever corrected it', async () => {
    await correct({ okta: 'ada.admin' });
    expect(await correct({}, { confirms: true })).toBe('not_a_second');
    expect(await correct({}, { actor: CEM.slackUserId, confirms: true, given: typedCode('') })).toBe('code_refused');
    expect(await correct({}, { actor: CEM.slackUserId, confirms: true })).toBe('done');
    const lasting = [{ ...BY_BEA, login: 'ada.admin', confirmedBy: CEM.slackUserId }];
    expect(await corrections()).toEqual(lasting);
    expect(await correct({}, { actor: DIA.slackUserId, confirms: true })).toBe('invalid_input');
    await close();
    expect(await scene.lines()).not.toContain('timeline.links_ending');
    await openAnother();
    expect(await corrections()).toEqual(lasting);
  });

  it('is warned of in the windows, by whom it was named', async () => {
    await correct({ okta: 'ada.admin' });
    await scene.link({ system: 'okta', accountId: 'okta/admin', login: 'ada.admin' });
    const clicked = { incidentId: scene.incident.id, actor: CEM.slackUserId, origin: ORIGIN };
    const windows = async (): Promise<readonly string[]> => {
      const preview = await previewDecision(scene.core, clicked, 'disable_account');
      if (!preview.ok) throw new Error(preview.error.code);
      const links = linksModal(english, scene.incident.id, await seen());
      return [JSON.stringify(decideModal(english, preview.value)), JSON.stringify(links)];
    };
    for (const window of await windows()) expect(window).toContain('*Okta* was named by hand: by <@U0BEA>');
    for (const window of await windows()) expect(window).toContain('Nobody else has confirmed it');
    await correct({}, { actor: CEM.slackUserId, confirms: true });
    for (const window of await windows()) expect(window).toContain('confirmed by <@U0CEM>');
  });
});
