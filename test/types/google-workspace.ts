/** What the connector sends to Google and reads from it, against the types of Google's own clients. */
import type { Google, Misfit, None, Unread } from 'identity-sandbox/vendor';
import type { Bodies, Body } from '../../src/connectors/google-workspace/bodies.js';
import type { device } from '../../src/connectors/google-workspace/devices.js';
import type { envelope } from '../../src/connectors/google-workspace/errors.js';
import type { group } from '../../src/connectors/google-workspace/evidence.js';
import type { appPassword, grant } from '../../src/connectors/google-workspace/lists.js';
import type { imap, pop } from '../../src/connectors/google-workspace/mail-protocols.js';
import type { address, autoForwarding, delegate, filter } from '../../src/connectors/google-workspace/mail-rules.js';
import type { activity } from '../../src/connectors/google-workspace/reports.js';
import type { assignment, role } from '../../src/connectors/google-workspace/roles.js';
import type { sendAs } from '../../src/connectors/google-workspace/send-as.js';
import type { backupCode } from '../../src/connectors/google-workspace/two-step.js';
import type { googleUser } from '../../src/connectors/google-workspace/user.js';
import type { ReadBy } from './read-by.js';

interface Sent {
  user: Google.User;
  deviceAction: Google.MobileDeviceAction;
  member: Google.Member;
  roleAssignment: Google.RoleAssignment;
  autoForwarding: Google.AutoForwarding;
  filter: Google.Filter;
  forwardingAddress: Google.ForwardingAddress;
  sendAs: Google.SendAs;
  replyTo: Google.SendAs;
  delegate: Google.Delegate;
  imap: Google.ImapSettings;
  pop: Google.PopSettings;
}
export type Sends = [None<{ [K in keyof Bodies]: Misfit<Sent[K], Bodies[K]> }[keyof Bodies]>];

type Reads<Vendor, Schema> = Unread<Google.Told<Vendor>, ReadBy<Schema>>;
export type AllRead = [
  None<Reads<Google.User, typeof googleUser>>,
  None<Reads<Google.MobileDevice, typeof device>>,
  None<Reads<Google.Group, typeof group>>,
  None<Reads<Google.Token, typeof grant>>,
  None<Reads<Google.AppPassword, typeof appPassword>>,
  None<Reads<Google.VerificationCode, typeof backupCode>>,
  None<Reads<Google.RoleAssignment, typeof assignment>>,
  None<Reads<Google.Role, typeof role>>,
  None<Reads<Google.Activity, typeof activity>>,
  None<Reads<Google.ImapSettings, typeof imap>>,
  None<Reads<Google.PopSettings, typeof pop>>,
  None<Reads<Google.AutoForwarding, typeof autoForwarding>>,
  /** The criteria are kept as they come. */
  None<Exclude<Reads<Google.Filter, typeof filter>, `.criteria.${string}`>>,
  None<Reads<Google.SendAs, typeof sendAs>>,
  None<Reads<Google.Delegate, typeof delegate>>,
  None<Reads<Google.ForwardingAddress, typeof address>>,
  None<Reads<{ error?: Google.Refusal }, typeof envelope>>,
];

// @ts-expect-error A user of Google's has no such key.
export type Invented = None<Misfit<Google.User, { locked: true }>>;
// @ts-expect-error Whether it is suspended is a boolean.
export type WrongValue = None<Misfit<Google.User, { suspended: 'yes' }>>;
// @ts-expect-error What Google does not have cannot be read.
export type Unheard = None<Unread<Google.User, { locked: boolean }>>;
// @ts-expect-error A text comes where a number is read.
export type Misread = None<Unread<Google.Told<Google.AppPassword>, { creationTime: number }>>;
// @ts-expect-error Nothing is sent but what is listed.
export const unlisted: Body = { action: 'block', wipe: true };
