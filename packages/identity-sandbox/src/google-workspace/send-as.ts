import { z } from 'zod';
import type { Reply } from '../http/message.js';
import { bodyOf, DONE, reading, refused, show, type Endpoint } from './endpoint.js';
import { googleError } from './errors.js';
import { badArgument, BASIC, changing, domainOf, gone, onMailbox, READ, SHARING } from './mailbox-endpoint.js';
import { sendAsBody, type MailboxRecord, type SendAsRecord, type UserRecord } from './model.js';

/** The own address: it is always there, and first. */
const own = ({ sendAs, replyTo }: MailboxRecord, { primaryEmail, name }: UserRecord) => ({
  sendAsEmail: primaryEmail,
  displayName: name,
  replyToAddress: replyTo,
  signature: '',
  isPrimary: true,
  isDefault: sendAs.every(({ isDefault }) => isDefault !== true),
});

/** Without the password of its own server, which is never shown. */
const added = ({ smtpMsa, ...row }: SendAsRecord) => ({
  displayName: '',
  replyToAddress: '',
  signature: '',
  treatAsAlias: false,
  ...row,
  isPrimary: false,
  isDefault: row.isDefault === true,
  ...(smtpMsa === undefined ? {} : { smtpMsa }),
});

const replyBody = z.strictObject({ replyToAddress: z.string() });

const same = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase();

/** `users.settings.sendAs`: list and create, and of one delete and patch, as far as they are used. */
export const SEND_AS: readonly Endpoint[] = [
  onMailbox('GET', 'sendAs', READ, (_visit, mailbox, owner) =>
    reading(show.sendAsList({ sendAs: [own(mailbox, owner), ...mailbox.sendAs.map(added)] })),
  ),
  onMailbox('POST', 'sendAs', SHARING, (visit, mailbox, owner) => {
    const body = sendAsBody.safeParse(bodyOf(visit));
    if (!body.success || !body.data.sendAsEmail.includes('@')) return refused(badArgument('Invalid send-as address'));
    const { sendAsEmail } = body.data;
    if (same(sendAsEmail, owner.primaryEmail) || mailbox.sendAs.some((one) => same(one.sendAsEmail, sendAsEmail)))
      return refused(googleError(409, 'alreadyExists', 'Send-as address already exists', 'ALREADY_EXISTS'));
    const inside = domainOf(sendAsEmail) === domainOf(owner.primaryEmail);
    return changing(visit, owner, () => {
      const row: SendAsRecord = { ...body.data, verificationStatus: inside ? 'accepted' : 'pending' };
      mailbox.sendAs.push(row);
      return show.sendAs(added(row));
    });
  }),
  onMailbox('PATCH', 'sendAs/:id', BASIC, (visit, mailbox, owner) => {
    if (!same(owner.primaryEmail, visit.params['id'])) return refused(gone());
    const body = replyBody.safeParse(bodyOf(visit));
    if (!body.success) return refused(badArgument('Invalid reply-to address'));
    return changing(visit, owner, (): Reply => {
      mailbox.replyTo = body.data.replyToAddress;
      return show.sendAs(own(mailbox, owner));
    });
  }),
  onMailbox('DELETE', 'sendAs/:id', SHARING, (visit, mailbox, owner) => {
    if (same(owner.primaryEmail, visit.params['id']))
      return refused(badArgument('The primary send-as address cannot be deleted'));
    const found = mailbox.sendAs.find(({ sendAsEmail }) => same(sendAsEmail, visit.params['id']));
    if (found === undefined) return refused(gone());
    return changing(visit, owner, () => {
      mailbox.sendAs.splice(mailbox.sendAs.indexOf(found), 1);
      return DONE;
    });
  }),
];
