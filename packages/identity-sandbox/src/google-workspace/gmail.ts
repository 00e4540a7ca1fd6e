import { z } from 'zod';
import type { Reply } from '../http/message.js';
import { bodyOf, DONE, filled, reading, refused, show, type Endpoint, type Visit } from './endpoint.js';
import { googleError, invalid, precondition } from './errors.js';
import { badArgument, BASIC, changing, domainOf, gone, onMailbox, READ, SHARING } from './mailbox-endpoint.js';
import { filterBody, type MailboxRecord, type UserRecord } from './model.js';
import { SEND_AS } from './send-as.js';

/** A list and what is made and deleted in it. */
interface Collection<T> {
  readonly tail: string;
  readonly writeScopes: readonly string[];
  rows(mailbox: MailboxRecord): T[];
  id(row: T): string;
  one(row: T): Reply;
  all(rows: readonly T[]): Reply;
  /** A reply when it is refused. */
  make(visit: Visit, mailbox: MailboxRecord): T | { readonly refused: Reply };
  after?(mailbox: MailboxRecord, gone: T): void;
}

function collection<T extends object | string>(kind: Collection<T>): readonly Endpoint[] {
  return [
    onMailbox('GET', kind.tail, READ, (_visit, mailbox) => reading(kind.all(kind.rows(mailbox)))),
    onMailbox('POST', kind.tail, kind.writeScopes, (visit, mailbox, owner) => {
      const made = kind.make(visit, mailbox);
      if (typeof made === 'object' && 'refused' in made) return refused(made.refused);
      return changing(visit, owner, () => {
        kind.rows(mailbox).push(made);
        return kind.one(made);
      });
    }),
    onMailbox('DELETE', `${kind.tail}/:id`, kind.writeScopes, (visit, mailbox, owner) => {
      const rows = kind.rows(mailbox);
      const found = rows.find((row) => kind.id(row) === visit.params['id']);
      if (found === undefined) return refused(gone());
      return changing(visit, owner, () => {
        rows.splice(rows.indexOf(found), 1);
        kind.after?.(mailbox, found);
        return DONE;
      });
    }),
  ];
}

const accepted = (mailbox: MailboxRecord, address: string | undefined): boolean =>
  mailbox.forwardingAddresses.some(
    ({ forwardingEmail, verificationStatus }) => forwardingEmail === address && verificationStatus === 'accepted',
  );

const filters = collection<MailboxRecord['filters'][number]>({
  tail: 'filters',
  writeScopes: BASIC,
  rows: ({ filters: rows }) => rows,
  id: ({ id }) => id,
  one: (row) => show.filter(row),
  all: (rows) => show.filters(filled(rows, (filter) => ({ filter }))),
  make(visit, mailbox) {
    const body = filterBody.safeParse(bodyOf(visit));
    if (!body.success) return { refused: badArgument('Invalid filter') };
    const { criteria, action } = body.data;
    if (action.forward !== undefined && !accepted(mailbox, action.forward))
      return { refused: precondition('Unrecognized forwarding address') };
    const same = mailbox.filters.some(
      (one) => JSON.stringify([one.criteria, one.action]) === JSON.stringify([criteria, action]),
    );
    if (same) return { refused: precondition('Filter already exists') };
    return { id: `ANe1Bm${visit.state.opaque(30)}`, criteria, action };
  },
});

const delegateShown = (delegateEmail: string) => ({ delegateEmail, verificationStatus: 'accepted' });

const delegates = collection<string>({
  tail: 'delegates',
  writeScopes: SHARING,
  rows: ({ delegates: rows }) => rows,
  id: (email) => email,
  one: (email) => show.delegate(delegateShown(email)),
  all: (rows) => show.delegates(filled(rows.map(delegateShown), (all) => ({ delegates: all }))),
  make(visit, mailbox) {
    const { delegateEmail } = bodyOf(visit);
    if (typeof delegateEmail !== 'string' || visit.state.user(delegateEmail) === undefined)
      return { refused: badArgument('Invalid delegate') };
    if (mailbox.delegates.includes(delegateEmail))
      return { refused: googleError(409, 'alreadyExists', 'Delegate already exists', 'ALREADY_EXISTS') };
    return delegateEmail;
  },
});

