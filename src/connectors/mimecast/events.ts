import type { EventSource, SystemEvent } from '../../ports/connector.js';
import { mapped } from '../kit/answers.js';
import type { ConnectorLog } from '../kit/log.js';
import { pollSliced } from '../kit/poll.js';
import { LOOK_BACK_MS, readAudit } from './audit.js';
import type { Reader } from './reading.js';
import type { MimecastSettings } from './settings.js';

/**
 * Whether an audit row is about Notme's own action. Mimecast documents no name for an API application in its audit log,
 * so `audit_actor` gives it. Without it only this is certain: an application of API 2.0 has no address, so a row with
 * somebody else's address is not ours. A row whose `user` is the affected person says nothing: in the one public sample
 * (elastic/integrations) actor and target are the same.
 */
function ownMark({ audit_actor: ours, auth }: MimecastSettings, { actor, login }: SystemEvent): { own?: boolean } {
  if (actor === null) return {};
  const name = actor.toLowerCase();
  if (ours !== null) return { own: name === ours.toLowerCase() };
  return auth === 'api2' && name.includes('@') && name !== login.toLowerCase() ? { own: false } : {};
}

/** Mimecast has no webhook for audit events: they are polled. The reader drops rows repeated by the overlap, by id. */
export const eventsOf = ({ api, settings, runtime }: Reader, log: ConnectorLog): EventSource => ({
  // Disabling only sets flags: it writes no row about the password.
  ownDeeds: { password_reset: { always: ['reset_password'] } },
  poll: pollSliced<SystemEvent>({
    system: 'mimecast',
    title: 'Mimecast',
    runtime,
    clock: api,
    log,
    overlapMs: settings.poll_overlap_s * 1000,
    lookBackMs: LOOK_BACK_MS,
    read: ({ from, to }, call) =>
      mapped(
        readAudit(api, { from, to, categories: settings.audit_categories }, call),
        ({ events, unreadable, complete }) => ({
          rows: events,
          unreadable: unreadable.map(({ why }) => why),
          complete,
        }),
      ),
    events: (rows) => rows.map((event) => ({ ...event, ...ownMark(settings, event) })),
  }),
});
