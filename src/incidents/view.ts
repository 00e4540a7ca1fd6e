import type { Core } from '../ports/core.js';
import type { Row } from '../ports/database.js';
import { accountsOfIncident } from './accounts.js';
import { type ProvenAccount, provenAccounts } from './proven-state.js';
import { type Incident, incidentById } from './incident.js';
import { onCallFor } from './on-call.js';
import { type Person, personOfIncident } from './people.js';
import { type ReportElsewhere, reportsElsewhere } from './reports-elsewhere.js';
import { type WaitingDecision, waitingDecisionsOf } from './waiting-decisions.js';
import { allDecisionsOf, type Decision, type Step, stepsOf } from './steps.js';

export type ReportLine = Row<'reports', 'surface' | 'said' | 'reported_at'>;

/** Everything that a card, a status message or a progress list is drawn from. */
export interface IncidentView {
  readonly incident: Incident;
  readonly person: Person;
  readonly reports: readonly ReportLine[];
  /** Made at an identity system, each with how many it stands for. */
  readonly elsewhere: readonly ReportElsewhere[];
  readonly accounts: readonly ProvenAccount[];
  readonly steps: readonly Step[];
  readonly decisions: readonly Decision[];
  /** What needs two approvers and was signed by one, also what waits no longer. */
  readonly waiting: readonly WaitingDecision[];
  /** The Slack ids of whoever is called when it opens. */
  readonly onCall: readonly string[];
  /** The name that people know a system by. */
  systemTitle(system: string): string;
  readonly now: Date;
}

export async function incidentView(core: Core, incidentId: string): Promise<IncidentView | null> {
  const [incident, person, { rows: reports }, elsewhere, read, steps, decisions, waiting] = await Promise.all([
    incidentById(core.db, core.workspaceId, incidentId),
    personOfIncident(core.db, core.workspaceId, incidentId),
    core.db.query<ReportLine>(
      'select surface, said, reported_at from reports where workspace_id = $1 and incident_id = $2 order by reported_at limit 10',
      [core.workspaceId, incidentId],
    ),
    reportsElsewhere(core.db, core.workspaceId, incidentId),
    accountsOfIncident(core.db, core.workspaceId, incidentId),
    stepsOf(core.db, core.workspaceId, incidentId),
    allDecisionsOf(core.db, core.workspaceId, incidentId),
    waitingDecisionsOf(core.db, core.workspaceId, incidentId),
  ]);
  if (!incident || !person) return null;
  const systemTitle = (system: string): string => core.connectors.get(system)?.title ?? system;
  const onCall = onCallFor(core.policy.onCall, person.slack_user_id);
  const now = core.runtime.now();
  const accounts = provenAccounts(read, steps);
  return { incident, person, reports, elsewhere, accounts, steps, decisions, waiting, onCall, systemTitle, now };
}

export interface ProgressView {
  readonly decision: Decision;
  readonly steps: readonly Step[];
}

export function progressView(view: IncidentView, decisionId: string): ProgressView | null {
  const decision = view.decisions.find(({ id }) => id === decisionId);
  if (!decision) return null;
  return {
    decision,
    steps: view.steps.filter((step) => step.decision_id === decisionId).toSorted((a, b) => a.position - b.position),
  };
}
