import { collection, type Row } from './collection.js';
import { read, type Route } from './route.js';

/** Both logs come newest first. */
const newestFirst = (rows: readonly Row[], field: string): readonly Row[] =>
  [...rows].sort((left, right) => String(right[field]).localeCompare(String(left[field])));

export const LOG_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'auditLogs/directoryAudits',
    permissions: ['AuditLog.Read.All'],
    handle: (context) =>
      read(() =>
        collection(context, newestFirst(context.tenant.seen().audits, 'activityDateTime'), {
          context: 'auditLogs/directoryAudits',
          page: 999,
          filterable: true,
          orderable: ['activityDateTime'],
        }),
      ),
  },
  {
    method: 'GET',
    path: 'auditLogs/signIns',
    permissions: ['AuditLog.Read.All'],
    licence: 'P1',
    unlicensed: 'notPremium',
    handle: (context) =>
      read(() =>
        collection(context, newestFirst(context.tenant.seen().signIns, 'createdDateTime'), {
          context: 'auditLogs/signIns',
          page: 999,
          filterable: true,
          orderable: ['createdDateTime'],
        }),
      ),
  },
];
