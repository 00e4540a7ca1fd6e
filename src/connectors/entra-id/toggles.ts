import { z } from 'zod';
import { err, ok, type Result } from '../../result.js';
import type { ConnectorFailure } from '../port.js';
import { whole, type ItemKind } from './items.js';
import { PERMISSION, type Permission } from './permissions.js';
import { already, done, userPath, type Outcome, type Reader, type Target } from './reader.js';
import { time } from './user.js';

/** Something that is switched off and on again. */
export interface Toggle {
  readonly id: string;
  readonly title: string;
  readonly on: boolean;
  readonly at: Date | null;
  readonly device: string | null;
  readonly detail: string;
}

const words = z.string().nullish().catch(null);

const deviceRow = z.object({
  id: z.string().min(1),
  displayName: words,
  accountEnabled: z.boolean().nullish(),
  operatingSystem: words,
  operatingSystemVersion: words,
  trustType: words,
  registrationDateTime: time,
  approximateLastSignInDateTime: time,
});
const DEVICE_FIELDS = Object.keys(deviceRow.shape).join(',');

function readDevice(raw: unknown): Toggle | null {
  const parsed = deviceRow.safeParse(raw);
  if (!parsed.success) return null;
  const { id, displayName, accountEnabled, operatingSystem, operatingSystemVersion, trustType } = parsed.data;
  const seen = parsed.data.approximateLastSignInDateTime;
  const system = [operatingSystem, operatingSystemVersion].filter((part) => typeof part === 'string').join(' ');
  const detail = [
    accountEnabled === false ? 'disabled' : 'enabled',
    trustType ?? '',
    seen === null ? '' : `last seen ${seen.toISOString().slice(0, 10)}`,
  ];
  return {
    id,
    title: displayName ?? id,
    // What Graph does not tell counts as enabled: it is switched off rather than overlooked.
    on: accountEnabled !== false,
    at: parsed.data.registrationDateTime,
    device: system === '' ? null : system,
    detail: detail.filter((part) => part !== '').join(', '),
  };
}

/** Devices that the person registered or owns. */
export async function readDevices(
  { api }: Reader,
  { account, call }: Target,
): Promise<Result<readonly Toggle[], ConnectorFailure>> {
  const found = new Map<string, Toggle>();
  for (const relation of ['registeredDevices', 'ownedDevices']) {
    const path = `${userPath(account)}/${relation}?$select=${DEVICE_FIELDS}`;
    const listed = await api.list(path, [PERMISSION.readDevices], call);
    if (!listed.ok) return err(listed.error);
    const devices = whole(listed.value, readDevice, 'devices');
    if (!devices.ok) return devices;
    for (const device of devices.value) found.set(device.id, device);
  }
  return ok([...found.values()]);
}

const recipients = z
  .array(z.object({ emailAddress: z.object({ address: z.string() }) }))
  .nullish()
  .catch(null);
const ruleRow = z.object({
  id: z.string().min(1),
  displayName: words,
  isEnabled: z.boolean().nullish(),
  actions: z
    .object({
      forwardTo: recipients,
      redirectTo: recipients,
      forwardAsAttachmentTo: recipients,
      delete: z.boolean().nullish().catch(null),
      permanentDelete: z.boolean().nullish().catch(null),
      moveToFolder: words,
      markAsRead: z.boolean().nullish().catch(null),
    })
    .nullish()
    .catch(null),
});

function whatRuleDoes(actions: NonNullable<z.output<typeof ruleRow>['actions']>): readonly string[] {
  const addresses = (list: z.output<typeof recipients>): string =>
    (list ?? []).map(({ emailAddress }) => emailAddress.address).join(', ');
  const toWhom = (verb: string, list: z.output<typeof recipients>): string =>
    (list ?? []).length === 0 ? '' : `${verb} ${addresses(list)}`;
  return [
    toWhom('forward to', actions.forwardTo),
    toWhom('redirect to', actions.redirectTo),
    toWhom('forward as attachment to', actions.forwardAsAttachmentTo),
    actions.delete === true || actions.permanentDelete === true ? 'delete' : '',
    typeof actions.moveToFolder === 'string' ? 'move to another folder' : '',
    actions.markAsRead === true ? 'mark as read' : '',
  ].filter((part) => part !== '');
}

function readRule(raw: unknown): Toggle | null {
  const parsed = ruleRow.safeParse(raw);
  if (!parsed.success) return null;
  const { id, displayName, isEnabled, actions } = parsed.data;
  const does = actions === null || actions === undefined ? [] : whatRuleDoes(actions);
  const title = [displayName ?? 'Rule', ...(does.length === 0 ? [] : [does.join(' and ')])].join(': ');
  const on = isEnabled !== false;
  return { id, title, on, at: null, device: null, detail: on ? 'enabled' : 'disabled' };
}

const rulesPath = ({ account }: Target): string => `${userPath(account)}/mailFolders/inbox/messageRules`;

/** The inbox rules of the mailbox. Forwarding of the whole mailbox and delegates are not among them. */
export async function readRules({ api }: Reader, target: Target): Promise<Result<readonly Toggle[], ConnectorFailure>> {
  const found = await api.list(rulesPath(target), [PERMISSION.mailbox], target.call);
  return found.ok ? whole(found.value, readRule, 'inbox rules') : err(found.error);
}

interface Switch {
  readonly words: ItemKind<Toggle>['words'];
  readonly needs: readonly Permission[];
  list(target: Target): Promise<Result<readonly Toggle[], ConnectorFailure>>;
  path(id: string, target: Target): string;
  body(on: boolean): unknown;
}

function toggleItems({ api }: Reader, kind: Switch): ItemKind<Toggle> {
  const { words: names, needs } = kind;
  const turn = async (id: string, on: boolean, target: Target): Promise<Outcome> => {
    const request = {
      method: 'PATCH',
      path: kind.path(id, target),
      json: kind.body(on),
      needs,
      call: target.call,
    } as const;
    const answer = await api.send(request);
    return answer.ok ? done(answer.value.requestId) : err(answer.error);
  };
  return {
    words: names,
    list: (target) => kind.list(target),
    id: ({ id }) => id,
    title: ({ title }) => title,
    fact: ({ on }) => on,
    harmless: ({ on }) => !on,
    change: ({ id }, target) => turn(id, false, target),
    putBack({ id, fact }, present, target) {
      if (fact !== true || present?.on === true) return Promise.resolve(already);
      if (present !== undefined) return turn(id, true, target);
      const message = `One of the ${names.many} is gone by now (${id}), so it cannot be switched on again.`;
      return Promise.resolve(err({ kind: 'conflict', message }));
    },
  };
}

export const deviceItems = (reader: Reader): ItemKind<Toggle> =>
  toggleItems(reader, {
    words: { many: 'devices', nothingLeft: 'None of the chosen devices is enabled.' },
    needs: [PERMISSION.devices],
    list: (target) => readDevices(reader, target),
    path: (id) => `/v1.0/devices/${encodeURIComponent(id)}`,
    body: (accountEnabled) => ({ accountEnabled }),
  });

export const ruleItems = (reader: Reader): ItemKind<Toggle> =>
  toggleItems(reader, {
    words: { many: 'inbox rules', nothingLeft: 'None of the chosen inbox rules is enabled.' },
    needs: [PERMISSION.mailbox],
    list: (target) => readRules(reader, target),
    path: (id, target) => `${rulesPath(target)}/${encodeURIComponent(id)}`,
    body: (isEnabled) => ({ isEnabled }),
  });
