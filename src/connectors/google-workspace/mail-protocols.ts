import { z } from 'zod';
import { err } from '../../platform/result.js';
import type { Receipt } from '../../ports/connector.js';
import {
  cannotTell,
  doesNotHold,
  FOREIGN_FACTS,
  holds,
  lasting,
  native,
  type Answer,
  type Target,
} from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { joined } from '../kit/evidence.js';
import { undoOfTexts } from '../kit/flags.js';
import { inTurn } from '../kit/in-turn.js';
import { openMailbox, type Mailbox } from './gmail.js';
import { savedJson } from './shapes.js';
import { SCOPE } from './scopes.js';
import type { GoogleAction } from './user.js';
import type { Tools } from './tools.js';

/** What Gmail does not tell is neither on nor off. */
export const imap = z.object({
  enabled: z.boolean().nullable().catch(null).default(null),
  autoExpunge: z.boolean().optional(),
  expungeBehavior: z.string().optional(),
  maxFolderSize: z.number().int().optional(),
});
export const pop = z.object({
  accessWindow: z.string().nullable().catch(null).default(null),
  disposition: z.string().optional(),
});

type Imap = z.output<typeof imap>;
type Pop = z.output<typeof pop>;

const saved = z.object({
  imap: savedJson.pipe(imap.extend({ enabled: z.boolean() })).optional(),
  pop: savedJson.pipe(pop.extend({ accessWindow: z.string() })).optional(),
});

/** With what is to be written: only what was told, or what this action sets. */
type Written = z.output<typeof saved>;

/** Keys that Gmail left out are left out again: JSON has no `undefined`, and the schema fixes the order of the keys. */
const textOf = (value: Imap | Pop | null): string | null => (value === null ? null : JSON.stringify(value));

const popIsOff = (value: Pop | null): boolean => value?.accessWindow === 'disabled';

interface Protocols {
  readonly mailbox: Mailbox;
  /** `null`: it cannot be read. */
  readonly imap: Imap | null;
  readonly pop: Pop | null;
}

const imapTold = ({ imap: now }: Protocols): boolean => now !== null && now.enabled !== null;
/** Another word than these may mean either. */
const POP_WINDOWS: readonly (string | null)[] = ['disabled', 'fromNowOn', 'allMail'];
const popTold = ({ pop: now }: Protocols): boolean => now !== null && POP_WINDOWS.includes(now.accessWindow);

async function read({ api }: Tools, target: Target): Answer<Protocols> {
  const mailbox = await openMailbox(api, target);
  if (!mailbox.ok) return mailbox;
  const { value: opened } = mailbox;
  return mapped(
    allOf([opened.read('imap', imap.nullable().catch(null)), opened.read('pop', pop.nullable().catch(null))]),
    ([imapNow, popNow]) => ({
      mailbox: opened,
      imap: imapNow,
      pop: popNow,
    }),
  );
}

const put = (
  mailbox: Mailbox,
  wanted: { readonly imap?: Written['imap'] | undefined; readonly pop?: Written['pop'] | undefined },
): Answer<Receipt> =>
  inTurn(
    Object.entries(wanted).flatMap(([part, json]) =>
      json === undefined ? [] : [() => mailbox.change(part, { method: 'PUT', scope: SCOPE.gmailSettings, json })],
    ),
  );

/** Turns IMAP and POP off in the mailbox's own settings. */
export function blockMailProtocols(tools: Tools): GoogleAction<'block_mail_protocols'> {
  return {
    can: native(SCOPE.readUsers, SCOPE.gmailSettings),
    residual: [
      lasting(
        'The person, or who holds the account, can turn IMAP and POP on again unless an administrator has turned them off for the unit',
      ),
    ],
    async perform(task) {
      const now = await read(tools, task);
      if (!now.ok) return now;
      return put(now.value.mailbox, {
        imap: now.value.imap?.enabled === false ? undefined : { ...now.value.imap, enabled: false },
        pop: popIsOff(now.value.pop) ? undefined : { ...now.value.pop, accessWindow: 'disabled' },
      });
    },
    judge: (task) =>
      mapped(read(tools, task), (now) => {
        const isTold = imapTold(now) && popTold(now);
        const popIsOn = popTold(now) && !popIsOff(now.pop);
        const open = joined([now.imap?.enabled === true ? 'IMAP' : null, popIsOn ? 'POP' : null], ' and ');
        if (open !== '') return doesNotHold(`${open} is on in Gmail.`);
        return isTold
          ? holds('IMAP and POP are off in Gmail.')
          : cannotTell('Gmail does not tell whether IMAP and POP are off; look in its settings.');
      }),
    undo: undoOfTexts(['imap', 'pop'], {
      // What was not told is not saved, and so an undo leaves it alone.
      read: (target) =>
        mapped(read(tools, target), (now) => ({
          ...(imapTold(now) ? { imap: textOf(now.imap) } : {}),
          ...(popTold(now) ? { pop: textOf(now.pop) } : {}),
        })),
      async set(texts, target) {
        const wanted = saved.safeParse(Object.fromEntries(texts));
        if (!wanted.success) return err(FOREIGN_FACTS);
        const mailbox = await openMailbox(tools.api, target);
        return mailbox.ok ? put(mailbox.value, wanted.data) : mailbox;
      },
    }),
  };
}
