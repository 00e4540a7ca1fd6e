import { z } from 'zod';
import { jsonOf } from '../http/message.js';
import type { EntraId } from '../vendor/index.js';
import { collection, entity, type Shape } from './collection.js';
import type { UserRecord } from './model.js';
import { noContent, read, refused, write, type Context, type Route } from './route.js';

const RISK = { denied: 'deniedByPolicy', licence: 'P2', unlicensed: 'notLicensed' } as const;
const READ_RISK = ['IdentityRiskyUser.Read.All', 'IdentityRiskyUser.ReadWrite.All'];

const RISKY_USERS: Shape<EntraId.Graph.RiskyUser> = { context: 'riskyUsers', filterable: true };

const usersBody = z.strictObject({ userIds: z.array(z.string()).min(1).max(60) });

function riskRow({ id, displayName, userPrincipalName, risk }: UserRecord) {
  return {
    id,
    isDeleted: false,
    isProcessing: false,
    riskLevel: risk?.riskLevel ?? ('none' as const),
    riskState: risk?.riskState ?? ('none' as const),
    riskDetail: risk?.riskDetail ?? ('none' as const),
    riskLastUpdatedDateTime: risk?.at ?? null,
    userDisplayName: displayName,
    userPrincipalName,
  };
}

function setRisk(context: Context, risk: Omit<NonNullable<UserRecord['risk']>, 'at'>) {
  const parsed = usersBody.safeParse(jsonOf(context.request.body));
  if (!parsed.success) return refused(context.errors.error(400, 'BadRequest', 'userIds is missing or too long.'));
  const users = parsed.data.userIds.map((id) => context.tenant.user(id)).filter((user) => user !== undefined);
  return write(context, users[0]?.userPrincipalName ?? '', () => {
    for (const user of users) user.risk = { ...risk, at: context.tenant.now().toISOString() };
    return noContent;
  });
}

export const PROTECTION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'identityProtection/riskyUsers',
    permissions: READ_RISK,
    ...RISK,
    handle: (context) =>
      read(() => {
        const rows = context.tenant.seen().users.filter(({ risk }) => risk !== null);
        return collection(context, rows.map(riskRow), RISKY_USERS);
      }),
  },
  {
    method: 'GET',
    path: 'identityProtection/riskyUsers/:id',
    permissions: READ_RISK,
    ...RISK,
    handle(context) {
      const user = context.tenant.user(context.param('id'), context.tenant.seen());
      if (user === undefined || user.risk === null) return refused(context.errors.notFound());
      return read(() => entity(context, riskRow(user), RISKY_USERS));
    },
  },
  {
    method: 'POST',
    path: 'identityProtection/riskyUsers/confirmCompromised',
    permissions: ['IdentityRiskyUser.ReadWrite.All'],
    ...RISK,
    handle: (context) =>
      setRisk(context, {
        riskState: 'confirmedCompromised',
        riskLevel: 'high',
        riskDetail: 'adminConfirmedUserCompromised',
      }),
  },
  {
    method: 'POST',
    path: 'identityProtection/riskyUsers/dismiss',
    permissions: ['IdentityRiskyUser.ReadWrite.All'],
    ...RISK,
    handle: (context) =>
      setRisk(context, { riskState: 'dismissed', riskLevel: 'none', riskDetail: 'adminDismissedAllRiskForUser' }),
  },
];
