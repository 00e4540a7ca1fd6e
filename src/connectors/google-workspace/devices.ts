import { z } from 'zod';
import { err, ok } from '../../result.js';
import type { AccountRef, CallContext, Facts } from '../port.js';
import {
  chosenOf,
  doesNotHold,
  each,
  holds,
  isChosen,
  type Answer,
  type Handler,
  type Task,
  type Tools,
} from './handler.js';
import { readList, type Listed } from './pages.js';
import { SCOPE } from './scopes.js';

const text = z.string().nullable().catch(null).default(null);

const device = z.object({
  resourceId: z.string().min(1),
  deviceId: text,
  model: text,
  os: text,
  type: text,
  status: z.string().catch('').default(''),
  email: z.array(z.string()).catch([]).default([]),
  firstSync: z.iso
    .datetime({ offset: true })
    .transform((at) => new Date(at))
    .nullable()
    .catch(null)
    .default(null),
  lastSync: z.iso
    .datetime({ offset: true })
    .transform((at) => new Date(at))
    .nullable()
    .catch(null)
    .default(null),
});
export type MobileDevice = z.output<typeof device>;

const MAX_PAGES = 5;
const base = ({ settings }: Tools): string =>
  `/admin/directory/v1/customer/${encodeURIComponent(settings.customer_id)}/devices/mobile`;

export async function readDevices(tools: Tools, account: AccountRef, call: CallContext): Answer<Listed<MobileDevice>> {
  const query = { query: `email:${account.login}`, projection: 'FULL', maxResults: '100' };
  const request = { path: base(tools), query, scope: SCOPE.readDevices, what: 'the mobile devices', call };
  const found = await readList(tools.api, request, { key: 'mobiledevices', item: device, maxPages: MAX_PAGES });
  if (!found.ok) return found;
  // The search is by words; a device of somebody else must never be blocked by it.
  const login = account.login.toLowerCase();
  const own = found.value.items.filter(({ email }) => email.some((address) => address.toLowerCase() === login));
  return ok({ items: own, complete: found.value.complete });
}

const isBlocked = ({ status }: MobileDevice): boolean =>
  /^(BLOCKED|WIPED|WIPING|ACCOUNT_WIPED|ACCOUNT_WIPING)$/i.test(status);

/** Blocks phones and tablets from the company's data. Nothing is wiped. */
export function blockDevices(tools: Tools): Handler {
  const { api } = tools;
  const act = async (id: string, action: 'block' | 'approve', call: CallContext) => {
    const path = `${base(tools)}/${encodeURIComponent(id)}/action`;
    const answer = await api.send({
      method: 'POST',
      path,
      json: { action },
      scope: SCOPE.actOnDevices,
      what: `the device ${id}`,
      call,
    });
    return answer.ok ? ok({ alreadyDone: false, requestId: answer.value.requestId }) : err(answer.error.failure);
  };
  const chosenDevices = async ({ command, account, call }: Task) => {
    const found = await readDevices(tools, account, call);
    return found.ok ? ok(found.value.items.filter(({ resourceId }) => isChosen(chosenOf(command), resourceId))) : found;
  };
  const capture = async (task: Task): Answer<Facts> => {
    const found = await chosenDevices(task);
    return found.ok ? ok(Object.fromEntries(found.value.map(({ resourceId, status }) => [resourceId, status]))) : found;
  };
  return {
    capability: {
      route: 'native',
      undo: 'restore',
      effectiveWithinSeconds: 0,
      permissions: [SCOPE.readUsers, SCOPE.readDevices, SCOPE.actOnDevices],
    },
    survives: [
      {
        what: 'Data already on the device, and devices that Google does not manage (computers, ChromeOS, basic management)',
        forSeconds: null,
      },
    ],
    async perform(task) {
      const found = await chosenDevices(task);
      if (!found.ok) return found;
      return each(
        found.value.filter((one) => !isBlocked(one)),
        ({ resourceId }) => act(resourceId, 'block', task.call),
      );
    },
    async judge(task) {
      const found = await chosenDevices(task);
      if (!found.ok) return found;
      const open = found.value.filter((one) => !isBlocked(one));
      return ok(
        open.length === 0
          ? holds(`Google shows ${found.value.length} of the chosen mobile devices, all blocked.`)
          : doesNotHold(`${open.length} of the chosen mobile devices are not blocked.`),
      );
    },
    capture,
    async restore(task, before) {
      const found = await readDevices(tools, task.account, task.call);
      if (!found.ok) return found;
      const changed = found.value.items.filter(
        ({ resourceId, status }) => Object.hasOwn(before, resourceId) && before[resourceId] !== status,
      );
      const approved = changed.filter((one) => before[one.resourceId] === 'APPROVED' && isBlocked(one));
      const done = await each(approved, ({ resourceId }) => act(resourceId, 'approve', task.call));
      const others = changed.length - approved.length;
      if (!done.ok || others === 0) return done;
      return err({
        kind: 'conflict',
        message: `${others} devices were neither approved before nor can be put back to what they were; look at them in the Admin console under Devices > Mobile & endpoints > Devices.`,
      });
    },
  };
}
