import type { MimecastDirectory } from 'identity-sandbox/mimecast';
import type { MailSandbox } from '../mail/index.js';
import type { SlackSandbox } from 'slack-sandbox';
import type { DirectoryServer } from './active-directory.js';
import type { ShownSystem } from './company.js';
import type { Addresses } from './config.js';
import type { CompanySystem } from './systems/system.js';

/** The sandbox's company: a local Slack, local identity systems, a mailbox, and the approvers' phones. */
export interface World {
  readonly slack: SlackSandbox;
  readonly mimecast: MimecastDirectory;
  /** Every identity system as it is shown. */
  readonly company: readonly ShownSystem[];
  /** The identity systems beside Mimecast and Active Directory; none in a small world. */
  readonly systems: readonly CompanySystem[];
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
  /** Somebody gets into the account in one of the systems. Rejects when there is no such system or account. */
  intrude(systemId: string, email: string): Promise<void>;
  /** The address of whom it happened to last. */
  focus(): string;
  save(): void;
  close(): Promise<void>;
}
