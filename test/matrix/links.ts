import type { Given } from '../../src/approvals/check-proof.js';
import { commands } from '../../src/approvals/commands/index.js';
import { typedLinks } from '../../src/approvals/link-changes.js';
import { hashPageToken, issuePageRequest, pageRequestOf, type PageRequest } from '../../src/approvals/page-requests.js';
import type { StoredRequest } from '../../src/approvals/stored-request.js';
import { claims } from '../../src/notices/prove-claim.js';
import type { Result } from '../../src/platform/result.js';
import type { Core } from '../../src/ports/core.js';
import type { DecisionKind } from '../../src/ports/decision-kinds.js';
import { issueReportToken } from '../../src/reports/tokens.js';
import type { Problem } from '../../src/texts/problem.js';
import { ACTORS, LOCKED } from './roles.js';
import { ORIGIN, OTHER_PLAN, type Refs } from './states.js';
import type { World } from './world.js';

type Command = StoredRequest['command'];
type Submitted<K extends Command> = Omit<Extract<StoredRequest, { command: K }>, 'actor' | 'requestKey' | 'origin'>;
type Make<K extends Command> = (refs: Refs) => Submitted<K>;

const TYPED = { reason: 'because of the matrix', override: 'because of the matrix' } as const;
const GLASS = 'nobody else of us can be reached tonight';

const decide =
  (action: DecisionKind, breakGlass = ''): Make<'decide'> =>
  ({ incident, decided, plans }) => ({
    command: 'decide',
    incidentId: incident,
    action,
    ...TYPED,
    ranges: [],
    chosen: [],
    outsideAccepted: false,
    breakGlass,
    seen: decided[action] ?? 0,
    shown: plans[action] ?? OTHER_PLAN,
  });
const undo =
  (breakGlass = ''): Make<'undo'> =>
  ({ step, undo: shown }) => ({ command: 'undo', stepId: step, ...TYPED, breakGlass, shown });

/** The windows that a passkey may confirm, by their command: a new one is asked for here. */
const WINDOWS: { readonly [K in Command]: Readonly<Record<string, Make<K>>> } = {
  decide: {
    '': decide('quarantine'),
    ' what takes two': decide('enable_account'),
    ' by break-glass': decide('enable_account', GLASS),
  },
  undo: { '': undo(), ' by break-glass': undo(GLASS) },
  links: {
    '': ({ incident, seen }) => ({
      command: 'links',
      incidentId: incident,
      typed: [['okta', 'somebody.new@meadow.example']],
      confirms: false,
      shown: seen,
    }),
  },
  countersign: {
    '': ({ first, countersigned }) => ({ command: 'countersign', waitingId: first, shown: countersigned }),
  },
  review: { '': ({ review }) => ({ command: 'review', decisionId: review }) },
  lift: { '': () => ({ command: 'lift', lockedUser: LOCKED.id }) },
  approve_enrolment: { '': () => ({ command: 'approve_enrolment', enrolled: LOCKED.id }) },
  prove_claim: { '': ({ claimed, claim }) => ({ command: 'prove_claim', noticeId: claimed, shown: claim }) },
};

const ALL: Readonly<Record<string, Readonly<Record<string, Make<Command>>>>> = WINDOWS;
const CONFIRMED = new Map<string, Make<Command>>(
  Object.entries(ALL).flatMap(([command, made]) =>
    Object.entries(made).map(([how, make]) => [`confirm ${command}${how}`, make] as const),
  ),
);

/** What else a link of these pages is for: a new kind is asked for here. */
const OTHERS: { readonly [K in Exclude<PageRequest['kind'], 'confirm'>]: Readonly<Record<string, PageRequest>> } = {
  register: { '': { kind: 'register', label: 'somebody' } },
  enrol: { '': enrolledBy(ACTORS.administrator.id), ' approved by nobody who may': enrolledBy(ACTORS.colleague.id) },
};

function enrolledBy(approvedBy: string): PageRequest {
  return { kind: 'enrol', label: 'somebody', email: 'somebody@meadow.example', approvedBy, told: 'nothing_link' };
}

const OTHER = new Map<string, PageRequest>(
  Object.entries(OTHERS).flatMap(([kind, made]) =>
    Object.entries(made).map(([how, request]): [string, PageRequest] => [`${kind}${how}`, request]),
  ),
);

/** By the button that is pressed there. */
const REPORTS = ['report not_me', 'report me'] as const;

