import { appendWorkspaceEvent, holdWorkspaceChain, WORKSPACE_CHAIN } from '../incidents/workspace-event.js';
import { slackPerson } from '../incidents/audit-event.js';
import { ok, type Result } from '../platform/result.js';
import type { Core, Origin } from '../ports/core.js';
import type { Queryable, Transaction } from '../ports/database.js';
import { at, phrase, user } from '../texts/phrase.js';
import { type Problem, refuse } from '../texts/problem.js';
import { announce, redrawAnnouncement } from './announce.js';
import { allowedOutside, inWorkspace } from './in-workspace.js';
import { ownOf } from './own.js';
import { hashPageToken, issuePageRequest, pageRequestOf, PAGE_LIFE_MS } from './page-requests.js';
import { hasRight } from './policy.js';
import { checkTwoPeople } from './quorum.js';
import { recordRefusal } from './refusals.js';

/** How long somebody who asked may be approved. */
const ASK_MS = 3_600_000;

/** Under which key the person gets the link. */
const linkKey = (ask: string): string => `${ask}_link`;
/** With whom it is for: whoever writes rows has it sent to nobody else. */
const linkContext = ({ workspaceId }: Pick<Core, 'workspaceId'>, key: string, userId: string): string =>
  `enrolment_link/${workspaceId}/${key}/${userId}`;

interface Asked {
  /** The announcement with the button. */
  readonly id: string;
  readonly until: Date;
}

/** What somebody asked for and nobody has approved yet. */
async function openAsk(core: Core, tx: Queryable, userId: string): Promise<Asked | null> {
  const { rows } = await tx.query<{ id: string; created_at: Date }>(
    `select id, created_at from announcements a where workspace_id = $1 and recipient is null
       and about->>'kind' = 'enrolment' and about->>'user' = $2 and created_at > $3
       and not exists (select 1 from announcements l where l.workspace_id = $1 and l.id = a.id || '_link')
     order by created_at desc limit 1`,
    [core.workspaceId, userId, new Date(core.runtime.now().getTime() - ASK_MS)],
  );
  return rows[0] ? { id: rows[0].id, until: new Date(rows[0].created_at.getTime() + ASK_MS) } : null;
}

/** Whether the button under an announcement still has something to do. */
export const isAsked = async (core: Core, userId: string, id: string): Promise<boolean> =>
  (await openAsk(core, core.db, userId))?.id === id;

interface Asking {
  readonly actor: string;
  readonly origin: Origin;
}

const askAttempt = (asking: Asking) => ({ ...asking, action: 'enrolment', right: 'askEnrolment' }) as const;

/** Somebody who decides wants an authenticator app: the channel is told, with a button for another administrator. */
export const askEnrolment = (core: Core, asking: Asking): Promise<Result<null, Problem>> =>
  inWorkspace(core, askAttempt(asking), {
    before: () => {
      const party = core.party();
      return Promise.resolve(party.ok ? ok(null) : refuse('wrong_state', phrase(`problem.passkey.${party.error}`)));
    },
    change: async (tx) => {
      await holdWorkspaceChain(core, tx);
      const { actor, origin } = asking;
      if (await openAsk(core, tx, actor)) return refuse('wrong_state', phrase('problem.enrolment.asked'));
      const until = new Date(core.runtime.now().getTime() + ASK_MS);
      const about = { kind: 'enrolment', user: actor, until: until.toISOString() } as const;
      const said = phrase('announce.enrolment', { who: user(actor), until: at(until) });
      const key = `enrolment_${actor}_${origin.correlationId}`;
      await announce(core, tx, { key, to: null, phrase: said, about }, origin.correlationId);
      return ok({ value: null, record: { action: 'enrolment.asked', detail: { user: actor } } });
    },
  });

export interface ApprovalClick {
  /** Who asked, by Slack id. */
  readonly enrolled: string;
  readonly actor: string;
  readonly origin: Origin;
}

export const approvalAttempt = ({ actor, origin }: ApprovalClick) =>
  ({ action: 'approve_enrolment', right: 'approveEnrolment', actor, origin }) as const;

