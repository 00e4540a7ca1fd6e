import { requestWork } from '../outbox/outbox.js';
import { sayCorrections } from '../incidents/links.js';
import type { JsonObject } from '../platform/canonical.js';
import type { Core, Origin } from '../ports/core.js';
import type { Transaction } from '../ports/database.js';
import { phrase, user } from '../texts/phrase.js';
import type { Changed } from './in-incident.js';
import { type LinkChanges, sayLinkChanges, storeLinkChanges } from './link-changes.js';

interface Taken {
  readonly personId: string;
  readonly incidentId: string;
  readonly by: string;
  readonly second: string | null;
  readonly origin: Origin;
  /** For the record. */
  readonly detail: JsonObject;
}

/** Stores it, has the accounts looked up again, and says so. */
export async function takeCorrection(
  core: Core,
  tx: Transaction,
  checked: LinkChanges,
  { personId, incidentId, by, second, origin, detail }: Taken,
): Promise<Changed<string>> {
  await storeLinkChanges(core, tx, checked, { personId, incidentId, actor: by, second });
  const { correlationId } = origin;
  const now = core.runtime.now();
  await requestWork(tx, { workspaceId: core.workspaceId, name: 'read_accounts', ref: incidentId, correlationId, now });
  const { changes, confirms } = checked;
  const logins = Object.fromEntries(changes.map(({ system, before, after }) => [system, { before, after }]));
  const confirmed = Object.fromEntries(confirms.map(({ system, login, by: first }) => [system, { login, by: first }]));
  const who = user(by);
  const line =
    second === null
      ? phrase('timeline.links', { who, changes: sayLinkChanges(checked) })
      : phrase('timeline.links_by_two', { who, second: user(second), changes: sayLinkChanges(checked) });
  const confirmedLinks = sayCorrections(core, confirms);
  return {
    value: incidentId,
    trace: {
      record: {
        action: 'accounts.corrected',
        detail: { ...detail, logins, ...(confirms.length === 0 ? {} : { confirmed }) },
      },
      lines: [
        ...(changes.length === 0 ? [] : [{ key: `links_${correlationId}`, phrase: line }]),
        ...(confirmedLinks === null
          ? []
          : [
              {
                key: `confirmed_${correlationId}`,
                phrase: phrase('timeline.links_confirmed', { who, links: confirmedLinks }),
              },
            ]),
      ],
    },
  };
}
