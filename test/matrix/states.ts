import { generateSync, ScureBase32Plugin } from 'otplib';
import { runStep } from '../../jobs/run-step/run-step.js';
import { typedCode } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { previewCountersign } from '../../src/approvals/countersign-preview.js';
import { enrol } from '../../src/approvals/enrolment.js';
import { askEnrolment } from '../../src/approvals/enrolment-requests.js';
import { previewLinks } from '../../src/approvals/linked-accounts.js';
import { registeredBy, savePasskey } from '../../src/approvals/passkeys.js';
import { previewDecision } from '../../src/approvals/preview.js';
import { previewUndo } from '../../src/approvals/undo-preview.js';
import { waitForAccounts } from '../../src/approvals/waiting-windows.js';
import { saveAccount } from '../../src/incidents/accounts.js';
import { type Person, savePerson } from '../../src/incidents/people.js';
import { stepsOf } from '../../src/incidents/steps.js';
import { DECISION_KINDS, type DecisionKind } from '../../src/ports/decision-kinds.js';
import { noticeById } from '../../src/notices/notice.js';
import { shownOf } from '../../src/notices/proven.js';
import { reportNotMe } from '../../src/reports/report.js';
import type { Result } from '../../src/platform/result.js';
import type { Problem } from '../../src/texts/problem.js';
import { runOnce } from '../runs.js';
import { ACTORS, type Actor, LOCKED, type RoleName } from './roles.js';
import type { World } from './world.js';

/** How the incident stands when something is pressed. `none`: there is none about this person. */
export const STATE_NAMES = [
  'none',
  'open',
  'taken',
  'running',
  'contained',
  'undoing',
  'needs_human',
  'by_hand',
  'held',
  'signed',
  'glass_broken',
  'waiting',
  'stale',
  'locked',
  'closed',
] as const;
export type StateName = (typeof STATE_NAMES)[number];

/** What a card or a window about one person refers to. */
export interface Refs {
  readonly user: string;
  readonly email: string;
  readonly incident: string;
  readonly step: string;
  readonly notice: string;
  /** A notice of which they said that it was them. */
  readonly claimed: string;
  /** The digest of what its window shows. */
  readonly claim: string;
  readonly seen: string;
  readonly undo: string;
  /** What waits for a second approver, and the digest of what they are shown. */
  readonly first: string;
  readonly countersigned: string;
  /** Of the decision that broke the glass. */
  readonly review: string;
  readonly plans: Readonly<Partial<Record<DecisionKind, string>>>;
  readonly decided: Readonly<Partial<Record<DecisionKind, number>>>;
}

/** The victim with a role of an approver has an incident of their own, so that both are tried in the same state. */
export interface State {
  readonly reporter: Refs;
  readonly reporting_approver: Refs;
  /** Whoever else is a victim somewhere: the notice that they were mailed. */
  readonly mailed: Readonly<Partial<Record<RoleName, string>>>;
}

/** Every id that the app draws has this form; nothing in the store has this one. */
export const UNKNOWN = `inc_${'f'.repeat(32)}`;
/** A window that was drawn for another plan. */
export const OTHER_PLAN = 'f'.repeat(64);

export const ORIGIN = { surface: 'button', correlationId: 'cor_matrix' };
const DECIDER = ACTORS.approver.id;
const SECOND = ACTORS.group_approver.id;
const SEED = new ScureBase32Plugin().encode(Buffer.alloc(20));

/** Everybody's code: they all have the same seed, so that nobody is stopped for want of one. */
export const codeNow = ({ runtime }: World): string =>
  generateSync({ secret: SEED, epoch: runtime.now().getTime() / 1000 });

const DAY_MS = 24 * 3_600_000;

export async function save({ core }: World, { id, email }: Actor): Promise<Person> {
  return savePerson(core, {
    slackUserId: id,
    email: email ?? `${id.toLowerCase()}@nowhere.example`,
    name: id,
    title: null,
    manager: null,
    timeZone: 'UTC',
    standing: 'member',
  });
}

/** @param login whose account it is, by its login */
export async function link(
  { core, systems }: World,
  person: Person,
  { login = person.email, only = '' } = {},
): Promise<void> {
  for (const connector of systems.filter(({ system }) => only === '' || system === only)) {
    const { system, accountId } = connector.add(login);
    await saveAccount(core, core.db, { personId: person.id, system, accountId, login, state: null, problem: null });
  }
}

