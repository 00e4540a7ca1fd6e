import type { Reply } from '../http/message.js';
import { refused, writing, type Endpoint, type Visit } from './endpoint.js';
import { googleError, precondition } from './errors.js';
import type { MailboxRecord, UserRecord } from './model.js';

export const BASIC = ['gmail.settings.basic'];
export const SHARING = ['gmail.settings.sharing'];
export const READ = ['gmail.settings.basic', 'gmail.settings.sharing'];
const SETTINGS = '/gmail/v1/users/:mailbox/settings';

export const gone = (): Reply => googleError(404, 'notFound', 'Requested entity was not found.', 'NOT_FOUND');
export const badArgument = (message: string): Reply => googleError(400, 'invalidArgument', message, 'INVALID_ARGUMENT');

type Act = (visit: Visit, mailbox: MailboxRecord, owner: UserRecord) => ReturnType<Endpoint['handle']>;

/** An endpoint on the caller's own mailbox: nobody else's opens, whatever the rights. */
export function onMailbox(method: Endpoint['method'], tail: string, scopes: readonly string[], act: Act): Endpoint {
  return {
    method,
    path: `${SETTINGS}/${tail}`,
    scopes,
    handle(visit) {
      const { params, subject, licensed } = visit;
      const key = params['mailbox'] ?? '';
      if (key !== 'me' && visit.state.user(key) !== subject)
        return refused(
          googleError(403, 'forbidden', `Delegation denied for ${subject.primaryEmail}`, 'PERMISSION_DENIED'),
        );
      const { mailbox } = subject;
      if (mailbox === null || subject.suspended || !licensed('gmail'))
        return refused(precondition('Mail service not enabled'));
      return act(visit, mailbox, subject);
    },
  };
}

export const changing = (visit: Visit, owner: UserRecord, act: () => Reply) =>
  writing(owner.primaryEmail, () => {
    const reply = act();
    visit.state.changed();
    return reply;
  });

export const domainOf = (email: string): string => email.slice(email.indexOf('@') + 1).toLowerCase();
