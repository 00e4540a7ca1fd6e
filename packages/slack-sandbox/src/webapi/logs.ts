import { z } from 'zod';
import { rankOf } from '../office/standing.js';
import { ApiError } from './errors.js';
import type { Call } from './method.js';
import { held, method, page, paging, whole } from './method.js';

/** @throws ApiError `paid_only` on the free plan, `restricted_action` for a member's token */
function needPaidAdmin({ core, caller }: Call): void {
  if (core.workspace.data.team.plan === 'free') throw new ApiError('paid_only');
  const owner = core.workspace.user(caller.userId);
  if (!owner || rankOf(owner) === 0) throw new ApiError('restricted_action');
}

const RULES = { scopes: ['admin'], tier: 2, token: 'user' } as const;
const LAST_PAGE = 100;

const accessLogs = method(
  RULES,
  z.object({
    cursor: paging.cursor,
    limit: whole.min(1).optional(),
    before: whole.optional(),
    team_id: z.string().optional(),
  }),
  (args, call) => {
    needPaidAdmin(call);
    if ((args.limit ?? 0) > 1000) throw new ApiError('over_pagination_limit');
    const { data } = call.core.workspace;
    if (args.team_id !== undefined && args.team_id !== data.team.id) throw new ApiError('team_not_found');
    const rows = data.office.access
      .filter(({ date_last }) => args.before === undefined || date_last <= args.before)
      .sort((one, other) => other.date_last - one.date_last);
    const { items, metadata } = page(rows, args);
    return { logins: items.map((row) => ({ ...row })), response_metadata: metadata };
  },
);

/** The classic paging: pages from 1 on. */
const integrationLogs = method(
  RULES,
  z.object({
    user: z.string().optional(),
    app_id: z.string().optional(),
    change_type: z.string().optional(),
    count: whole.min(1).max(1000).default(100),
    page: whole.min(1).default(1),
    team_id: z.string().optional(),
  }),
  (args, call) => {
    needPaidAdmin(call);
    if (args.page > LAST_PAGE) throw new ApiError('over_pagination_limit');
    const rows = call.core.workspace.data.office.integrations
      .filter(
        (row) =>
          (args.user === undefined || row.user_id === args.user) &&
          (args.app_id === undefined || row.app_id === args.app_id) &&
          (args.change_type === undefined || row.change_type === args.change_type),
      )
      .reverse();
    const from = (args.page - 1) * args.count;
    const pages = Math.max(1, Math.ceil(rows.length / args.count));
    return {
      logs: rows.slice(from, from + args.count).map((row) => ({ ...row })),
      paging: { count: args.count, total: rows.length, page: args.page, pages },
    };
  },
);

export const LOG_METHODS = held({
  'team.accessLogs': accessLogs,
  'team.integrationLogs': integrationLogs,
});
