import { approveEnrolment } from './approve-enrolment.js';
import { closeIncident } from './close.js';
import { countersign } from './countersign.js';
import { correctLinks } from './correct-links.js';
import { decide } from './decide.js';
import { holdOwn } from './hold.js';
import { rescanIncident } from './rescan.js';
import { liftLock } from './lift-lock.js';
import { retryStep, completeManualStep } from './steps.js';
import { signReview } from './sign-review.js';
import { takeIncident } from './take.js';
import { changeTask, startTasks } from './tasks.js';
import { decideUndo } from './undo.js';
import type { Right } from '../rights.js';

/**
 * Everything that people do to an incident, or to each other's codes: those in a role, by the name of the right that it
 * takes (`src/approvals/rights.ts`), and with their own hold whoever reported it. Each command goes through `inIncident`
 * or `inWorkspace`, which check the actor, and nothing else writes an incident's rows in their name (a test reads every
 * statement, the cruiser guards the way in).
 */
export const commands = {
  take: takeIncident,
  close: closeIncident,
  startTasks,
  changeTask,
  rescan: rescanIncident,
  correctAccounts: correctLinks,
  retryStep,
  completeManualStep,
  decide,
  undo: decideUndo,
  countersign,
  signReview,
  liftLock,
  approveEnrolment,
  holdOwn,
} as const satisfies Partial<Record<Right, unknown>>;