export async function report({ core }: World, person: Person): Promise<string> {
  const said = {
    surface: 'dm',
    said: 'not me',
    noticeId: null,
    sourceKey: `first_${person.id}`,
    origin: ORIGIN,
  } as const;
  return (await reportNotMe(core, person, said)).incident.id;
}

/** A security key for everybody whom a link can be made for, whether they may confirm anything or not. */
async function registerKeys({ core, keys }: World): Promise<void> {
  const party = core.party();
  if (!party.ok) throw new Error('there is no passkey page');
  const challenge = 'anything';
  for (const [id, key] of keys) {
    const asked = { party: party.value, challenge, response: key.register({ challenge }) };
    const passkey = await registeredBy(id, asked);
    if (passkey) await savePasskey(core, core.db, passkey);
  }
}

/**
 * What is there whatever the state: codes and keys for all, somebody who asks for an authenticator app, a suspected
 * approver, a shared account, and somebody who is locked.
 */
export async function populate(world: World): Promise<void> {
  const { core, runtime } = world;
  for (const { id, email } of [...Object.values(ACTORS), LOCKED]) {
    const { sealer, workspaceId } = core;
    await enrol({ tx: core.db, runtime, sealer, workspaceId, userId: id, label: id, email });
  }
  await registerKeys(world);
  await done(askEnrolment(core, { actor: LOCKED.id, origin: ORIGIN }));
  // What is enrolled anew differs by its time.
  runtime.move(1000);
  await report(world, await save(world, ACTORS.suspected_approver));
  // One of the two: what nobody shares, the person may freeze.
  const shared = { login: ACTORS.reporter.email ?? '', only: 'mimecast' };
  await link(world, await save(world, ACTORS.account_sharer), shared);
}

/** `locked`: everybody's codes are; else one person's, so that there is a lock to lift. */
async function lock({ core, runtime }: World, state: StateName): Promise<void> {
  const locked = state === 'locked' ? [...Object.values(ACTORS), LOCKED] : state === 'closed' ? [] : [LOCKED];
  for (const { id } of locked)
    await core.db.query(
      `insert into totp_attempts (workspace_id, user_id, failed, locked_until) values ($1, $2, 5, $3)
       on conflict (workspace_id, user_id) do update set failed = excluded.failed, locked_until = excluded.locked_until`,
      [core.workspaceId, id, new Date(runtime.now().getTime() + DAY_MS)],
    );
}

/** What asks for ranges. */
const RANGED: readonly DecisionKind[] = ['limit_login_ips', 'block_address'];

/** A decision with its code, by the approver; its steps are run if they are to be. */
export async function decide(
  world: World,
  incidentId: string,
  action: DecisionKind,
  { runs, breakGlass = '', waits = false }: { readonly runs: boolean; readonly breakGlass?: string; waits?: boolean },
): Promise<void> {
  const { core, runtime } = world;
  const clicked = { incidentId, actor: DECIDER, origin: ORIGIN };
  const preview = await previewDecision(core, clicked, action);
  if (!preview.ok) throw new Error(`${action} is not to be decided: ${preview.error.code}`);
  const decided = await commands.decide(core, {
    ...clicked,
    action,
    reason: 'not hers',
    ranges: RANGED.includes(action) ? ['203.0.113.7'] : [],
    chosen: new Map(),
    outsideAccepted: false,
    override: 'for the matrix',
    breakGlass,
    seen: preview.value.seen,
    shown: preview.value.digest,
    given: typedCode(codeNow(world)),
    requestKey: runtime.newId('view'),
  });
  if (!decided.ok) throw new Error(`${action} was not decided: ${decided.error.code}`);
  // Of two approvers, when it is about one.
  if (!waits) await signSecond(world, incidentId);
  runtime.move(60_000);
  if (runs) await run(world, incidentId);
}

export async function run({ core }: World, incidentId: string): Promise<void> {
  for (const { id, status } of await stepsOf(core.db, core.workspaceId, incidentId))
    if (status === 'queued') await runOnce(core, 'run_step', id, (work) => runStep(core, work));
}

