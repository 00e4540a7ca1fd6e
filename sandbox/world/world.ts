import type { MimecastDirectory } from '../directories/mimecast/directory.js';
import type { MailSandbox } from '../mail/index.js';
import type { SlackSandbox } from '../slack/index.js';
import type { DirectoryServer } from './active-directory.js';
import type { Addresses } from './config.js';

/** The sandbox's company: a local Slack, local identity systems, a mailbox, and the approvers' phones. */
export interface World {
  readonly slack: SlackSandbox;
  readonly mimecast: MimecastDirectory;
  readonly mail: MailSandbox;
  /** `null` when it was not asked for. */
  readonly activeDirectory: DirectoryServer | null;
  /** The approvers' seeds by Slack id. */
  readonly phones: Record<string, string>;
  /** Where everything listens, for the app's configuration. */
  readonly addresses: Addresses;
  now(): Date;
  /** Somebody else resets the password of an account. */
  attack(email: string): void;
  save(): void;
  close(): Promise<void>;
}
