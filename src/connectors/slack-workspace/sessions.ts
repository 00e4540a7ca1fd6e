import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { CallContext, ConnectorFailure } from '../port.js';
import type { SlackApi } from './api.js';
import { METHOD } from './permissions.js';

const text = z.string().catch('');
const client = z.looseObject({
  device_hardware: text,
  os: text,
  os_version: text,
  slack_client_version: text,
  ip: text,
});

const session = z.looseObject({
  session_id: z.union([z.number().int(), z.string().min(1)]).transform(String),
  created: client.nullish(),
  recent: client.nullish(),
});

/** One browser or app that is signed in. Slack tells no time of it. */
export interface ActiveSession {
  readonly id: string;
  readonly ip: string;
  readonly device: string;
}

const list = z.looseObject({
  active_sessions: z.array(session),
  response_metadata: z.looseObject({ next_cursor: z.string().catch('') }).nullish(),
});

export interface Sessions {
  readonly sessions: readonly ActiveSession[];
  readonly complete: boolean;
}

function shown({ session_id, created, recent }: z.output<typeof session>): ActiveSession {
  const last = recent ?? created;
  const device = [last?.device_hardware, last?.os, last?.os_version].filter(
    (part) => part !== undefined && part !== '',
  );
  return { id: session_id, ip: last?.ip ?? '', device: device.join(' ') };
}

/** Slack says as an error that there is none. */
const isNone = (failure: ConnectorFailure): boolean =>
  failure.kind === 'unsupported' && failure.message.includes('no_active_sessions');

/** Whether sessions can be read at all. Changes nothing. */
export async function probeSessions(api: SlackApi, call: CallContext): Promise<Result<null, ConnectorFailure>> {
  const answer = await api.web(METHOD.sessions, { limit: '1' }, { write: false, call });
  return answer.ok || isNone(answer.error) ? ok(null) : answer;
}

/** The person's active sessions in one workspace. Needs `admin.users:read`, on Enterprise. */
export async function readSessions(
  api: SlackApi,
  { userId, teamId }: { readonly userId: string; readonly teamId: string },
  call: CallContext,
): Promise<Result<Sessions, ConnectorFailure>> {
  const args = { user_id: userId, team_id: teamId, limit: '200' };
  const answer = await api.web(METHOD.sessions, args, { write: false, call });
  if (!answer.ok) return isNone(answer.error) ? ok({ sessions: [], complete: true }) : answer;
  const read = list.safeParse(answer.value.body);
  if (!read.success)
    return err({ kind: 'transient', message: 'Slack answered without a list of sessions; it is safe to ask again.' });
  const more = read.data.response_metadata?.next_cursor ?? '';
  return ok({ sessions: read.data.active_sessions.map(shown), complete: more === '' });
}
