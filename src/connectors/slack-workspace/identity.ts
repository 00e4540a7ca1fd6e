import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { CallContext } from '../../ports/connector.js';
import { refuse, type Answer } from '../kit/action.js';
import type { SlackApi } from './api.js';
import { METHOD } from './permissions.js';

/** The token's owner. */
export interface Identity {
  readonly userId: string;
  /** The workspace (`T…`), or the organisation (`E…`) when the app is installed there. */
  readonly teamId: string;
  /** `null`: Slack did not say. */
  readonly scopes: ReadonlySet<string> | null;
}

export const body = z.object({ user_id: z.string().min(1), team_id: z.string().min(1) });

export interface IdentitySource {
  /** As first read: a token never changes its owner. */
  get(call: CallContext): Answer<Identity>;
  /** Queried again: scopes may change, and a token may be revoked. */
  fresh(call: CallContext): Answer<Identity>;
}

export function createIdentitySource(api: SlackApi): IdentitySource {
  let known: Identity | null = null;
  const fresh: IdentitySource['fresh'] = async (call) => {
    const answer = await api.web(METHOD.whoAmI, {}, call);
    if (!answer.ok) return answer;
    const read = body.safeParse(answer.value.body);
    if (!read.success) return refuse('transient', 'Slack did not say whose token it is; it is safe to ask again.');
    known = { userId: read.data.user_id, teamId: read.data.team_id, scopes: answer.value.scopes };
    return ok(known);
  };
  return { fresh, get: (call) => (known === null ? fresh(call) : Promise.resolve(ok(known))) };
}
