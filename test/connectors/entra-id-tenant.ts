import type { Connector } from '../../src/ports/connector.js';
import { call, connect, playedRuntime } from './entra-id-subject.js';
import { startStub, type StubAnswer, type StubVendor } from './stub-vendor.js';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
export const ACCOUNT = { system: 'entra_id', accountId: ID, login: 'kim@contoso.example' };
export const NOW = '2026-03-02T09:00:00Z';

const TOKEN: StubAnswer = { body: { access_token: 'opaque', expires_in: 3599 } };

/** A token that shows these application permissions. */
export function tokenWith(roles: readonly string[]): StubAnswer {
  const claims = Buffer.from(JSON.stringify({ roles })).toString('base64url');
  return { body: { access_token: `e30.${claims}.x`, expires_in: 3599 } };
}

const stubs: StubVendor[] = [];
export function closeTenants(): void {
  for (const stub of stubs.splice(0)) stub.close();
}

interface Played {
  readonly settings?: Record<string, unknown>;
  readonly token?: () => StubAnswer;
}

/** A tenant on loopback that answers as a test says, and with an empty collection to all else. */
export async function tenantThat(
  answer: (asked: string, url: () => string) => StubAnswer | undefined,
  { settings = {}, token = () => TOKEN }: Played = {},
) {
  const stub: StubVendor = await startStub(
    (asked) => (asked.endsWith('/token') ? token() : answer(asked, () => stub.url)),
    { value: [] },
  );
  stubs.push(stub);
  const runtime = playedRuntime('2026-03-02T09:00:00.000Z');
  return { entra: connect(stub.url, runtime, settings), stub, runtime };
}

export const verdictOf = async (entra: Connector, subject: string, account: typeof ACCOUNT | null = ACCOUNT) =>
  (await entra.examine(account, call())).find((finding) => finding.subject === subject);
