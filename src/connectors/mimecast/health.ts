import type { AccountRef, CallContext, ConnectorFailure, HealthProbe } from '../port.js';
import { readAudit } from './audit.js';
import { readUser } from './account.js';
import { PATH, PERMISSION } from './permissions.js';
import type { Reader } from './state.js';

/** `.invalid` never exists (RFC 2606), so "not found" proves the right to ask, and nothing is changed. */
const NOBODY = 'notme-health-check@notme.invalid';

const probe = (name: string, failure: ConnectorFailure | null): HealthProbe => ({
  name,
  ok: failure === null,
  detail: failure?.message ?? '',
});

async function probeUsers({ api }: Reader, call: CallContext): Promise<HealthProbe> {
  const user = await readUser(api, NOBODY, call);
  const allowed = user.ok || user.error.kind === 'not_found' || user.error.kind === 'invalid_input';
  return probe(`users (${PERMISSION.editUsers})`, allowed ? null : user.error);
}

async function probeAudit({ api, runtime, settings }: Reader, call: CallContext): Promise<HealthProbe> {
  const to = runtime.now();
  const rows = await readAudit(
    api,
    { from: new Date(to.getTime() - 60_000), to, categories: settings.audit_categories },
    call,
  );
  return probe(`audit events (${PERMISSION.readAudit})`, rows.ok ? null : rows.error);
}

/** The group is there once, its members can be read, and taking nobody out of it is permitted: the undo will work. */
async function probeGroup({ api, groups }: Reader, name: string, call: CallContext): Promise<readonly HealthProbe[]> {
  const nobody: AccountRef = { system: 'mimecast', accountId: NOBODY, login: NOBODY };
  const id = await groups.idOf(name, call);
  if (!id.ok) return [probe(`group "${name}"`, id.error)];
  const members = await groups.hasMember(name, nobody, call);
  const removal = await api.call({
    path: PATH.removeMember,
    data: { id: id.value, emailAddress: NOBODY },
    write: false,
    call,
  });
  const refused =
    !removal.ok && (removal.error.kind === 'permission' || removal.error.kind === 'auth') ? removal.error : null;
  return [
    probe(`group "${name}" (${PERMISSION.readGroups})`, members.ok ? null : members.error),
    probe(`leaving group "${name}" (${PERMISSION.removeMembers})`, refused),
  ];
}

/** One probe for each thing that containment needs; without a token there is no use in asking further. */
export async function health(reader: Reader, call: CallContext): Promise<readonly HealthProbe[]> {
  const token = await reader.api.authenticate(call);
  const first = probe('access token', token.ok ? null : token.error);
  if (!token.ok) return [first];
  const names = [reader.settings.two_step_group, ...reader.settings.login_range_groups.map(({ group }) => group)];
  const groups = [...new Set(names)].filter((name) => name !== null);
  const [users, audit, ...perGroup] = await Promise.all([
    probeUsers(reader, call),
    probeAudit(reader, call),
    ...groups.map((name) => probeGroup(reader, name, call)),
  ]);
  return [first, users, audit, ...perGroup.flat()];
}
