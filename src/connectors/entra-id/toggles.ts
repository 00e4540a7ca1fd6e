import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { EvidenceItem } from '../../ports/connector.js';
import { ALREADY, native, refuse, lasting, step, unsupported } from '../kit/action.js';
import type { Action, Answer, Reading, Target } from '../kit/action.js';
import { filled, joined } from '../kit/evidence.js';
import { itemAction, type ItemKind, type Listed } from '../kit/items.js';
import { unread, type GraphChange } from './api.js';
import type { Body } from './bodies.js';
import { inExchange } from './clicks.js';
import { PERMISSION } from './permissions.js';
import { userPath, type Reader } from './reader.js';
import { ACCESS_TOKENS } from './residual.js';
import { time, words } from './user.js';

/** Something that is switched off and on again. */
export interface Toggle {
  /** `null`: not told. */
  readonly on: boolean | null;
  /** Graph changes it for nobody: another system, or the mailbox itself, keeps it. */
  readonly fixed?: boolean;
  readonly item: EvidenceItem;
}

const onOff = (on: boolean | null): string | null => (on === null ? null : on ? 'enabled' : 'disabled');
const flag = z.boolean().nullable().default(null).catch(null);

export const deviceRow = z.object({
  id: z.string().min(1),
  displayName: words,
  accountEnabled: flag,
  operatingSystem: words,
  operatingSystemVersion: words,
  trustType: words,
  registrationDateTime: time,
  approximateLastSignInDateTime: time,
});
const DEVICE_FIELDS = Object.keys(deviceRow.shape).join(',');

const device = deviceRow.transform((row): Toggle => {
  const { id, displayName, trustType, approximateLastSignInDateTime: seen } = row;
  const on = row.accountEnabled;
  const detail = joined([onOff(on), trustType, seen === null ? null : `last seen ${seen.toISOString().slice(0, 10)}`]);
  const system = joined([row.operatingSystem, row.operatingSystemVersion], ' ');
  return {
    on,
    item: { id, title: displayName ?? id, at: row.registrationDateTime, ...filled({ detail, device: system }) },
  };
});

/** Devices that the person registered or owns. */
export async function readDevices({ api }: Reader, { account, call }: Target): Answer<Listed<Toggle>> {
  const found = new Map<string, Toggle>();
  let complete = true;
  for (const relation of ['registeredDevices', 'ownedDevices']) {
    const path = `${userPath(account)}/${relation}?$select=${DEVICE_FIELDS}`;
    const devices = await api.whole(device, 'devices', { path, needs: [PERMISSION.readDevices], call });
    if (!devices.ok) return devices;
    complete &&= devices.value.complete;
    for (const one of devices.value.items) found.set(one.item.id, one);
  }
  return ok({ items: [...found.values()], complete });
}

/** A recipient without an address still counts: the rule sends mail somewhere. */
const UNTOLD = 'an address that is not told';
const recipient = z
  .object({ emailAddress: z.object({ address: words, name: words }) })
  .transform(({ emailAddress: { address, name } }) => address || name || UNTOLD)
  .catch(UNTOLD);
const recipients = z.array(recipient).nullish().catch([UNTOLD]);
/** What is not there is not done; what is there and cannot be read may be. */
const does = z.boolean().nullable().default(false).catch(true);
export const ruleRow = z.object({
  id: z.string().min(1),
  displayName: words,
  isEnabled: flag,
  isReadOnly: flag,
  actions: z
    .object({
      forwardTo: recipients,
      redirectTo: recipients,
      forwardAsAttachmentTo: recipients,
      delete: does,
      permanentDelete: does,
      moveToFolder: z
        .unknown()
        .optional()
        .transform((folder) => folder != null),
      markAsRead: does,
    })
    .nullish()
    .catch(null),
});

type RuleActions = NonNullable<z.output<typeof ruleRow>['actions']>;

/** What a rule does, in words and as far as it affects where mail goes. */
function whatRuleDoes(actions: RuleActions): { readonly words: string; readonly mail: Partial<EvidenceItem> } {
  const { forwardTo, redirectTo, forwardAsAttachmentTo, markAsRead } = actions;
  const toWhom = (verb: string, list: z.output<typeof recipients>): string =>
    (list ?? []).length === 0 ? '' : `${verb} ${joined(list ?? [])}`;
  const deletes = actions.delete === true || actions.permanentDelete === true;
  const moves = actions.moveToFolder;
  const words = [
    toWhom('forward to', forwardTo),
    toWhom('redirect to', redirectTo),
    toWhom('forward as attachment to', forwardAsAttachmentTo),
    deletes ? 'delete' : '',
    moves ? 'move to another folder' : '',
    markAsRead === true ? 'mark as read' : '',
  ];
  const givesMailTo = [forwardTo, redirectTo, forwardAsAttachmentTo].flatMap((list) => list ?? []);
  return { words: joined(words, ' and '), mail: { givesMailTo, hidesMail: deletes || (moves && markAsRead === true) } };
}