const addresses = collection<MailboxRecord['forwardingAddresses'][number]>({
  tail: 'forwardingAddresses',
  writeScopes: SHARING,
  rows: ({ forwardingAddresses }) => forwardingAddresses,
  id: ({ forwardingEmail }) => forwardingEmail,
  one: (row) => show.forwardingAddress(row),
  all: (rows) => show.forwardingAddresses(filled(rows, (forwardingAddresses) => ({ forwardingAddresses }))),
  make(visit, mailbox) {
    const { forwardingEmail } = bodyOf(visit);
    if (typeof forwardingEmail !== 'string' || !forwardingEmail.includes('@'))
      return { refused: badArgument('Invalid forwarding address') };
    if (mailbox.forwardingAddresses.some((one) => one.forwardingEmail === forwardingEmail))
      return { refused: googleError(409, 'alreadyExists', 'Forwarding address already exists', 'ALREADY_EXISTS') };
    const inside = domainOf(forwardingEmail) === domainOf(visit.subject.primaryEmail);
    return { forwardingEmail, verificationStatus: inside ? 'accepted' : 'pending' };
  },
  after(mailbox, { forwardingEmail }) {
    if (mailbox.autoForwarding.emailAddress === forwardingEmail) mailbox.autoForwarding = { enabled: false };
  },
});

const forwardingBody = z.strictObject({
  enabled: z.boolean(),
  emailAddress: z.string().optional(),
  disposition: z.enum(['leaveInInbox', 'archive', 'trash', 'markRead']).optional(),
});
const imapBody = z.strictObject({
  enabled: z.boolean(),
  autoExpunge: z.boolean().default(true),
  expungeBehavior: z.enum(['archive', 'trash', 'deleteForever']).default('archive'),
  maxFolderSize: z.number().int().default(0),
});
const popBody = z.strictObject({
  accessWindow: z.enum(['disabled', 'fromNowOn', 'allMail']),
  disposition: z.enum(['leaveInInbox', 'archive', 'trash', 'markRead']).default('leaveInInbox'),
});

function putForwarding(visit: Visit, mailbox: MailboxRecord, owner: UserRecord) {
  const body = forwardingBody.safeParse(bodyOf(visit));
  if (!body.success) return refused(invalid('Invalid auto-forwarding settings'));
  const { enabled, emailAddress, disposition = 'leaveInInbox' } = body.data;
  if (enabled && !accepted(mailbox, emailAddress)) return refused(precondition('Unrecognized forwarding address'));
  return changing(visit, owner, () => {
    mailbox.autoForwarding =
      enabled && emailAddress !== undefined ? { enabled, emailAddress, disposition } : { enabled: false };
    return show.autoForwarding(mailbox.autoForwarding);
  });
}

export const GMAIL: readonly Endpoint[] = [
  ...filters,
  ...delegates,
  ...addresses,
  ...SEND_AS,
  onMailbox('GET', 'autoForwarding', READ, (_visit, { autoForwarding }) =>
    reading(show.autoForwarding(autoForwarding)),
  ),
  onMailbox('PUT', 'autoForwarding', SHARING, putForwarding),
  onMailbox('GET', 'imap', READ, (_visit, { imap }) => reading(show.imap(imap))),
  onMailbox('PUT', 'imap', BASIC, (visit, mailbox, owner) => {
    const body = imapBody.safeParse(bodyOf(visit));
    if (!body.success) return refused(invalid('Invalid IMAP settings'));
    return changing(visit, owner, () => show.imap((mailbox.imap = body.data)));
  }),
  onMailbox('GET', 'pop', READ, (_visit, { pop }) => reading(show.pop(pop))),
  onMailbox('PUT', 'pop', BASIC, (visit, mailbox, owner) => {
    const body = popBody.safeParse(bodyOf(visit));
    if (!body.success) return refused(invalid('Invalid POP settings'));
    return changing(visit, owner, () => show.pop((mailbox.pop = body.data)));
  }),
];
