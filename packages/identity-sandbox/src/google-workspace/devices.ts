import {
  bodyOf,
  DONE,
  doerOf,
  filled,
  nextOf,
  reading,
  show,
  paged,
  refused,
  writing,
  type Endpoint,
  type Visit,
} from './endpoint.js';
import { googleError, invalid, notAuthorized, notFound } from './errors.js';

const BASE = '/admin/directory/v1/customer/:customer/devices/mobile';
const STATUS = { block: 'BLOCKED', approve: 'APPROVED' } as const;

const unlicensed = () =>
  refused(googleError(403, 'forbidden', 'Mobile device management is not available for this customer.'));

function list(visit: Visit) {
  const { state, request, subject, licensed } = visit;
  if (state.adminKind(subject) === null) return refused(notAuthorized());
  if (!licensed('mobile_management')) return unlicensed();
  const query = request.query.get('query');
  const wanted = query === null ? null : /^email:(\S+)$/.exec(query)?.[1]?.toLowerCase();
  if (wanted === undefined) return refused(invalid('Invalid Input: query'));
  const rows = state.data.users
    .filter(({ primaryEmail }) => wanted === null || primaryEmail.startsWith(wanted))
    .flatMap(({ devices, primaryEmail, name }) =>
      devices.map((device) => ({
        kind: 'admin#directory#mobiledevice',
        ...device,
        email: [primaryEmail],
        name: [name],
      })),
    );
  const page = paged(rows, request.query, 100);
  return page === null
    ? refused(invalid('Invalid Input: pageToken'))
    : reading(
        show.mobileDevices({
          kind: 'admin#directory#mobiledevices',
          ...nextOf(page),
          ...filled(page.items, (mobiledevices) => ({ mobiledevices })),
        }),
      );
}

function act(visit: Visit) {
  const { state, params, subject, licensed } = visit;
  if (state.adminKind(subject) === null) return refused(notAuthorized());
  if (!licensed('mobile_management')) return unlicensed();
  const owner = state.data.users.find(({ devices }) =>
    devices.some(({ resourceId }) => resourceId === params['device']),
  );
  const device = owner?.devices.find(({ resourceId }) => resourceId === params['device']);
  if (owner === undefined || device === undefined) return refused(notFound('resourceId'));
  const { action } = bodyOf(visit);
  if (action !== 'block' && action !== 'approve') return refused(invalid('Invalid Input: action'));
  return writing(owner.primaryEmail, () => {
    device.status = STATUS[action];
    const name = action === 'block' ? 'ACTION_REQUESTED_BLOCK' : 'ACTION_REQUESTED_APPROVE';
    const parameters = { USER_EMAIL: owner.primaryEmail, RESOURCE_ID: device.resourceId };
    state.log({ application: 'admin', type: 'MOBILE_SETTINGS', name, parameters }, doerOf(visit));
    state.changed();
    return DONE;
  });
}

export const DEVICES: readonly Endpoint[] = [
  {
    method: 'GET',
    path: BASE,
    scopes: ['admin.directory.device.mobile.readonly', 'admin.directory.device.mobile'],
    handle: list,
  },
  {
    method: 'POST',
    path: `${BASE}/:device/action`,
    scopes: ['admin.directory.device.mobile.action', 'admin.directory.device.mobile'],
    handle: act,
  },
];
