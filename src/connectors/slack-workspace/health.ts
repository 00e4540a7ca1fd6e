import type { Result } from '../../result.js';
import type { CallContext, ConnectorFailure, HealthProbe } from '../port.js';
import { probe } from './examine.js';
import type { Reader } from './reader.js';
import { SCOPE } from './permissions.js';

const told = (name: string, result: Result<unknown, ConnectorFailure>): HealthProbe => ({
  name,
  ok: result.ok,
  detail: result.ok ? '' : result.error.message,
});

/** One probe for each interface that containment needs; without a token there is no use in asking further. */
export async function health(reader: Reader, call: CallContext): Promise<readonly HealthProbe[]> {
  const identity = await reader.identity.fresh(call);
  const token = told('token', identity);
  if (!identity.ok) return [token];
  const probes = await probe(reader, identity.value, call);
  return [
    token,
    told(`SCIM (${SCOPE.admin})`, probes.scim),
    told(`access log (${SCOPE.admin})`, probes.accessLog),
    ...(probes.sessions === null ? [] : [told(`sessions (${SCOPE.readAdminUsers})`, probes.sessions)]),
    ...(probes.audit === null ? [] : [told(`audit logs (${SCOPE.readAudit})`, probes.audit)]),
  ];
}
