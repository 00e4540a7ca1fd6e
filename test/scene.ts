import { typedCode } from '../src/approvals/check-proof.js';
import { commands } from '../src/approvals/commands/index.js';
import { previewDecision } from '../src/approvals/preview.js';
import { previewUndo } from '../src/approvals/undo-preview.js';
import type { DecisionRequest } from '../src/approvals/request.js';
import { accountsOf, type LinkedAccount, saveAccount } from '../src/incidents/accounts.js';
import type { Incident } from '../src/incidents/incident.js';
import type { PostBody } from '../src/incidents/post-body.js';
import { openBody } from '../src/incidents/sealed-posts.js';
import { openIncident } from '../src/incidents/open.js';
import { type Person, savePerson } from '../src/incidents/people.js';
import { notme } from '../src/incidents/audit-event.js';
import { type Step, stepById, stepsOf } from '../src/incidents/steps.js';
import type { Core } from '../src/ports/core.js';
import type { Row } from '../src/ports/database.js';
import { CODED_KINDS, type DecisionKind } from '../src/ports/decision-kinds.js';
import type { AccountRef } from '../src/ports/connector.js';
import { runStep } from '../jobs/run-step/run-step.js';
import { coreOver, type CoreOptions } from './core.js';
import { freshDatabase } from './fresh-database.js';
import { MemoryConnector, type MemoryOptions } from './memory-connector.js';
import { type PlayedRuntime, playedRuntime } from './played-runtime.js';
import { runOnce } from './runs.js';

export const ADA = { slackUserId: 'U0ADA', email: 'ada@meadow.example', name: 'Ada Okafor' };
export const BEA = { slackUserId: 'U0BEA', email: 'bea@meadow.example', name: 'Bea Lindqvist' };
export const CEM = { slackUserId: 'U0CEM', email: 'cem@meadow.example', name: 'Cem Aydin' };
export const ELI = { slackUserId: 'U0ELI', email: 'eli@meadow.example', name: 'Eli Brandt' };

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;

export const ORIGIN = { surface: 'button', correlationId: 'cor_scene' };

export interface SceneOptions extends CoreOptions {
  readonly systems?: Readonly<Record<string, MemoryOptions>>;
}

/** An open incident about Ada, whose accounts are linked; Bea and Cem are approvers, Eli is not. No code is asked for. */
export class Scene {
  #clicks = 0;

  readonly core: Core;
  readonly runtime: PlayedRuntime;
  readonly systems: readonly MemoryConnector[];
  readonly person: Person;
  readonly incident: Incident;
  readonly dispatched: () => number;

  private constructor(parts: Pick<Scene, 'core' | 'runtime' | 'systems' | 'person' | 'incident' | 'dispatched'>) {
    this.core = parts.core;
    this.runtime = parts.runtime;
    this.systems = parts.systems;
    this.person = parts.person;
    this.incident = parts.incident;
    this.dispatched = parts.dispatched;
  }

  static async open({ systems = { okta: {} }, ...options }: SceneOptions = {}): Promise<Scene> {
    const runtime = playedRuntime();
    const connectors = Object.entries(systems).map(([system, given]) => new MemoryConnector(system, given));
    const { core, dispatched } = coreOver(await freshDatabase(), {
      approvers: [BEA.slackUserId, CEM.slackUserId],
      people: [ADA, BEA, CEM, ELI],
      connectors,
      runtime,
      ...options,
      policy: { uncoded: CODED_KINDS, ...options.policy },
    });
    const { person, incident } = await incidentAbout(core, ADA);
    const scene = new Scene({ core, runtime, systems: connectors, person, incident, dispatched });
    for (const connector of connectors) await scene.link(connector.add(ADA.email));
    return scene;
  }

  get okta(): MemoryConnector {
    return found(this.systems[0]);
  }

  /** Links an account to Ada, or to somebody else. */
  async link(ref: AccountRef, person: Person = this.person): Promise<void> {
    const read = { personId: person.id, system: ref.system, accountId: ref.accountId, login: ref.login };
    await saveAccount(this.core, this.core.db, { ...read, state: null, problem: null });
  }

  async account(): Promise<LinkedAccount> {
    return found((await accountsOf(this.core.db, this.core.workspaceId, this.person.id))[0]);
  }

