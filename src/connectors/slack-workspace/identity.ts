import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { SlackApi } from './api.js';
import { METHOD } from './permissions.js';

/** Whose token it is. */
export interface Identity {
  readonly userId: string;
  /** The workspace (`T…`), or the organisation (`E…`) when the app is installed there. */
  readonly teamId: string;
  /** `null`: Slack did not tell. */
  readonly scopes: ReadonlySet<string> | null;
}

const body = z.looseObject({ user_id: z.string().min(1), team_id: z.string().min(1) });

export interface IdentitySource {
  /** As it was learnt first: a token never changes its owner. */
  get(call: CallContext): Promise<Result<Identity, ConnectorFailure>>;
  /** Asked anew: scopes may change, and a token may be withdrawn. */
  fresh(call: CallContext): Promise<Result<Identity, ConnectorFailure>>;
}

export function createIdentitySource(api: SlackApi): IdentitySource {
  let known: Identity | null = null;
  const fresh: IdentitySource['fresh'] = async (call) => {
    const answer = await api.web(METHOD.whoAmI, {}, { write: false, call });
    if (!answer.ok) return answer;
    const read = body.safeParse(answer.value.body);
    if (!read.success)
      return err({ kind: 'transient', message: 'Slack did not say whose token it is; it is safe to ask again.' });
    known = { userId: read.data.user_id, teamId: read.data.team_id, scopes: answer.value.scopes };
    return ok(known);
  };
  return { fresh, get: (call) => (known === null ? fresh(call) : Promise.resolve(ok(known))) };
}
