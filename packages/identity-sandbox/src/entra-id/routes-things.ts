import { z } from 'zod';
import { jsonOf } from '../http/message.js';
import type { EntraId } from '../vendor/index.js';
import { collection, entity, type Shape } from './collection.js';
import type { DeviceRecord, RuleRecord, UserRecord } from './model.js';
import { noContent, read, refused, withSeenUser, withUser, write, type Context, type Route } from './route.js';

const READ_DEVICES = ['Device.Read.All', 'Device.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];

const DEVICES: Shape<EntraId.Graph.Device> = { context: 'directoryObjects' };
const MAILBOX_SETTINGS: Shape<EntraId.Graph.MailboxSettings> = { context: 'mailboxSettings' };
const RULES: Shape<EntraId.Graph.MessageRule> = { context: 'messageRules' };

const deviceRow = (device: DeviceRecord) => ({
  '@odata.type': '#microsoft.graph.device',
  id: device.id,
  displayName: device.displayName,
  accountEnabled: device.accountEnabled,
  operatingSystem: device.operatingSystem,
  operatingSystemVersion: device.operatingSystemVersion,
  trustType: device.trustType,
  registrationDateTime: device.registrationDateTime,
  approximateLastSignInDateTime: device.approximateLastSignInDateTime,
});

const deviceRoute = (relation: string, of: (device: DeviceRecord) => readonly string[]): Route => ({
  method: 'GET',
  path: `users/:id/${relation}`,
  permissions: READ_DEVICES,
  handle: (context) =>
    withSeenUser(context, ({ id }) =>
      read(() => {
        const rows = context.tenant.seen().devices.filter((device) => of(device).includes(id));
        return collection(context, rows.map(deviceRow), DEVICES);
      }),
    ),
});

const enabledBody = z.strictObject({ accountEnabled: z.boolean() });
const ruleBody = z.strictObject({ isEnabled: z.boolean() });

const ruleRow = ({ isReadOnly, ...rule }: RuleRecord) => ({ ...rule, hasError: false, isReadOnly });

function withMailbox(
  context: Context,
  user: UserRecord,
  then: (mailbox: NonNullable<UserRecord['mailbox']>) => ReturnType<Route['handle']>,
) {
  const { mailbox } = user;
  if (mailbox !== null) return then(mailbox);
  const message = 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.';
  return refused(context.errors.error(404, 'MailboxNotEnabledForRESTAPI', message));
}

const READ_MAIL = ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'];

export const THING_ROUTES: readonly Route[] = [
  deviceRoute('registeredDevices', ({ registeredUserIds }) => registeredUserIds),
  deviceRoute('ownedDevices', ({ ownerIds }) => ownerIds),
  {
    method: 'PATCH',
    path: 'devices/:device',
    permissions: ['Device.ReadWrite.All', 'Directory.ReadWrite.All'],
    handle(context) {
      const device = context.tenant.present().devices.find(({ id }) => id === context.param('device'));
      if (device === undefined) return refused(context.errors.missing(context.param('device')));
      const parsed = enabledBody.safeParse(jsonOf(context.request.body));
      if (!parsed.success) return refused(context.errors.badRequest('Invalid value specified for a property.'));
      const email = context.tenant.user(device.ownerIds[0] ?? '')?.userPrincipalName ?? '';
      return write(context, email, () => {
        device.accountEnabled = parsed.data.accountEnabled;
        return noContent;
      });
    },
  },
  {
    method: 'GET',
    path: 'users/:id/mailboxSettings',
    permissions: READ_MAIL,
    denied: 'mailDenied',
    handle: (context) =>
      withSeenUser(context, (user) =>
        withMailbox(context, user, ({ userPurpose }) => read(() => entity(context, { userPurpose }, MAILBOX_SETTINGS))),
      ),
  },
  {
    method: 'GET',
    path: 'users/:id/mailFolders/inbox/messageRules',
    permissions: READ_MAIL,
    denied: 'mailDenied',
    handle: (context) =>
      withSeenUser(context, (user) =>
        withMailbox(context, user, ({ rules }) => read(() => collection(context, rules.map(ruleRow), RULES))),
      ),
  },
  {
    method: 'PATCH',
    path: 'users/:id/mailFolders/inbox/messageRules/:rule',
    permissions: ['MailboxSettings.ReadWrite'],
    denied: 'mailDenied',
    handle: (context) =>
      withUser(context, (user) =>
        withMailbox(context, user, ({ rules }) => {
          const rule = rules.find(({ id }) => id === context.param('rule'));
          if (rule === undefined)
            return refused(
              context.errors.error(404, 'ErrorItemNotFound', 'The specified object was not found in the store.'),
            );
          const parsed = ruleBody.safeParse(jsonOf(context.request.body));
          if (!parsed.success || rule.isReadOnly)
            return refused(
              context.errors.error(400, 'ErrorInvalidRequest', 'The rule cannot be changed by this request.'),
            );
          return write(context, user.userPrincipalName, () => {
            rule.isEnabled = parsed.data.isEnabled;
            return entity(context, ruleRow(rule), RULES);
          });
        }),
      ),
  },
];
