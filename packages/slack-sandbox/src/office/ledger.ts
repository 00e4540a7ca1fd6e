import { createHash } from 'node:crypto';
import type { AuditRow, Session, User } from '../workspace/model.js';
import type { Workspace } from '../workspace/workspace.js';

const KEPT = 5000;

/** Where somebody signs in from, in the words of Slack's access log and session list. */
export interface Client {
  readonly ip: string;
  /** ISO 3166 code. */
  readonly country: string;
  readonly region: string;
  readonly isp: string;
  readonly user_agent: string;
  readonly device_hardware: string;
  readonly os: string;
  readonly os_version: string;
  readonly slack_client_version: string;
}

/** The page on this machine. */
export const LOCAL_CLIENT: Client = {
  ip: '127.0.0.1',
  country: '',
  region: '',
  isp: '',
  user_agent: 'Mozilla/5.0 (local page)',
  device_hardware: 'Computer',
  os: 'Local',
  os_version: '1',
  slack_client_version: '1.0.0',
};

function keep<T>(rows: T[], row: T): void {
  rows.push(row);
  if (rows.length > KEPT) rows.shift();
}

/** What an entry of the audit log says beside the action. Ids are those of people. */
export interface Happening {
  readonly actor: string;
  readonly entity: string;
  readonly client: Pick<Client, 'ip' | 'user_agent'>;
  readonly session?: number;
  /** Seconds since 1970; now when left out. */
  readonly at?: number;
}

/** An audit id in its real form, a version 4 UUID in looks, derived so that a run can be repeated. */
function auditId(workspace: Workspace): string {
  const seed = `${workspace.data.team.id} ${workspace.nextId('audit')}`;
  const hex = createHash('sha256').update(seed).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

/** Writes a line of the audit log. */
export function note(workspace: Workspace, action: string, { actor, entity, client, session, at }: Happening): void {
  const row: AuditRow = {
    id: auditId(workspace),
    date_create: at ?? workspace.nowSeconds(),
    action,
    actor,
    entity,
    ip_address: client.ip,
    ua: client.user_agent,
    ...(session === undefined ? {} : { session_id: session }),
  };
  keep(workspace.data.office.audit, row);
}

/** One row for each person, address and client, as in Slack. */
function logAccess(workspace: Workspace, user: User, client: Client, at: number): void {
  const { access } = workspace.data.office;
  const known = access.find(
    (row) => row.user_id === user.id && row.ip === client.ip && row.user_agent === client.user_agent,
  );
  if (known) {
    known.count += 1;
    known.date_first = Math.min(known.date_first, at);
    known.date_last = Math.max(known.date_last, at);
    return;
  }
  const { ip, user_agent, isp, country, region } = client;
  keep(access, {
    user_id: user.id,
    username: user.name,
    date_first: at,
    date_last: at,
    count: 1,
    ip,
    user_agent,
    isp,
    country,
    region,
  });
}

/** A person signs in: a session, and a line in the access log and in the audit log. `at`: seconds since 1970. */
export function signIn(workspace: Workspace, user: User, client: Client, at = workspace.nowSeconds()): Session {
  const { office } = workspace.data;
  workspace.data.counter += 1;
  const { device_hardware, os, os_version, slack_client_version, ip } = client;
  const session: Session = {
    session_id: 1_000_000_000_000 + workspace.data.counter,
    user_id: user.id,
    device_hardware,
    os,
    os_version,
    slack_client_version,
    ip,
  };
  keep(office.sessions, session);
  office.signed_out = office.signed_out.filter((id) => id !== user.id);
  logAccess(workspace, user, client, at);
  note(workspace, 'user_login', { actor: user.id, entity: user.id, client, session: session.session_id, at });
  workspace.changed('user');
  return session;
}

/** Somebody tries a password and fails. */
export function failSignIn(workspace: Workspace, user: User, client: Client, at = workspace.nowSeconds()): void {
  note(workspace, 'user_login_failed', { actor: user.id, entity: user.id, client, at });
  workspace.changed('user');
}

/** Ends the person's sessions that `which` names; the person must sign in again. */
export function endSessions(workspace: Workspace, userId: string, which: (session: Session) => boolean): number {
  const { office } = workspace.data;
  const ended = office.sessions.filter((session) => session.user_id === userId && which(session));
  office.sessions = office.sessions.filter((session) => !ended.includes(session));
  const left = office.sessions.some((session) => session.user_id === userId);
  if (!left && !office.signed_out.includes(userId)) office.signed_out.push(userId);
  workspace.changed('user');
  return ended.length;
}

/** A person adds an app to the workspace, with these scopes. */
export function addApp(
  workspace: Workspace,
  user: User,
  app: { readonly name: string; readonly scopes: readonly string[] },
  at = workspace.nowSeconds(),
): string {
  const id = workspace.nextId('A');
  keep(workspace.data.office.integrations, {
    user_id: user.id,
    user_name: user.name,
    date: String(at),
    change_type: 'added',
    app_id: id,
    app_type: app.name,
    scope: app.scopes.join(','),
  });
  workspace.changed('user');
  return id;
}
