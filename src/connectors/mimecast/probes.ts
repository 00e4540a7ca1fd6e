import type { AccountRef, CallContext, ConnectorFailure } from '../port.js';
import { readUser } from './account.js';
import { NOBODY } from './nobody.js';
import { readAudit } from './audit.js';
import { readDelegates } from './delegates.js';
import { PATH } from './permissions.js';
import type { Reader } from './reader.js';

/** Why something would be refused; `null` when it would be let through. */
export type Refusal = ConnectorFailure | null;

const nobody: AccountRef = { system: 'mimecast', accountId: NOBODY, login: NOBODY };

/** "Not found" about nobody proves that the question is permitted. */
const unlessAnswered = (failure: ConnectorFailure): Refusal =>
  failure.kind === 'not_found' || failure.kind === 'invalid_input' ? null : failure;

export async function probeUsers({ api }: Reader, call: CallContext): Promise<Refusal> {
  const user = await readUser(api, NOBODY, call);
  return user.ok ? null : unlessAnswered(user.error);
}

export async function probeDelegates({ api }: Reader, call: CallContext): Promise<Refusal> {
  const found = await readDelegates(api, nobody, call);
  return found.ok ? null : unlessAnswered(found.error);
}

export async function probeAudit({ api, runtime, settings }: Reader, call: CallContext): Promise<Refusal> {
  const to = runtime.now();
  const window = { from: new Date(to.getTime() - 60_000), to, categories: settings.audit_categories };
  const rows = await readAudit(api, window, call);
  return rows.ok ? null : rows.error;
}

/** The group is there once, its members can be read, and taking nobody out of it is permitted: the undo will work. */
export async function probeGroup({ api, groups }: Reader, name: string, call: CallContext): Promise<Refusal> {
  const id = await groups.idOf(name, call);
  if (!id.ok) return id.error;
  const members = await groups.hasMember(name, nobody, call);
  if (!members.ok) return members.error;
  const data = { id: id.value, emailAddress: NOBODY };
  const removal = await api.call({ path: PATH.removeMember, data, write: false, call });
  if (removal.ok) return null;
  const { kind } = removal.error;
  return kind === 'permission' || kind === 'auth' || kind === 'transient' ? removal.error : null;
}