/** Everything that a link may be for. */
export const LINK_NAMES: readonly string[] = [...CONFIRMED.keys(), ...OTHER.keys(), ...REPORTS];

export const isReport = (link: string): boolean => link.startsWith('report ');

/** Whoever may do it in the states in which anybody may: what their window asks a passkey for, it asks all for. */
function holderOf(command: Command, { user }: Refs): string {
  if (command === 'countersign' || command === 'review') return ACTORS.group_approver.id;
  if (command === 'approve_enrolment') return ACTORS.administrator.id;
  return command === 'prove_claim' ? user : ACTORS.approver.id;
}

function submit(core: Core, request: StoredRequest, given: Given): Promise<Result<unknown, Problem>> {
  switch (request.command) {
    case 'decide':
      return commands.decide(core, { ...request, chosen: new Map(request.chosen), given });
    case 'undo':
      return commands.undo(core, { ...request, given });
    case 'links':
      return commands.correctAccounts(core, { ...request, ...typedLinks(request), given });
    case 'countersign':
      return commands.countersign(core, { ...request, given });
    case 'review':
      return commands.signReview(core, { ...request, given });
    case 'lift':
      return commands.liftLock(core, { ...request, given });
    case 'approve_enrolment':
      return commands.approveEnrolment(core, { ...request, given });
    case 'prove_claim':
      return claims.prove(core, { ...request, given });
  }
}

const requestOf = (make: Make<Command>, refs: Refs, actor: string): StoredRequest =>
  ({
    ...make(refs),
    actor,
    requestKey: 'V_page',
    origin: { ...ORIGIN, correlationId: 'cor_link' },
  }) as StoredRequest;

/** What a passkey has to sign for each window, as the app says it to whoever may submit it in this state. */
export type Bindings = ReadonlyMap<string, string>;

export async function bindingsOf({ core }: World, refs: Refs): Promise<Bindings> {
  const found = new Map<string, string>();
  for (const [link, make] of CONFIRMED) {
    const made = requestOf(make, refs, holderOf(make(refs).command, refs));
    // A refusal is recorded once for each correlation id: that of the set-up must not stand for the one of a link.
    const request = { ...made, origin: { ...made.origin, correlationId: 'cor_binding' } };
    const asked = await submit(core, request, { kind: 'later', request });
    if (asked.ok) throw new Error(`${link} was done before it was confirmed`);
    if (asked.error.link === undefined) continue;
    const hash = hashPageToken(new URL(asked.error.link).pathname.replace('/confirm/', ''));
    const issued = await pageRequestOf(core, core.db, hash);
    if (issued.state === 'open' && issued.request.kind === 'confirm') found.set(link, issued.request.binding);
    await core.db.query('delete from page_requests');
  }
  return found;
}

/** A link as it lies in somebody's hands. */
export interface Link {
  readonly path: string;
  /** What forms of its page are made for. */
  readonly subject: string;
  /** What a passkey signs on it. */
  readonly binding: string;
  readonly hash: string;
}

/** The clock's runtime with bytes of their own for each cell: two links are never the same one. */
function coreFor({ core, runtime }: World, number: number): Core {
  const randomBytes = (size: number): Buffer => {
    const bytes = Buffer.alloc(size);
    bytes.writeUInt32BE(number, size - 4);
    return bytes;
  };
  return { ...core, runtime: { ...runtime, randomBytes } };
}

/** A link for somebody, made as if it had been theirs to ask for. */
export async function issueLink(
  world: World,
  link: string,
  { user, refs, bindings, number }: { user: string; refs: Refs; bindings: Bindings; number: number },
): Promise<Link> {
  const core = coreFor(world, number);
  const make = CONFIRMED.get(link);
  const binding = bindings.get(link) ?? OTHER_PLAN;
  const request: PageRequest | undefined = make
    ? { kind: 'confirm', binding, request: requestOf(make, refs, user) }
    : OTHER.get(link);
  if (!request) throw new Error(`nobody knows how to make ${link}`);
  const token = (await issuePageRequest(core, core.db, user, request)).reveal();
  const hash = hashPageToken(token);
  return { path: `/${make ? 'confirm' : 'enrol'}/${token}`, subject: hash, binding, hash };
}

/** The link in the mail about a notice. */
export async function mailLink(world: World, notice: string, number: number): Promise<Link> {
  const core = coreFor(world, number);
  const token = (await issueReportToken(core, core.db, notice)).token.reveal();
  return { path: `/report/${token}`, subject: token, binding: '', hash: '' };
}
