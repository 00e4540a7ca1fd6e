import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Receipt } from '../../ports/connector.js';
import { ALREADY, lasting, native, type Action, type Answer, type Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { itemAction, type Listed } from '../kit/items.js';
import { undoOfList } from '../kit/undo-list.js';
import type { MimecastApi } from './api.js';
import { PATH, PERMISSION } from './permissions.js';
import type { Reading } from './reading.js';

/** Seen in use: `emailAddress`, `name`, `source` and the secure `id` that removing it requires. */
export const delegate = z
  .object({
    id: z.string().min(1),
    emailAddress: z.string().min(3),
    name: z.string().nullish().catch(null),
    source: z.string().nullish().catch(null),
  })
  .transform(({ emailAddress, ...rest }) => ({ ...rest, address: emailAddress.toLowerCase() }));

/**
 * A delegate right of an account: by Mimecast's documentation the account may open the mailbox `address`, which is
 * unique among its rights and stays the same when the right is restored; its `id` does not.
 */
export type Delegate = z.output<typeof delegate>;

export function readDelegates(api: MimecastApi, { account, call }: Target): Answer<Listed<Delegate>> {
  const request = { path: PATH.findDelegates, data: { primaryAddress: account.accountId }, call };
  const listing = { item: delegate, inside: 'delegateUsers', size: 100, mostPages: 10 };
  return mapped(api.list(request, listing), ({ items, complete }) => ({
    items: [...new Map(items.map((one) => [one.address, one])).values()],
    complete,
  }));
}

async function giveBack(api: MimecastApi, address: string, { account, call }: Target): Answer<Receipt> {
  const data = { primaryAddress: account.accountId, delegateAddress: address };
  const added = await api.change(PATH.addDelegate, data, call);
  if (added.ok) return added;
  // Somebody else was faster, or the answer to an earlier try was lost.
  return added.error.codes.some((code) => code.includes('already_exists')) ? ok(ALREADY) : added;
}

/** Mimecast has no rules of a person; it has rights to other mailboxes. */
export const disableMailRules = (api: MimecastApi): Action<'disable_mail_rules', Reading> => ({
  ...itemAction<'disable_mail_rules', Reading, Delegate>(
    {
      words: {
        nothingLeft: 'Mimecast shows no such delegate rights of the account any more.',
        unread: 'Mimecast shows more delegate rights than can be read; look in the Administration Console.',
      },
      list: (target) => readDelegates(api, target),
      id: ({ address }) => address,
      title: ({ address }) => address,
      change: ({ id }, { account, call }) =>
        api.change(PATH.removeDelegate, { primaryAddress: account.accountId, id }, call),
    },
    {
      can: native(PERMISSION.readUsers, PERMISSION.editDelegates),
      residual: [
        lasting(
          "What others may read: rights to open this person's mailbox stand on their accounts and are not shown here",
        ),
      ],
    },
  ),
  // By their mailboxes: a restored right has another id.
  undo: undoOfList('delegates', z.string(), {
    list: (task) =>
      mapped(readDelegates(api, task), ({ items, complete }) => {
        if (!complete) return null;
        const { items: chosen } = task.command;
        return items.map(({ address }) => address).filter((one) => chosen === 'all' || chosen.includes(one));
      }),
    give: (address, target) => giveBack(api, address, target),
  }),
});
