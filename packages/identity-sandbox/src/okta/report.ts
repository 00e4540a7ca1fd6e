import { partyOf, type OktaState } from './state.js';
import type { Intrusion } from './attack.js';
import type { UserRecord } from './model.js';

/** Where the person answers, who is not where the request comes from. */
const PHONE = { ip: '192.0.2.44', country: 'Germany', userAgent: 'OktaVerify/9.2.1 (iPhone)' };
const BROWSER = 'Mozilla/5.0 (Macintosh)';

/** What a mail of Okta's was about, in which somebody pressed "Report suspicious activity". */
export interface Suspicion extends Intrusion {
  /** As Okta names its mails, e.g. `system.email.new_device_notification.sent_message`. */
  readonly about?: string;
  /** When that was. */
  readonly at?: Date;
}

/** The row as Okta wrote it for others: its `debugData` says what is reported, the row itself who reports, from where. */
export function reportSuspicious(state: OktaState, user: UserRecord, suspicion: Suspicion): void {
  const { ip, country, about = 'system.email.new_device_notification.sent_message', at } = suspicion;
  const self = partyOf(user);
  state.writeLog('user.account.report_suspicious_activity_by_enduser', [self], {
    actor: self,
    ip: '198.51.100.10',
    country: 'Germany',
    userAgent: BROWSER,
    debugData: {
      requestUri: '/api/internal/users/me/report-suspicious-activity',
      suspiciousActivityEventType: about,
      suspiciousActivityEventIp: ip,
      suspiciousActivityEventCountry: country,
      suspiciousActivityTimestamp: (at ?? new Date(state.now())).toISOString(),
    },
  });
}

/** By which engine of Okta's; `expired`: nobody pressed anything. */
export type Rejection = 'identity' | 'classic' | 'expired';

/**
 * A sign-in request that is rejected on the phone. Okta Classic has an event of its own; the Identity Engine writes a
 * failed second step, and what was pressed into `debugData`. Either is the phone's answer, with the address of the phone.
 */
export function rejectPush(
  state: OktaState,
  user: UserRecord,
  { ip, country }: Intrusion,
  how: Rejection = 'identity',
): void {
  const self = partyOf(user);
  state.writeLog('system.push.send_factor_verify_push', [self], { actor: self, ip, country });
  if (how === 'classic') {
    state.writeLog('user.mfa.okta_verify.deny_push', [self], { actor: self, ...PHONE, result: 'FAILURE' });
    return;
  }
  state.writeLog('user.authentication.auth_via_mfa', [self], {
    actor: self,
    ...PHONE,
    result: 'FAILURE',
    debugData: {
      factor: 'OKTA_VERIFY_PUSH',
      ...(how === 'expired' ? {} : { pushOnlyResponseType: 'OV_RESPONSE_DENY' }),
    },
  });
}
