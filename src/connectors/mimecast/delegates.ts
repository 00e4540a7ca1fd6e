import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { AccountRef, CallContext, ConnectorFailure, Receipt } from '../port.js';
import type { MimecastApi } from './api.js';
import { afterPart } from './part-done.js';
import { PATH } from './permissions.js';

const PAGE_SIZE = 100;
const MAX_PAGES = 10;

const block = z.object({ delegateUsers: z.array(z.unknown()).catch([]) });
/** Seen in use: `emailAddress`, `name`, `source` and the secure `id` that taking it away asks for. */
const delegate = z.object({
  id: z.string().min(1),
  emailAddress: z.string().min(3),
  name: z.string().optional().catch(undefined),
  source: z.string().optional().catch(undefined),
});

/** A delegate right of an account: by Mimecast's documentation the account may open the mailbox `address`. */
export interface Delegate {
  /** The mailbox, in lower case: unique among the account's delegates, and it stays the same when the right is given again. */
  readonly address: string;
  /** Mimecast's own id of the right; a right that is given again has another. */
  readonly secureId: string;
  readonly name: string | null;
  readonly source: string | null;
}

export async function readDelegates(
  api: MimecastApi,
  account: AccountRef,
  call: CallContext,
): Promise<Result<{ readonly delegates: readonly Delegate[]; readonly complete: boolean }, ConnectorFailure>> {
  const data = { primaryAddress: account.accountId };
  const found = await api.all({ path: PATH.findDelegates, data, call }, PAGE_SIZE, MAX_PAGES);
  if (!found.ok) return found;
  const rows = found.value.rows.flatMap((row) => block.safeParse(row).data?.delegateUsers ?? []);
  const read = rows.map((row) => delegate.safeParse(row));
  const byAddress = new Map<string, Delegate>();
  for (const { data: one } of read) {
    if (one === undefined) continue;
    const address = one.emailAddress.toLowerCase();
    byAddress.set(address, { address, secureId: one.id, name: one.name ?? null, source: one.source ?? null });
  }
  const complete = found.value.complete && read.every(({ success }) => success);
  return ok({ delegates: [...byAddress.values()], complete });
}

async function change(
  api: MimecastApi,
  path: string,
  data: Readonly<Record<string, unknown>>,
  call: CallContext,
): Promise<Result<Receipt, ConnectorFailure>> {
  const answer = await api.call({ path, data, write: true, call });
  if (answer.ok) return ok({ alreadyDone: false, requestId: answer.value.requestId });
  // Somebody else was faster, or the answer to an earlier try was lost.
  const doneCode = path === PATH.addDelegate ? /already_exists/ : /not_found/;
  return answer.error.codes.some((code) => doneCode.test(code)) ? ok({ alreadyDone: true, requestId: null }) : answer;
}

/** Takes these delegate rights away, one by one. */
export async function removeDelegates(
  api: MimecastApi,
  account: AccountRef,
  delegates: readonly Delegate[],
  call: CallContext,
): Promise<Result<Receipt, ConnectorFailure>> {
  let receipt: Receipt = { alreadyDone: true, requestId: null };
  for (const { secureId } of delegates) {
    const data = { primaryAddress: account.accountId, id: secureId };
    const removed = await change(api, PATH.removeDelegate, data, call);
    if (!removed.ok) return err(afterPart(receipt, removed.error));
    if (!removed.value.alreadyDone) receipt = removed.value;
  }
  return ok(receipt);
}

/** Gives the right to these mailboxes again. */
export async function addDelegates(
  api: MimecastApi,
  account: AccountRef,
  addresses: readonly string[],
  call: CallContext,
): Promise<Result<Receipt, ConnectorFailure>> {
  let receipt: Receipt = { alreadyDone: true, requestId: null };
  for (const address of addresses) {
    const data = { primaryAddress: account.accountId, delegateAddress: address };
    const added = await change(api, PATH.addDelegate, data, call);
    if (!added.ok) return err(afterPart(receipt, added.error));
    if (!added.value.alreadyDone) receipt = added.value;
  }
  return ok(receipt);
}
