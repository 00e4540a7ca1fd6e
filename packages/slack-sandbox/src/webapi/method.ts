import { z } from 'zod';
import type { Core } from '../core.js';
import type { Given, JsonObject } from '../json.js';
import type { Exactly, Slack } from '../vendor/index.js';
import type { Channel } from '../workspace/model.js';
import { invalidArguments } from './errors.js';

/** Who calls: the app's bot, or a person whose user token was configured. */
export interface Caller {
  readonly userId: string;
  readonly isBot: boolean;
  readonly scopes: ReadonlySet<string>;
}

export interface Call {
  readonly core: Core;
  readonly caller: Caller;
}

/** Slack's rate tiers, calls per minute (https://docs.slack.dev/apis/web-api/rate-limits). */
export type Tier = 1 | 2 | 3 | 4 | 'message' | 'scim_read' | 'scim_write' | 'none';

/**
 * `bot` needs the app's token, or a person's, with these scopes; `user` a person's; `app` the app-level token; `none` is
 * open to all.
 */
export interface Method<Answer extends object = object> {
  readonly token: 'bot' | 'user' | 'app' | 'none';
  /** All are needed. Scopes that depend on the conversation are checked by the method itself. */
  readonly scopes: readonly string[];
  readonly tier: Tier;
  handle(raw: JsonObject, call: Call): Answer;
}

/** One method: its rules, its arguments, what it does. Arguments that do not fit are `invalid_arguments`. */
export function method<S extends z.ZodType, Answer extends object>(
  rules: Pick<Method, 'scopes' | 'tier'> & { readonly token?: Method['token'] },
  input: S,
  run: (args: z.output<S>, call: Call) => Answer,
): Method<Answer> {
  return {
    token: 'bot',
    ...rules,
    handle(raw, call) {
      const read = input.safeParse(raw);
      if (read.success) return run(read.data, call);
      throw invalidArguments(
        read.error.issues.map((issue) => {
          const key = issue.path.map(String).join('/');
          const missing = issue.code === 'invalid_type' && issue.message.includes('undefined');
          return missing ? `[ERROR] missing required field: ${key}` : `[ERROR] ${issue.message} [json-pointer:/${key}]`;
        }),
      );
    },
  };
}

type Fitting<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends Method<infer Answer>
    ? Exactly<Slack.Answer<Name>, { ok: true } & Answer>
    : never;
};

/** Methods by their names, each held to what Slack's own client says that it answers. */
export const held = <Methods extends Readonly<Record<string, Method>>>(
  methods: Methods & Fitting<Methods>,
): Readonly<Record<string, Method>> => methods;

const TRUE = new Set(['true', '1', 't']);

/** A flag; forms send `true`, `1`, `false`, `0`. */
export const flag = z.preprocess(
  (value) => (typeof value === 'string' ? TRUE.has(value.toLowerCase()) : value),
  z.boolean(),
);
export const whole = z.coerce.number().int();

/** A JSON value; forms send it as text. */
export const json = <S extends z.ZodType>(inner: S) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      const parsed: unknown = JSON.parse(value);
      return parsed;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  }, inner);

export const anyObject: z.ZodType<Given> = z.record(z.string(), z.unknown());
/** Cursor paging: `limit` items from where the last page ended. */
export const paging = { limit: whole.min(1).max(1000).optional(), cursor: z.string().optional() };

export function page<T>(items: readonly T[], args: { limit?: number | undefined; cursor?: string | undefined }) {
  const from = args.cursor ? Number(Buffer.from(args.cursor, 'base64url').toString().replace('from:', '')) : 0;
  if (!Number.isInteger(from) || from < 0) throw invalidArguments(['[ERROR] invalid cursor [json-pointer:/cursor]']);
  const to = from + (args.limit ?? 100);
  const next = to < items.length ? Buffer.from(`from:${to}`).toString('base64url') : '';
  return { items: items.slice(from, to), metadata: { next_cursor: next } };
}

export const isMember = (channel: Channel, caller: Caller): boolean => channel.members.includes(caller.userId);
