import { z } from 'zod';

/** What the process with the simulators is asked to do, over the parent's channel. */
export const ask = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('measure'),
    what: z.enum(['floor', 'app']),
    warmUp: z.int().positive(),
    alone: z.int().positive(),
    together: z.int().positive(),
    /** How many operations are under way at once in the loaded part. */
    concurrency: z.int().positive(),
    /** How long each part may begin new operations, ms. */
    partMs: z.int().positive(),
    /** The bot's process, whose processor time is looked at. */
    botPid: z.int().positive(),
  }),
  z.object({ do: z.literal('close') }),
]);
export type Ask = z.output<typeof ask>;
export type MeasureAsk = Extract<Ask, { do: 'measure' }>;

const milliseconds = z.array(z.number());

export const measured = z.object({
  concurrency: z.number(),
  /** From the approver's submit to the change in the identity system, one a decision. */
  clickToEffect: milliseconds,
  /** From the approver's submit to the message that tells the result. */
  clickToResult: milliseconds,
  /** From the employee's message to the incident's card; empty for the floor, which takes no reports. */
  reportToThread: milliseconds,
  /** Decisions whose result was told, for each second. */
  decisionsPerSecond: z.number(),
  reportsPerSecond: z.number().nullable(),
  /** Processor time of the bot's process for one decision, ms; `null` where the system does not tell it. */
  cpuMsPerDecision: z.number().nullable(),
  /** Submits that the bot acknowledged later than Slack waits. */
  lateAcks: z.number(),
});
export type Measured = z.output<typeof measured>;

export const addresses = z.object({
  slackApiUrl: z.string(),
  botToken: z.string(),
  appToken: z.string(),
  channel: z.string(),
  mimecastUrl: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
});
export type Addresses = z.output<typeof addresses>;

/** What the process with the simulators says. */
export const told = z.discriminatedUnion('told', [
  z.object({ told: z.literal('ready'), addresses }),
  z.object({ told: z.literal('done'), results: z.array(measured) }),
  z.object({ told: z.literal('failed'), why: z.string() }),
]);
export type Told = z.output<typeof told>;

/** What the world is started with, as its one argument. */
export const worldSettings = z.object({
  people: z.int().positive(),
  directoryMs: z.number().min(0),
  manifest: z.string(),
});
export type WorldSettings = z.output<typeof worldSettings>;

/** What the floor is started with, as its one argument. */
export const floorSettings = addresses.extend({ redisUrl: z.string() });
export type FloorSettings = z.output<typeof floorSettings>;