const rule = ruleRow.transform(({ id, displayName, isEnabled, isReadOnly, actions }): Toggle => {
  const told = actions == null ? null : whatRuleDoes(actions);
  const title = joined([displayName ?? 'Rule', told?.words], ': ');
  const [on, fixed] = [isEnabled, isReadOnly === true];
  const detail = joined([onOff(on), fixed ? 'read-only' : null]);
  return { on, fixed, item: { id, title, at: null, ...filled({ detail }), ...told?.mail } };
});

const rulesPath = ({ account }: Target): string => `${userPath(account)}/mailFolders/inbox/messageRules`;

/** The inbox rules of the mailbox. They do not include forwarding of the whole mailbox, or delegates. */
export const readRules = ({ api }: Reader, target: Target): Answer<Listed<Toggle>> =>
  api.whole(rule, 'inbox rules', { path: rulesPath(target), needs: [PERMISSION.mailbox], call: target.call });

interface Switched extends Pick<ItemKind<Toggle>, 'list'> {
  /** As in `3 devices`. */
  readonly many: string;
  readonly needs: GraphChange['needs'];
  readonly pathOf: (id: string, target: Target) => string;
  readonly json: (on: boolean) => Body;
}

/** Items of an account that are switched off. */
function toggleItems({ api }: Reader, { many, list, needs, pathOf, json }: Switched): ItemKind<Toggle> {
  const turn = (id: string, on: boolean, target: Target) =>
    api.change({
      method: 'PATCH',
      path: pathOf(encodeURIComponent(id), target),
      json: json(on),
      needs,
      call: target.call,
    });
  return {
    words: { nothingLeft: `None of the chosen ${many} is enabled.`, unread: unread(many) },
    list,
    id: ({ item }) => item.id,
    title: ({ item }) => item.title,
    harmless: ({ on }) => (on === null ? null : !on),
    change: async ({ fixed, item: { id, title } }, target) =>
      // "cannot be modified or deleted by the rules REST API": learn.microsoft.com/graph/api/resources/messagerule
      fixed === true
        ? unsupported(`"${title}" is read-only: Microsoft Graph cannot switch it off; do the manual steps.`)
        : turn(id, false, target),
    undo: {
      fact: ({ on }) => on ?? 'not told',
      async putBack({ id, fact }, present, target) {
        if (fact !== true || present?.on === true) return ok(ALREADY);
        if (present !== undefined) return turn(id, true, target);
        return refuse('conflict', `One of the ${many} is gone by now (${id}), so it cannot be switched on again.`);
      },
    },
  };
}

export function blockDevices(reader: Reader): Action<'block_devices', Reading> {
  const needs = [PERMISSION.devices];
  const devices = toggleItems(reader, {
    many: 'devices',
    list: (target) => readDevices(reader, target),
    needs,
    pathOf: (id) => `/v1.0/devices/${id}`,
    json: (accountEnabled) => ({ accountEnabled }),
  });
  return itemAction(devices, { can: native(PERMISSION.readUsers, ...needs), residual: [ACCESS_TOKENS] });
}

export function disableMailRules(reader: Reader): Action<'disable_mail_rules', Reading> {
  const needs = [PERMISSION.mailbox];
  const rules = toggleItems(reader, {
    many: 'inbox rules',
    list: (target) => readRules(reader, target),
    needs,
    pathOf: (id, target) => `${rulesPath(target)}/${id}`,
    json: (isEnabled) => ({ isEnabled }),
  });
  return itemAction(rules, {
    can: native(PERMISSION.readUsers, ...needs),
    residual: [
      lasting(
        'Forwarding of the whole mailbox, delegates, hidden inbox rules and transport rules: Graph does not show them, look in the Exchange admin center',
      ),
    ],
    clicks: (_command, { login }) => [
      ...inExchange(
        'Look for forwarding and delegates of the whole mailbox',
        `Open Recipients | Mailboxes and select ${login}`,
        'On the tab General press Manage mail flow settings | Email forwarding | Edit, switch "Forward all emails sent to this mailbox" off and save',
        'On the tab Delegation look through "Send as", "Send on behalf" and "Read and manage" and remove who is not known',
      ),
      ...step(
        'Look for hidden and read-only inbox rules',
        'Open Exchange Online PowerShell (Connect-ExchangeOnline) as an administrator of the mailboxes',
        `Run Get-InboxRule -Mailbox "${login}" -IncludeHidden and look through all rules; Graph shows no hidden ones, and changes no read-only ones`,
        `Switch off what is not known: Disable-InboxRule -Mailbox "${login}" -Identity, with the rule's identity`,
      ),
    ],
  });
}
