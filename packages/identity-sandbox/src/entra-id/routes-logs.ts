import type { EntraId } from '../vendor/index.js';
import { collection, type Shape } from './collection.js';
import { read, type Route } from './route.js';

const AUDITS: Shape<EntraId.Graph.DirectoryAudit> = {
  context: 'auditLogs/directoryAudits',
  page: 999,
  filterable: true,
  orderable: ['activityDateTime'],
};
const SIGN_INS: Shape<EntraId.Graph.SignIn> = {
  context: 'auditLogs/signIns',
  page: 999,
  filterable: true,
  orderable: ['createdDateTime'],
};

/** Both logs come newest first. */
const newestFirst = <Row>(rows: readonly Row[], at: (row: Row) => string): readonly Row[] =>
  [...rows].sort((left, right) => at(right).localeCompare(at(left)));

export const LOG_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'auditLogs/directoryAudits',
    permissions: ['AuditLog.Read.All'],
    handle: (context) =>
      read(() =>
        collection(
          context,
          newestFirst(context.tenant.seen().audits, ({ activityDateTime }) => activityDateTime),
          AUDITS,
        ),
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
        collection(
          context,
          newestFirst(context.tenant.seen().signIns, ({ createdDateTime }) => createdDateTime),
          SIGN_INS,
        ),
      ),
  },
];
