import * as z from 'zod';
import { requestWork } from '../outbox/outbox.js';
import type { Core } from '../ports/core.js';
import type { Queryable } from '../ports/database.js';
import type { Phrase } from '../texts/phrase.js';

/** What a button under an announcement is about; it is drawn while there is something to do. */
export const announcedAbout = z.discriminatedUnion('kind', [
  /** a lock that another approver may lift */
  z.strictObject({ kind: z.literal('lock'), user: z.string(), until: z.iso.datetime() }),
  /** somebody who asks to enrol, and whom another administrator may approve */
  z.strictObject({ kind: z.literal('enrolment'), user: z.string(), until: z.iso.datetime() }),
  /** the page on which they enrol, for them alone */
  z.strictObject({
    kind: z.literal('enrolment_link'),
    user: z.string(),
    until: z.iso.datetime(),
    sealed: z.string(),
  }),
]);
export type AnnouncedAbout = z.output<typeof announcedAbout>;

export interface Announcement {
  /** Told once under each key. */
  readonly key: string;
  /** A person, by direct message; `null`: the security channel. */
  readonly to: string | null;
  readonly phrase: Phrase;
  readonly about?: AnnouncedAbout;
}

/** What a command on the host has of it, too. */
export type Told = Pick<Core, 'workspaceId' | 'runtime'>;

/** Tells the security channel or a person what belongs to no incident, in the transaction of what happened. */
export async function announce(
  core: Told,
  tx: Queryable,
  { key, to, phrase, about }: Announcement,
  correlationId: string,
): Promise<void> {
  const now = core.runtime.now();
  await tx.query(
    `insert into announcements (workspace_id, id, recipient, phrase, about, status, created_at)
     values ($1, $2, $3, $4, $5, 'pending', $6) on conflict (id, workspace_id) do nothing`,
    [core.workspaceId, key, to, JSON.stringify(phrase), about === undefined ? null : JSON.stringify(about), now],
  );
  await redrawAnnouncement(core, tx, key, correlationId);
}

/** What it is about has changed: its button may have nothing left to do. */
export const redrawAnnouncement = (core: Told, tx: Queryable, key: string, correlationId: string): Promise<void> =>
  requestWork(tx, {
    workspaceId: core.workspaceId,
    name: 'announce',
    ref: key,
    correlationId,
    now: core.runtime.now(),
  });
