import { beforeEach, describe, expect, it } from '@jest/globals';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { confirm, confirmable } from '../../src/approvals/confirm.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { askEnrolment } from '../../src/approvals/enrolment-requests.js';
import { challengeOf, hashPageToken, pageRequestOf } from '../../src/approvals/page-requests.js';
import { offerPasskey, REGISTRATION, registerPasskey } from '../../src/approvals/passkey-registration.js';
import type { StoredRequest } from '../../src/approvals/stored-request.js';
import { claims } from '../../src/notices/prove-claim.js';
import type { Core } from '../../src/ports/core.js';
import type { Result } from '../../src/platform/result.js';
import type { Problem } from '../../src/texts/problem.js';
import { sayPlain, withOverrides } from '../../src/texts/say.js';
import { confirmPage } from '../../src/web/passkey-views.js';
import { codeNow, enrolForCodes } from '../codes.js';
import { rolesOf } from '../roles.js';
import { ADA, BEA, CEM, found, MINUTE_MS, ORIGIN, Scene } from '../scene.js';
import { SoftwareAuthenticator } from '../software-authenticator.js';

const say = sayPlain(withOverrides({}));
const PAGE = { surface: 'passkey_page', correlationId: 'cor_page' };
const codeOf = (result: Result<unknown, Problem>): string => (result.ok ? 'done' : result.error.code);

let scene: Scene;
let core: Core;
let key: SoftwareAuthenticator;

/** Bea signs first and is enrolled for codes; Cem, also an administrator, has a passkey and no codes at all. */
beforeEach(async () => {
  const twoApprovers = { actions: ['quarantine'], targets: [], expireMs: 3_600_000, remindMs: 600_000 } as const;
  scene = await Scene.open({ people: [ADA, BEA, CEM], policy: { uncoded: [], twoApprovers } });
  const both = [BEA.slackUserId, CEM.slackUserId];
  core = {
    ...scene.core,
    roles: rolesOf({
      approver: { users: both, userGroups: [] },
      administrator: { users: [CEM.slackUserId], userGroups: [] },
    }),
  };
  await enrolForCodes(core, BEA);
  key = new SoftwareAuthenticator('the key of Cem');
  const who = { userId: CEM.slackUserId, label: CEM.email };
  const token = await core.db.transaction((tx) => offerPasskey(core, tx, who, { ...ORIGIN, correlationId: 'cli' }));
  const hash = hashPageToken(token.reveal());
  const response = key.register({ challenge: challengeOf(hash, REGISTRATION) });
  expect((await registerPasskey(core, { hash, response }, PAGE)).ok).toBe(true);
}, 120_000);

const later = (request: StoredRequest) => ({ kind: 'later', request }) as const;
const by = { actor: CEM.slackUserId, requestKey: 'view_cem', origin: { ...ORIGIN, correlationId: 'cor_cem' } };

/** The window without a code, the page, and the passkey on it. @returns what the page showed, and what came of it */
async function confirmed(ask: () => Promise<Result<unknown, Problem>>): Promise<{ page: string; end: string }> {
  await core.db.query('delete from page_requests');
  const asked = await ask();
  if (asked.ok) throw new Error('nothing may be done before it is confirmed');
  expect(asked.error.code).toBe('confirm_on_page');
  const hash = hashPageToken(new URL(found(asked.error.link)).pathname.replace('/confirm/', ''));
  const link = await pageRequestOf(core, core.db, hash);
  if (link.state !== 'open' || link.request.kind !== 'confirm') throw new Error('the link leads nowhere');
  const shown = await confirmable(core, link.request.request, claims);
  if (!shown.ok) throw new Error(shown.error.code);
  const page = confirmPage(say, shown.value, { kind: 'authenticate', options: {}, nonce: '' }).body;
  const response = key.sign({ challenge: challengeOf(hash, link.request.binding) });
  return { page, end: codeOf(await confirm(core, { kind: 'passkey', hash, response }, PAGE, claims)) };
}
const recorded = async (): Promise<readonly string[]> => {
  const { rows } = await core.db.query<{ action: string }>(
    'select action from record_entries order by incident_id, seq',
  );
  return rows.map(({ action }) => action);
};

/** The page of whoever signs first. */
async function firstPage(breakGlass: string): Promise<string> {
  const request = await scene.request('quarantine', { actor: CEM.slackUserId, breakGlass });
  const { incidentId, action, actor, reason, outsideAccepted, override, seen, shown, requestKey, origin } = request;
  const typed = { incidentId, action, actor, reason, outsideAccepted, override, breakGlass, seen, shown };
  const stored: StoredRequest = { command: 'decide', ...typed, requestKey, origin, ranges: [], chosen: [] };
  const { page, end } = await confirmed(() => commands.decide(core, { ...request, given: later(stored) }));
  expect(end).toBe('done');
  return page;
}

