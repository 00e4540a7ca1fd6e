import type { admin_directory_v1, admin_reports_v1 } from '@googleapis/admin';
import type { gmail_v1 } from '@googleapis/gmail';

/**
 * The types of Google's own clients, and by name what they lack: each with the page of Google's that shows it. The
 * generator writes `| null` behind every key, because a request may clear a value; an answer leaves it out.
 */
export type Told<V> = V extends readonly (infer Item)[]
  ? Told<Item>[]
  : V extends object
    ? { [K in keyof V]: Told<Exclude<V[K], null>> }
    : V;

export type Member = admin_directory_v1.Schema$Member;
export type MobileDeviceAction = admin_directory_v1.Schema$MobileDeviceAction;
export type MobileDevice = admin_directory_v1.Schema$MobileDevice;
export type MobileDevices = admin_directory_v1.Schema$MobileDevices;
export type Group = admin_directory_v1.Schema$Group;
export type Groups = admin_directory_v1.Schema$Groups;
export type OrgUnit = admin_directory_v1.Schema$OrgUnit;
export type Role = admin_directory_v1.Schema$Role;
export type Roles = admin_directory_v1.Schema$Roles;
export type RoleAssignment = admin_directory_v1.Schema$RoleAssignment;
export type RoleAssignments = admin_directory_v1.Schema$RoleAssignments;
export type Token = admin_directory_v1.Schema$Token;
export type Tokens = admin_directory_v1.Schema$Tokens;
export type AppPassword = admin_directory_v1.Schema$Asp;
export type AppPasswords = admin_directory_v1.Schema$Asps;
export type VerificationCode = admin_directory_v1.Schema$VerificationCode;
export type VerificationCodes = admin_directory_v1.Schema$VerificationCodes;
export type Activity = admin_reports_v1.Schema$Activity;
export type Activities = admin_reports_v1.Schema$Activities;
export type AutoForwarding = gmail_v1.Schema$AutoForwarding;
export type Delegate = gmail_v1.Schema$Delegate;
export type Delegates = gmail_v1.Schema$ListDelegatesResponse;
export type Filter = gmail_v1.Schema$Filter;
export type Filters = gmail_v1.Schema$ListFiltersResponse;
export type ForwardingAddress = gmail_v1.Schema$ForwardingAddress;
export type ForwardingAddresses = gmail_v1.Schema$ListForwardingAddressesResponse;
export type SendAs = gmail_v1.Schema$SendAs;
export type SendAsList = gmail_v1.Schema$ListSendAsResponse;
export type ImapSettings = gmail_v1.Schema$ImapSettings;
export type PopSettings = gmail_v1.Schema$PopSettings;

/**
 * `emails` and `externalIds` are `any` in the types:
 * developers.google.com/workspace/admin/directory/reference/rest/v1/users
 */
export type User = Omit<admin_directory_v1.Schema$User, 'emails' | 'externalIds'> & {
  emails?: { address?: string; type?: string; customType?: string; primary?: boolean }[];
  externalIds?: { value?: string; type?: string; customType?: string }[];
};
export type Users = Omit<admin_directory_v1.Schema$Users, 'users'> & { users?: User[] };

/**
 * developers.google.com/workspace/admin/alertcenter/reference/rest/v1beta1/alerts, and `data`: AccountWarning there. Its
 * client is none of those that are installed.
 */
export interface Alert {
  customerId?: string;
  alertId?: string;
  createTime?: string;
  startTime?: string;
  endTime?: string;
  type?: string;
  source?: string;
  data?: { '@type'?: string; email?: string; loginDetails?: { loginTime?: string; ipAddress?: string } };
  securityInvestigationToolLink?: string;
  deleted?: boolean;
  metadata?: {
    customerId?: string;
    alertId?: string;
    status?: string;
    assignee?: string;
    updateTime?: string;
    severity?: string;
    etag?: string;
  };
  updateTime?: string;
  etag?: string;
}
export interface Alerts {
  alerts?: Alert[];
  nextPageToken?: string;
}

/** developers.google.com/workspace/gmail/api/guides/handle-errors, and `status`, `details`: google.aip.dev/193 */
export interface Refusal {
  code?: number;
  message?: string;
  status?: string;
  errors?: { domain?: string; reason?: string; message?: string; location?: string; locationType?: string }[];
  details?: { '@type'?: string; reason?: string; domain?: string }[];
}
