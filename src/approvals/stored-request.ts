import * as z from 'zod';
import { DECISION_KINDS } from '../ports/decision-kinds.js';

const origin = z.object({
  surface: z.string(),
  channel: z.string().exactOptional(),
  ip: z.string().exactOptional(),
  correlationId: z.string(),
});

const typed = { actor: z.string(), requestKey: z.string(), origin };
const pairs = <T extends z.ZodType>(value: T) => z.array(z.tuple([z.string(), value]));

/** A submitted window that may wait for a second approver: the arguments of its command without the proof. */
export const waitingRequest = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('decide'),
    ...typed,
    incidentId: z.string(),
    action: z.enum(DECISION_KINDS),
    reason: z.string(),
    ranges: z.array(z.string()),
    chosen: pairs(z.array(z.string())),
    outsideAccepted: z.boolean(),
    override: z.string(),
    breakGlass: z.string().default(''),
    seen: z.int(),
    shown: z.string(),
  }),
  z.strictObject({
    command: z.literal('undo'),
    ...typed,
    stepId: z.string(),
    reason: z.string(),
    override: z.string(),
    breakGlass: z.string().default(''),
    shown: z.string(),
  }),
  z.strictObject({
    command: z.literal('links'),
    ...typed,
    incidentId: z.string(),
    typed: pairs(z.string()),
    confirms: z.boolean(),
    shown: z.string(),
  }),
]);
export type WaitingRequest = z.output<typeof waitingRequest>;

/** A submitted window, as it is kept until its passkey confirms it. */
export const storedRequest = z.discriminatedUnion('command', [
  ...waitingRequest.options,
  z.strictObject({ command: z.literal('countersign'), ...typed, waitingId: z.string(), shown: z.string() }),
  z.strictObject({ command: z.literal('review'), ...typed, decisionId: z.string() }),
  z.strictObject({ command: z.literal('lift'), ...typed, lockedUser: z.string() }),
  z.strictObject({ command: z.literal('approve_enrolment'), ...typed, enrolled: z.string() }),
  z.strictObject({ command: z.literal('prove_claim'), ...typed, noticeId: z.string(), shown: z.string() }),
]);
export type StoredRequest = z.output<typeof storedRequest>;

/** A correction is asked for without a reason. */
export const reasonOf = (request: WaitingRequest): string => (request.command === 'links' ? '' : request.reason.trim());

/** Why it is done before the checklist is; empty where nothing is left open. */
export const overrideOf = (request: WaitingRequest): string =>
  request.command === 'links' ? '' : request.override.trim();