describe('the page of whoever signs first what takes two approvers', () => {
  it('says why the glass is broken, and that it runs at once', async () => {
    const page = await firstPage('nobody else is awake at this hour');
    expect(page).toContain('nobody else is awake at this hour');
    expect(page).toContain(say('passkey.row.break_glass'));
    expect(page).not.toContain(say('passkey.two'));
  });

  it('says that nothing runs before the second one', async () => {
    const page = await firstPage('');
    expect(page).toContain(say('passkey.two'));
    expect(page).not.toContain(say('passkey.row.break_glass'));
  });
});

describe('a passkey stands in for the code also', () => {
  it('of the second approver, who sees on the page what the first one signed', async () => {
    const first = { reason: 'not hers', given: codeNow(scene.runtime) };
    expect(codeOf(await scene.decide('quarantine', first))).toBe('done');
    const { rows } = await core.db.query<{ id: string }>('select id from waiting_decisions');
    const { id: waitingId } = found(rows[0]);
    const preview = await previewCountersign(core, { actor: by.actor, origin: ORIGIN }, waitingId);
    if (!preview.ok) throw new Error(preview.error.code);
    expect(preview.value.hasPasskey).toBe(true);
    const request = { ...by, waitingId, shown: preview.value.shown };
    const { page, end } = await confirmed(() =>
      commands.countersign(core, { ...request, given: later({ command: 'countersign', ...request }) }),
    );
    expect(page).toContain(`Quarantine (${ADA.email})`);
    expect(page).toContain('not hers');
    expect(end).toBe('done');
    const decided = await core.db.query('select second from decisions');
    expect(decided.rows).toMatchObject([{ second: { by: by.actor, proof: { kind: 'passkey' } } }]);
    expect((await scene.run((await scene.lastStep()).id)).status).toBe('verified');
  });

  it('of whoever reviews a break-glass', async () => {
    const breakGlass = 'nobody else is awake at this hour';
    await scene.decide('quarantine', { given: codeNow(scene.runtime), breakGlass });
    const { rows } = await core.db.query<{ id: string }>('select id from decisions');
    const request = { ...by, decisionId: found(rows[0]).id };
    const { page, end } = await confirmed(() =>
      commands.signReview(core, { ...request, given: later({ command: 'review', ...request }) }),
    );
    expect(page).toContain(breakGlass);
    expect(end).toBe('done');
    expect(await recorded()).toContain('review.signed');
  });

  it('of whoever lifts a lock; the question is no refusal in the record', async () => {
    for (let tries = 0; tries < 5; tries += 1) await scene.decide('disable_account', { given: typedCode('000000') });
    const request = { ...by, lockedUser: BEA.slackUserId };
    const { page, end } = await confirmed(() =>
      commands.liftLock(core, { ...request, given: later({ command: 'lift', ...request }) }),
    );
    expect(page).toContain('Lift the lock');
    expect(page).toContain(BEA.name);
    expect(end).toBe('done');
    const { rows } = await core.db.query('select locked_until from totp_attempts where user_id = $1', [
      BEA.slackUserId,
    ]);
    expect(rows).toEqual([{ locked_until: null }]);
    expect(await recorded()).toEqual(
      expect.arrayContaining(['attempt.confirmation_requested', 'approver.lock_lifted']),
    );
    expect(await recorded()).not.toContain('attempt.refused');
  });

  it('of the administrator who approves an enrolment', async () => {
    await askEnrolment(core, { actor: BEA.slackUserId, origin: { ...ORIGIN, correlationId: 'cor_ask' } });
    scene.runtime.move(MINUTE_MS);
    let drawn = 0;
    const randomBytes = (size: number): Buffer => {
      drawn += 1;
      return Buffer.alloc(size, drawn);
    };
    core = { ...core, runtime: { ...core.runtime, randomBytes } };
    const request = { ...by, enrolled: BEA.slackUserId };
    const { page, end } = await confirmed(() =>
      commands.approveEnrolment(core, { ...request, given: later({ command: 'approve_enrolment', ...request }) }),
    );
    expect(page).toContain('Approve enrolment');
    expect(page).toContain(BEA.name);
    expect(end).toBe('done');
    expect(await recorded()).toContain('enrolment.approved');
  });
});
