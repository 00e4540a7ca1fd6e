import type { Standing } from './roles.js';

/** A person as the workspace's directory (Slack) knows them. */
export interface DirectoryPerson {
  readonly slackUserId: string;
  /** `null` when the directory does not say. */
  readonly email: string | null;
  readonly name: string;
  readonly title: string | null;
  /** The manager's name, `null` when not known. */
  readonly manager: string | null;
  /** IANA name, e.g. `Europe/Vienna`. */
  readonly timeZone: string;
  readonly standing: Standing;
}

/** Looks people up. Implemented by the Slack edge. @throws when the directory does not answer */
export interface PeopleDirectory {
  bySlackId(slackUserId: string): Promise<DirectoryPerson | null>;
  byEmail(email: string): Promise<DirectoryPerson | null>;
}
