import type { Connector } from '../../src/ports/connector.js';
import { systemRuntime } from '../../src/platform/runtime.js';
import { connect } from './scim-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

export const ADA = { system: 'scim_wiki', accountId: 'u1', login: 'ada@example.com' };
export const ADA_USER = { schemas: [], id: 'u1', userName: 'ada@example.com', active: true };
export const DIA_USER = { id: 'u2', userName: 'dia@example.com' };

const stubs: StubVendor[] = [];
export function closeServers(): void {
  for (const stub of stubs.splice(0)) stub.close();
}

/** An application that answers by `METHOD /path`, with or without the query, and 404 to all else. */
export async function serverThat(
  answers: Readonly<Record<string, StubAnswer | (() => StubAnswer)>>,
): Promise<{ readonly connector: Connector; readonly calls: readonly string[] }> {
  const all = { 'GET /ServiceProviderConfig': { body: { patch: { supported: true } } }, ...answers };
  const stub = await startStub((asked) => {
    const call = asked.replace('/v2', '');
    const found = new Map<string, StubAnswer | (() => StubAnswer)>(Object.entries(all));
    const answer = found.get(call) ?? found.get(call.split('?')[0] ?? '') ?? { status: 404 };
    return typeof answer === 'function' ? answer() : answer;
  }, {});
  stubs.push(stub);
  const connector = connect(`${stub.url}/v2`, systemRuntime(), {
    admin_groups: [{ group_id: 'adm', title: 'Administrators' }],
    quarantine_group_id: 'q',
    two_step_group_id: null,
    login_range_groups: [],
  });
  return { connector, calls: stub.calls };
}