/** Signs what waits for a second approver, if anything does. */
async function signSecond(world: World, incidentId: string): Promise<void> {
  const { core, runtime } = world;
  const { first: waitingId, countersigned: shown } = await firstOf(world, incidentId);
  if (waitingId === UNKNOWN) return;
  const click = { actor: SECOND, origin: ORIGIN, given: typedCode(codeNow(world)), requestKey: runtime.newId('view') };
  await done(commands.countersign(core, { ...click, waitingId, shown }));
}

/** What waits for a second approver, as it is drawn for one. */
async function firstOf({ core }: World, incidentId: string): Promise<Pick<Refs, 'first' | 'countersigned'>> {
  const { rows } = await core.db.query<{ id: string }>(
    `select id from waiting_decisions where incident_id = $1 and status = 'waiting'`,
    [incidentId],
  );
  const [row] = rows;
  if (!row) return { first: UNKNOWN, countersigned: OTHER_PLAN };
  const preview = await previewCountersign(core, { actor: SECOND, origin: ORIGIN }, row.id);
  if (!preview.ok) throw new Error(`nobody can sign second: ${preview.error.code}`);
  return { first: row.id, countersigned: preview.value.shown };
}

/** The decision that somebody has to review. */
async function reviewIn({ core }: World, incidentId: string): Promise<string> {
  const { rows } = await core.db.query<{ id: string }>(
    'select id from decisions where incident_id = $1 and break_glass is not null',
    [incidentId],
  );
  return rows[0]?.id ?? UNKNOWN;
}

export async function undo(world: World, incidentId: string): Promise<void> {
  const { core, runtime } = world;
  for (const { id: stepId } of await stepsOf(core.db, core.workspaceId, incidentId)) {
    const click = { stepId, actor: DECIDER, origin: ORIGIN };
    const preview = await previewUndo(core, click);
    if (!preview.ok) throw new Error(`nothing can be undone: ${preview.error.code}`);
    const undone = await commands.undo(core, {
      ...click,
      reason: 'back',
      given: typedCode(codeNow(world)),
      override: 'for the matrix',
      breakGlass: '',
      requestKey: runtime.newId('view'),
      shown: preview.value.digest,
    });
    if (!undone.ok) throw new Error(`it was not undone: ${undone.error.code}`);
    await signSecond(world, incidentId);
    runtime.move(60_000);
  }
}

/** A state that is not reached is no state. */
export async function done(work: Promise<Result<unknown, Problem>>): Promise<void> {
  const made = await work;
  if (!made.ok) throw new Error(`it was refused: ${made.error.code}`);
}

/** Brings an open incident into a state, by what people do. */
const REACH: Readonly<Record<StateName, (world: World, incidentId: string, victim: Actor) => Promise<unknown>>> = {
  none: () => Promise.resolve(),
  open: () => Promise.resolve(),
  taken: ({ core }, incidentId) =>
    done(commands.take(core, { incidentId, actor: ACTORS.responder.id, origin: ORIGIN })),
  running: (world, id) => decide(world, id, 'disable_account', { runs: false }),
  contained: (world, id) => decide(world, id, 'disable_account', { runs: true }),
  undoing: async (world, id) => {
    await decide(world, id, 'disable_account', { runs: true });
    await undo(world, id);
  },
  needs_human: async (world, id) => {
    for (const system of world.systems) system.fail('perform', { kind: 'permission', message: 'no' });
    await decide(world, id, 'disable_account', { runs: true });
  },
  by_hand: async (world, id) => {
    await decide(world, id, 'disable_account', { runs: false });
    await world.core.db.query(`update steps set status = 'console' where incident_id = $1`, [id]);
  },
  held: ({ core }, incidentId, { id }) => done(commands.holdOwn(core, { incidentId, actor: id, origin: ORIGIN })),
  signed: (world, id) => decide(world, id, 'enable_account', { runs: false, waits: true }),
  glass_broken: (world, id) =>
    decide(world, id, 'enable_account', { runs: true, breakGlass: 'nobody else of us can be reached tonight' }),
  waiting: async ({ core }, incidentId) => {
    await core.db.query('delete from accounts where person_id = (select person_id from incidents where id = $1)', [
      incidentId,
    ]);
    await waitForAccounts(core, {
      viewId: `V_${incidentId}`,
      incidentId,
      actor: DECIDER,
      reason: 'why',
      origin: ORIGIN,
    });
  },
  stale: (world, id) => decide(world, id, 'disable_account', { runs: true }),
  locked: (world, id) => decide(world, id, 'disable_account', { runs: true }),
  closed: async (world, incidentId) => {
    await decide(world, incidentId, 'disable_account', { runs: true });
    const closed = { incidentId, actor: DECIDER, outcome: 'benign', reason: 'a mistake', origin: ORIGIN } as const;
    await done(commands.close(world.core, closed));
  },
};

