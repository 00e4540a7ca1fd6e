import { phrase, user } from '../../texts/phrase.js';
import { accountsOf } from '../../incidents/accounts.js';
import type { Core, Origin } from '../../ports/core.js';
import { type Problem, refuse } from '../../texts/problem.js';
import { ok, type Result } from '../../platform/result.js';
import { canonicalHash, type JsonObject } from '../../platform/canonical.js';
import type { Transaction } from '../../ports/database.js';
import type { Proof } from '../../incidents/proof.js';
import { lockOpenIncident } from '../../incidents/incident.js';
import { checkProof, type Given } from '../check-proof.js';
import { type Changed, inIncident } from '../in-incident.js';
import { checkLinkChanges, type LinkChanges, linkLines, sayLinkChanges, type TypedLinks } from '../link-changes.js';
import type { Managed } from '../managed-by.js';
import { type Own, ownOf } from '../own.js';
import { needsCode } from '../policy.js';
import { checkNotReporter, checkTwoPeople, othersThan } from '../quorum.js';
import { decisionTakenFor } from '../request.js';
import { planBinding } from '../step-up.js';
import { takeCorrection } from '../take-correction.js';
import { keepWaiting } from '../waiting-decisions.js';
import { mayDecideOn } from '../whose.js';

export interface LinkCorrection extends TypedLinks {
  readonly incidentId: string;
  readonly actor: string;
  /** The same click delivered twice has the same key (the window's id). */
  readonly requestKey: string;
  readonly origin: Origin;
  readonly given: Given;
}

/**
 * Stores an approver's corrections and looks the accounts up again. A correction steers every decision about the person,
 * so it needs a code like a decision; it ends with the incident unless somebody else confirms it. Where it leads to
 * somebody else's account it waits for a second approver, and changes nothing until then.
 */
export const correctLinks = (core: Core, correction: LinkCorrection): Promise<Result<null, Problem>> =>
  inIncident(
    core,
    'correctAccounts',
    { ...correction, action: 'links' },
    {
      done: async () => ((await decisionTakenFor(core, correction)) === null ? null : 'waits'),
      before: (managed) => beforeCorrection(core, correction, managed),
      change: (tx, incident, prepared) =>
        correctLocked(core, tx, correction, { personId: incident.person_id, ...prepared }),
    },
  ).then((corrected) => (corrected.ok ? ok(null) : corrected));

interface Prepared {
  readonly own: Own;
  /** `null` when none is required. */
  readonly proof: Proof | null;
  /** Who may sign second, where it takes two. */
  readonly others: readonly string[];
}

const isOthers = ({ changes }: LinkChanges): boolean => changes.some(({ holder }) => holder !== null);

/** What cannot be corrected is refused before a code is spent on it; all checks are repeated under the lock. */
async function beforeCorrection(
  core: Core,
  correction: LinkCorrection,
  managed: Managed,
): Promise<Result<Prepared, Problem>> {
  const asked = await ownOf(core, correction.actor);
  if (!asked.ok) return asked;
  const own = asked.value;
  const checked = await core.db.transaction(async (tx) => {
    const locked = await lockOpenIncident(core, tx, correction.incidentId);
    return locked.ok ? checkLinkChanges(core, tx, correction, { personId: locked.value.person_id, own }) : locked;
  });
  if (!checked.ok) return checked;
  const confirmable = await mayConfirm(core, correction.actor, checked.value, managed);
  if (!confirmable.ok) return confirmable;
  const others = isOthers(checked.value) ? await seconds(core, correction, managed) : ok([]);
  if (!others.ok) return others;
  const isFree = !needsCode(core, 'correct_accounts') && !isOthers(checked.value) && !correction.confirms;
  if (isFree) return ok({ own, proof: null, others: [] });
  const attempt = { ...correction, action: 'links' };
  const proof = await checkProof(core, attempt, correction.given, boundTo(correction));
  return proof.ok ? ok({ own, proof: proof.value, others: others.value }) : proof;
}

/** Two people confirm: whoever corrected it, and another one, whose account it is not. */
async function mayConfirm(
  core: Core,
  actor: string,
  { confirms }: LinkChanges,
  { person }: Managed,
): Promise<Result<null, Problem>> {
  if (confirms.length === 0) return ok(null);
  for (const { by } of confirms) {
    const two = await checkTwoPeople(core, by, actor);
    if (!two.ok) return two;
  }
  const systems = confirms.map(({ system }) => system);
  const accounts = await accountsOf(core.db, core.workspaceId, person.id);
  return mayDecideOn(core, {
    actor,
    target: person,
    accounts: accounts.filter(({ system }) => systems.includes(system)),
    // Whether it is somebody else's is what is being confirmed.
    undo: true,
  });
}

/** Who may sign second what leads to somebody else's account; refused when there is nobody. */
async function seconds(
  core: Core,
  { actor, incidentId }: LinkCorrection,
  { person }: Managed,
): Promise<Result<readonly string[], Problem>> {
  const allowed = await checkNotReporter(core, actor, incidentId);
  if (!allowed.ok) return allowed;
  const others = await othersThan(core, actor, person);
  if (!others.ok) return others;
  return others.value.length === 0 ? refuse('nobody_second', phrase('problem.links.nobody')) : others;
}

/** The code covers exactly what was typed, over exactly what was shown. */
const boundTo = ({ incidentId, typed, confirms, shown, requestKey }: LinkCorrection): JsonObject => ({
  incident: incidentId,
  action: 'links',
  request: requestKey,
  shown,
  typed: [...typed],
  confirms,
});

async function correctLocked(
  core: Core,
  tx: Transaction,
  correction: LinkCorrection,
  { personId, own, proof, others }: { readonly personId: string } & Prepared,
): Promise<Result<Changed<string>, Problem>> {
  const { incidentId, actor, origin } = correction;
  const checked = await checkLinkChanges(core, tx, correction, { personId, own });
  if (!checked.ok) return checked;
  if (isOthers(checked.value)) return waitForSecond(core, tx, correction, { changes: checked.value, proof, others });
  const signed = { by: actor, second: null, detail: { proof: proof?.kind ?? null } };
  return ok(await takeCorrection(core, tx, checked.value, { personId, incidentId, origin, ...signed }));
}

function waitForSecond(
  core: Core,
  tx: Transaction,
  correction: LinkCorrection,
  { changes, proof, others }: { changes: LinkChanges; proof: Proof | null; others: readonly string[] },
): Promise<Result<Changed<string>, Problem>> {
  const { incidentId, actor, typed, confirms, shown, requestKey, origin } = correction;
  const said = phrase('timeline.links_signed', { who: user(actor), changes: sayLinkChanges(changes) });
  return keepWaiting(core, tx, incidentId, {
    request: { command: 'links', incidentId, actor, typed: [...typed], confirms, shown, requestKey, origin },
    said,
    subject: `links/${canonicalHash({ typed: [...typed], confirms }).slice(0, 16)}`,
    lines: linkLines(changes),
    proof,
    plan: planBinding(boundTo(correction)),
    quorum: { why: [phrase('quorum.because.links')], others, breakGlass: null },
  });
}
