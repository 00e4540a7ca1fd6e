import { randomUUID } from 'node:crypto';
import type { EntraId } from '../vendor/index.js';
import { collection, type Shape } from './collection.js';
import type { DetectionRecord, UserRecord } from './model.js';
import { read, type Route } from './route.js';
import type { Tenant } from './tenant.js';

const DETECTIONS: Shape<EntraId.Graph.RiskDetection> = {
  context: 'identityProtection/riskDetections',
  filterable: true,
};

const detectionRow = (detection: DetectionRecord) => ({
  ...detection,
  requestId: null,
  correlationId: null,
  riskState: 'atRisk' as const,
  riskDetail: 'none' as const,
  source: 'EndUserReported',
  detectionTimingType: 'offline' as const,
  activity: 'user' as const,
  tokenIssuerType: 'AzureAD' as const,
  location: null,
  additionalInfo: '[]',
});

/** Risk detections; Microsoft asks for P1 or P2. */
export const REPORT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: 'identityProtection/riskDetections',
    permissions: ['IdentityRiskEvent.Read.All'],
    denied: 'deniedByPolicy',
    licence: 'P1',
    unlicensed: 'notLicensed',
    handle: (context) =>
      read(() => collection(context, (context.tenant.seen().detections ?? []).map(detectionRow), DETECTIONS)),
  },
];

/** "No, it's not me" in the Authenticator app: a detection, a row in the audit log, and the user's risk is high. */
export function reportSuspicious(tenant: Tenant, user: UserRecord, ip: string): void {
  const at = tenant.now().toISOString();
  const state = tenant.present();
  const { id: userId, userPrincipalName, displayName: userDisplayName } = user;
  state.detections ??= [];
  state.detections.push({
    id: randomUUID().replaceAll('-', ''),
    riskEventType: 'userReportedSuspiciousActivity',
    riskLevel: 'high',
    activityDateTime: at,
    detectedDateTime: at,
    lastUpdatedDateTime: at,
    ipAddress: ip,
    userId,
    userDisplayName,
    userPrincipalName,
  });
  tenant.audit({
    activity: 'Suspicious activity reported',
    service: 'Authentication Methods',
    actor: { user: userPrincipalName, ip },
    target: { type: 'User', id: userId, name: userPrincipalName },
  });
  holdAtRisk(tenant, user, 'high');
}

/** Identity Protection's own verdict. */
export function holdAtRisk(tenant: Tenant, user: UserRecord, riskLevel: 'low' | 'medium' | 'high'): void {
  user.risk = { riskState: 'atRisk', riskLevel, riskDetail: 'none', at: tenant.now().toISOString() };
  tenant.changed();
}