/** Another administrator, about somebody who still decides here, and who asked. */
export async function approvable(core: Core, { enrolled, actor }: ApprovalClick): Promise<Result<Asked, Problem>> {
  if (enrolled === actor) return refuse('own_account', phrase('problem.enrolment.own'));
  const asked = await openAsk(core, core.db, enrolled);
  if (!asked) return refuse('wrong_state', phrase('problem.enrolment.none'));
  const two = await checkTwoPeople(core, enrolled, actor);
  if (!two.ok) return two;
  const entitled = await hasRight(core, enrolled, 'askEnrolment');
  return entitled.ok ? ok(asked) : entitled;
}

/** Whether the window opens in which somebody approves it. */
export async function approvableBy(core: Core, click: ApprovalClick): Promise<Result<null, Problem>> {
  const allowed = await allowedOutside(core, approvalAttempt(click));
  if (!allowed.ok) return allowed;
  const open = await approvable(core, click);
  if (open.ok) return ok(null);
  await recordRefusal(core, { ...approvalAttempt(click), incidentId: null }, open.error);
  return open;
}

/** It is approved: the person, and nobody else, gets a link that works once. In the record, and told in the channel. */
export async function sendLink(
  core: Core,
  tx: Transaction,
  { enrolled, actor, origin }: ApprovalClick,
  { label, email }: { readonly label: string; readonly email: string },
): Promise<Result<null, Problem>> {
  await holdWorkspaceChain(core, tx);
  const asked = await openAsk(core, tx, enrolled);
  if (!asked) return refuse('wrong_state', phrase('problem.enrolment.none'));
  const key = linkKey(asked.id);
  const request = { kind: 'enrol', label, email, approvedBy: actor, told: key } as const;
  const token = await issuePageRequest(core, tx, enrolled, request);
  const { correlationId } = origin;
  const about = {
    kind: 'enrolment_link',
    user: enrolled,
    until: new Date(core.runtime.now().getTime() + PAGE_LIFE_MS).toISOString(),
    // The database shows nobody the way to the page.
    sealed: core.sealer.seal(token, linkContext(core, key, enrolled)),
  } as const;
  const said = phrase('announce.enrolment.link', { who: user(actor) });
  await announce(core, tx, { key, to: enrolled, phrase: said, about }, correlationId);
  const channel = phrase('announce.enrolment.approved', { who: user(actor), whom: user(enrolled) });
  await announce(core, tx, { key: `${asked.id}_approved`, to: null, phrase: channel }, correlationId);
  await redrawAnnouncement(core, tx, asked.id, correlationId);
  return ok(null);
}

/** The link that a direct message shows while it leads anywhere; `null` when it was used, or is too old. */
export async function linkOf(
  core: Core,
  { key, recipient }: { readonly key: string; readonly recipient: string },
  sealed: string,
): Promise<string | null> {
  const party = core.party();
  const token = core.sealer.open(sealed, linkContext(core, key, recipient));
  if (!party.ok || !token.ok) return null;
  const link = await pageRequestOf(core, core.db, hashPageToken(token.value.reveal()));
  return link.state === 'open' ? `${party.value.origin}/enrol/${token.value.reveal()}` : null;
}

/** A person as the authenticator app names them. */
export async function labelOf(core: Core, userId: string): Promise<Result<{ label: string; email: string }, Problem>> {
  const own = await ownOf(core, userId);
  return own.ok ? ok({ label: own.value.person.email, email: own.value.person.email }) : own;
}

interface SelfEnrolment {
  readonly userId: string;
  readonly again: boolean;
  readonly approvedBy: string;
  /** The hash of its token. */
  readonly link: string;
}

/** In the record: who came by codes, by whose approval. */
export const recordSelfEnrolment = (
  core: Core,
  tx: Transaction,
  { userId, again, approvedBy, link }: SelfEnrolment,
  origin: Origin,
): Promise<void> =>
  appendWorkspaceEvent(core, tx, {
    actor: slackPerson(userId),
    action: 'approver.enrolled',
    origin,
    detail: { user: userId, again, approved_by: approvedBy, link },
  });

/** Whether the record knows of an enrolment by this link: rows of links can be set back, the chain cannot. */
export async function isEnrolledBy(core: Core, tx: Queryable, link: string): Promise<boolean> {
  const { rows } = await tx.query(
    `select 1 from record_entries where workspace_id = $1 and incident_id = $2 and action = 'approver.enrolled'
       and detail->>'link' = $3 limit 1`,
    [core.workspaceId, WORKSPACE_CHAIN, link],
  );
  return rows.length > 0;
}