async function notice({ core, runtime }: World, person: Person, answer: 'me' | null = null): Promise<string> {
  const id = runtime.newId('ntc');
  await core.db.query(
    `insert into notices (workspace_id, id, system, event_id, kind, login, actor, occurred_at, noticed_at, person_id, asked,
       answer, answered_at)
     values ($1, $2, 'okta', $2, 'password_reset', $3, 'thief@elsewhere.example', $4, $4, $5, true, $6, $7)`,
    [core.workspaceId, id, person.email, runtime.now(), person.id, answer, answer === null ? null : runtime.now()],
  );
  return id;
}

/** What windows that are open now refer to; `stale`: they were drawn before something changed. */
async function drawn(world: World, state: StateName, incidentId: string) {
  const { core } = world;
  const [step] = await stepsOf(core.db, core.workspaceId, incidentId);
  const plans: Partial<Record<DecisionKind, string>> = {};
  const decided: Partial<Record<DecisionKind, number>> = {};
  for (const kind of DECISION_KINDS) {
    const preview = await previewDecision(core, { incidentId, actor: DECIDER, origin: ORIGIN }, kind);
    if (!preview.ok || state === 'stale') continue;
    plans[kind] = preview.value.digest;
    decided[kind] = preview.value.seen;
  }
  const undone = step && (await previewUndo(core, { stepId: step.id, actor: DECIDER, origin: ORIGIN }));
  const links = await previewLinks(core, incidentId, DECIDER);
  return {
    ...(await firstOf(world, incidentId)),
    review: await reviewIn(world, incidentId),
    step: step?.id ?? UNKNOWN,
    plans,
    decided,
    undo: undone?.ok && state !== 'stale' ? undone.value.digest : OTHER_PLAN,
    seen: state === 'stale' ? OTHER_PLAN : (links?.seen ?? OTHER_PLAN),
  };
}

async function victimIn(world: World, state: StateName, victim: Actor): Promise<Refs> {
  const person = await save(world, victim);
  const claimed = await notice(world, person, 'me');
  const said = await noticeById(world.core.db, world.core.workspaceId, claimed);
  if (!said) throw new Error('the notice is not there');
  const notices = { notice: await notice(world, person), claimed, claim: shownOf(said) };
  const base = { user: victim.id, email: victim.email ?? '', ...notices };
  await link(world, person);
  if (state === 'none') {
    const ids = { incident: UNKNOWN, step: UNKNOWN, first: UNKNOWN, review: UNKNOWN };
    const shown = { undo: OTHER_PLAN, seen: OTHER_PLAN, countersigned: OTHER_PLAN };
    return { ...base, ...ids, ...shown, plans: {}, decided: {} };
  }
  const incident = await report(world, person);
  await REACH[state](world, incident, victim);
  return { ...base, incident, ...(await drawn(world, state, incident)) };
}

/** Makes the state from nothing. Drawing what is pressed left refusals in the record where nothing can be decided. */
export async function makeState(world: World, state: StateName): Promise<State> {
  await world.tables.empty();
  await populate(world);
  const reporter = await victimIn(world, state, ACTORS.reporter);
  const reportingApprover = await victimIn(world, state, ACTORS.reporting_approver);
  const mailed = {
    reporter: reporter.notice,
    reporting_approver: reportingApprover.notice,
    suspected_approver: await notice(world, await save(world, ACTORS.suspected_approver)),
    account_sharer: await notice(world, await save(world, ACTORS.account_sharer)),
  };
  await lock(world, state);
  return { reporter, reporting_approver: reportingApprover, mailed };
}
