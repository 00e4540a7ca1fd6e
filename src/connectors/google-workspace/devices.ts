import { z } from 'zod';
import { ok } from '../../platform/result.js';
import type { Receipt } from '../../ports/connector.js';
import { ALREADY, lasting, native, refuse, type Answer, type Target } from '../kit/action.js';
import { joined } from '../kit/evidence.js';
import { itemAction, type Listed } from '../kit/items.js';
import { inConsole } from './clicks.js';
import { SCOPE } from './scopes.js';
import { instant, text, word } from './shapes.js';
import type { GoogleAction } from './user.js';
import { notAllShown, type Tools } from './tools.js';

export const device = z.object({
  resourceId: z.string().min(1),
  model: text,
  os: text,
  type: text,
  status: word,
  /** The owner; empty when unreadable. */
  email: z.array(z.string().catch('')).catch([]).default([]),
  firstSync: instant,
  lastSync: instant,
});
type MobileDevice = z.output<typeof device>;

const MAX_PAGES = 5;
const base = ({ settings }: Tools): string =>
  `/admin/directory/v1/customer/${encodeURIComponent(settings.customer_id)}/devices/mobile`;

export async function readDevices(tools: Tools, { account, call }: Target): Answer<Listed<MobileDevice>> {
  const query = { query: `email:${account.login}`, projection: 'FULL', maxResults: '100' };
  const request = { path: base(tools), query, scope: SCOPE.readDevices, what: 'the mobile devices', call };
  const found = await tools.api.list(request, { key: 'mobiledevices', item: device, mostPages: MAX_PAGES });
  if (!found.ok) return found;
  // The search matches words; it must never cause somebody else's device to be blocked.
  const login = account.login.toLowerCase();
  const { items, complete } = found.value;
  const own = items.filter(({ email }) => email.some((address) => address.toLowerCase() === login));
  const isOwnerless = (one: MobileDevice): boolean => one.email.length === 0 || one.email.includes('');
  return ok({ items: own, complete: complete && !items.some((one) => !own.includes(one) && isOwnerless(one)) });
}

/** The maker's name for a device; empty where Google gives none. */
export const nameOf = ({ model, os }: MobileDevice): string => joined([model, os]);
export const titleOf = (one: MobileDevice): string => nameOf(one) || (one.type ?? 'Mobile device');

const USABLE = /^(APPROVED|PENDING|UNPROVISIONED|ACCOUNT_UNPROVISIONED|DEVICE_UNPROVISIONED)$/i;
const isBlocked = ({ status }: MobileDevice): boolean =>
  /^(BLOCKED|WIPED|WIPING|ACCOUNT_WIPED|ACCOUNT_WIPING)$/i.test(status);

/** Blocks phones and tablets from the company's data. Nothing is wiped. */
export function blockDevices(tools: Tools): GoogleAction<'block_devices'> {
  const act = (id: string, action: 'block' | 'approve', { call }: Target): Answer<Receipt> => {
    const path = `${base(tools)}/${encodeURIComponent(id)}/action`;
    const what = `the device ${id}`;
    return tools.api.change({ method: 'POST', path, json: { action }, scope: SCOPE.actOnDevices, what, call });
  };
  return itemAction(
    {
      words: { nothingLeft: 'All of the chosen mobile devices are blocked.', unread: notAllShown('mobile devices') },
      list: (target) => readDevices(tools, target),
      id: ({ resourceId }) => resourceId,
      title: titleOf,
      harmless: (one) => isBlocked(one) || (USABLE.test(one.status) ? false : null),
      change: ({ resourceId }, target) => act(resourceId, 'block', target),
      undo: {
        fact: ({ status }) => status || null,
        async putBack({ id, fact }, present, target) {
          if (present === undefined || present.status === fact) return ok(ALREADY);
          if (fact === 'APPROVED' && isBlocked(present)) return act(id, 'approve', target);
          return refuse(
            'conflict',
            `The device ${titleOf(present)} was not approved before, or cannot be put back to what it was; look at it in the Admin console under Devices > Mobile & endpoints > Devices.`,
          );
        },
      },
    },
    {
      can: native(SCOPE.readUsers, SCOPE.readDevices, SCOPE.actOnDevices),
      residual: [
        lasting(
          'Data already on the device, and devices that Google does not manage (computers, ChromeOS, basic management)',
        ),
      ],
      clicks: (_command, { login }) =>
        inConsole(
          'Look at computers and ChromeOS devices',
          `Open Devices > Mobile & endpoints > Devices, filter by User, and enter ${login}`,
          'Select computers that the person does not know and click More > Block device; sign the person out of lost ones',
          'Open Devices > Chrome > Devices, search by recent user, select unknown ones and click Disable',
        ),
    },
  );
}