  /** A window that is opened and sent off by an approver; `more` is what they enter beside a reason. */
  async request(action: DecisionKind, more: Partial<DecisionRequest> = {}): Promise<DecisionRequest> {
    const clicked = { incidentId: this.incident.id, actor: more.actor ?? BEA.slackUserId, origin: ORIGIN };
    const preview = await previewDecision(this.core, clicked, action);
    this.#clicks += 1;
    return {
      ...clicked,
      action,
      reason: 'not hers',
      ranges: [],
      chosen: new Map(),
      outsideAccepted: false,
      override: '',
      breakGlass: '',
      given: typedCode(''),
      seen: preview.ok ? preview.value.seen : 0,
      shown: preview.ok ? preview.value.digest : 'nothing',
      requestKey: `view_${this.#clicks}`,
      ...more,
    };
  }

  async decide(action: DecisionKind, more: Partial<DecisionRequest> = {}) {
    return commands.decide(this.core, await this.request(action, more));
  }

  /** A window that is submitted without a code, to be confirmed by a passkey. @returns the path of its link */
  async confirmLater(action: DecisionKind, reason = 'not hers'): Promise<string> {
    const { incidentId, actor, outsideAccepted, override, seen, shown, requestKey, origin } =
      await this.request(action);
    const breakGlass = '';
    const typed = { reason, outsideAccepted, override, breakGlass };
    const request = { incidentId, action, actor, ...typed, seen, shown, requestKey, origin };
    const asked = await commands.decide(this.core, {
      ...request,
      ranges: [],
      chosen: new Map(),
      given: { kind: 'later', request: { command: 'decide', ...request, ranges: [], chosen: [] } },
    });
    if (asked.ok) throw new Error('nothing may be decided before it is confirmed');
    return new URL(found(asked.error.link)).pathname;
  }

  async undo(stepId: string, more: Partial<Parameters<typeof commands.undo>[1]> = {}) {
    const click = { stepId, actor: more.actor ?? BEA.slackUserId, origin: ORIGIN };
    const preview = await previewUndo(this.core, click);
    this.#clicks += 1;
    const shown = preview.ok ? preview.value.digest : 'nothing';
    const typed = {
      reason: 'she is back',
      given: typedCode(''),
      override: '',
      breakGlass: '',
      requestKey: `view_${this.#clicks}`,
    };
    return commands.undo(this.core, { ...click, ...typed, shown, ...more });
  }

  /** The steps of the incident, in the order in which they were decided. */
  steps(): Promise<Step[]> {
    return stepsOf(this.core.db, this.core.workspaceId, this.incident.id);
  }

  async lastStep(): Promise<Step> {
    return found((await this.steps()).at(-1));
  }

  /** Runs a step's work once, and reads the step again. */
  async run(stepId: string): Promise<Step> {
    await runOnce(this.core, 'run_step', stepId, (run) => runStep(this.core, run));
    return found(await stepById(this.core.db, this.core.workspaceId, stepId));
  }

  /** What the thread was told, by the key of its text. */
  async lines(): Promise<readonly string[]> {
    const { rows } = await this.core.db.query<{ key: string }>(
      `select body->'phrase'->>'key' as key from posts where incident_id = $1 and body->'phrase' is not null order by position`,
      [this.incident.id],
    );
    return rows.map(({ key }) => key);
  }

  /** What every post says, in order, opened. */
  async said(): Promise<readonly PostBody[]> {
    const { rows } = await this.core.db.query<Row<'posts', 'id' | 'incident_id' | 'body'>>(
      'select id, incident_id, body from posts order by position',
    );
    return rows.map((row) => found(openBody(this.core, row).data));
  }

  /** What stands in the record. */
  async record(): Promise<readonly string[]> {
    const { rows } = await this.core.db.query<{ action: string }>(
      'select action from record_entries where incident_id = $1 order by seq',
      [this.incident.id],
    );
    return rows.map(({ action }) => action);
  }
}

/** An open incident about somebody. */
export async function incidentAbout(
  core: Core,
  who: { readonly slackUserId: string; readonly email: string; readonly name: string },
): Promise<{ person: Person; incident: Incident }> {
  const person = await savePerson(core, { ...who, title: null, manager: null, timeZone: 'UTC', standing: 'member' });
  const { incident } = await core.db.transaction((tx) =>
    openIncident(core, tx, { person, actor: notme('test'), origin: ORIGIN }),
  );
  return { person, incident };
}

export function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the test expects it to be there');
  return value;
}
