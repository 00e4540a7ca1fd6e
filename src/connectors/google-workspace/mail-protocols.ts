import { z } from 'zod';
import { ok } from '../../result.js';
import { openMailbox, settle, type Mailbox } from './gmail.js';
import { doesNotHold, holds, NOTHING_TO_DO, type Answer, type Handler, type Task, type Tools } from './handler.js';
import { savedJson, unreadableFacts } from './saved-json.js';
import { SCOPE } from './scopes.js';

const imap = z.object({
  enabled: z.boolean().default(false),
  autoExpunge: z.boolean().optional(),
  expungeBehavior: z.string().optional(),
  maxFolderSize: z.number().int().optional(),
});
const pop = z.object({ accessWindow: z.string().default('disabled'), disposition: z.string().optional() });

type Imap = z.output<typeof imap>;
type Pop = z.output<typeof pop>;

const saved = z.object({ imap: savedJson.pipe(imap), pop: savedJson.pipe(pop) });

/** Keys that Gmail left out are left out again: JSON has no `undefined`, and the schema fixes the order of the keys. */
const textOf = (value: Imap | Pop): string => JSON.stringify(value);

const popIsOff = ({ accessWindow }: Pop): boolean => accessWindow === 'disabled';

async function read({ api }: Tools, { account, call }: Task): Answer<{ mailbox: Mailbox; imap: Imap; pop: Pop }> {
  const mailbox = await openMailbox(api, account, call);
  if (!mailbox.ok) return mailbox;
  const [imapNow, popNow] = await Promise.all([
    api.read(mailbox.value.request('imap', SCOPE.gmailSettings), imap),
    api.read(mailbox.value.request('pop', SCOPE.gmailSettings), pop),
  ]);
  if (!imapNow.ok) return imapNow;
  return popNow.ok ? ok({ mailbox: mailbox.value, imap: imapNow.value, pop: popNow.value }) : popNow;
}

async function put(mailbox: Mailbox, wanted: { imap: Imap | null; pop: Pop | null }) {
  let receipt = NOTHING_TO_DO;
  for (const [part, value] of Object.entries(wanted)) {
    if (value === null) continue;
    const done = settle(await mailbox.write('PUT', part, SCOPE.gmailSettings, value), () => false);
    if (!done.ok) return done;
    receipt = done.value;
  }
  return ok(receipt);
}

/** Turns IMAP and POP off in the mailbox's own settings. */
export function blockMailProtocols(tools: Tools): Handler {
  return {
    capability: {
      route: 'native',
      undo: 'restore',
      effectiveWithinSeconds: 0,
      permissions: [SCOPE.readUsers, SCOPE.gmailSettings],
    },
    survives: [
      {
        what: 'The person, or who holds the account, can turn IMAP and POP on again unless an administrator has turned them off for the unit',
        forSeconds: null,
      },
    ],
    async perform(task) {
      const now = await read(tools, task);
      if (!now.ok) return now;
      return put(now.value.mailbox, {
        imap: now.value.imap.enabled ? { ...now.value.imap, enabled: false } : null,
        pop: popIsOff(now.value.pop) ? null : { ...now.value.pop, accessWindow: 'disabled' },
      });
    },
    async judge(task) {
      const now = await read(tools, task);
      if (!now.ok) return now;
      const open = [now.value.imap.enabled ? 'IMAP' : null, popIsOff(now.value.pop) ? null : 'POP'].filter(
        (one) => one !== null,
      );
      return ok(
        open.length === 0
          ? holds('IMAP and POP are off in Gmail.')
          : doesNotHold(`${open.join(' and ')} is on in Gmail.`),
      );
    },
    async capture(task) {
      const now = await read(tools, task);
      return now.ok ? ok({ imap: textOf(now.value.imap), pop: textOf(now.value.pop) }) : now;
    },
    async restore(task, before) {
      const parsed = saved.safeParse(before);
      if (!parsed.success) return unreadableFacts('IMAP and POP settings');
      const was = parsed.data;
      const now = await read(tools, task);
      if (!now.ok) return now;
      return put(now.value.mailbox, {
        imap: textOf(was.imap) === textOf(now.value.imap) ? null : was.imap,
        pop: textOf(was.pop) === textOf(now.value.pop) ? null : was.pop,
      });
    },
  };
}
