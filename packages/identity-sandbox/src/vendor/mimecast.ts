/**
 * Mimecast publishes no types. These are the shapes of its reference (integrations.mimecast.com/documentation: the
 * endpoints of the same name) and of answers that were recorded, as far as they are answered or read here.
 */

/** update-user */
export interface User {
  emailAddress: string;
  name?: string;
  forcePasswordChange?: boolean;
  passwordNeverExpires?: boolean;
  accountLocked?: boolean;
  accountDisabled?: boolean;
  allowPop?: boolean;
  allowSmtp?: boolean;
}

export interface Delegate {
  id: string;
  emailAddress: string;
  name?: string;
  source?: string;
}

/** find-delegate-users */
export interface Delegates {
  delegateUsers: Delegate[];
}

/** add-delegate-user, remove-delegate-user */
export interface Delegated {
  id: string;
  success: boolean;
}

export interface Folder {
  id: string;
  description?: string;
  source?: string;
  parentId?: string;
  userCount?: number;
  folderCount?: number;
}

/** find-groups */
export interface Folders {
  folders: Folder[];
  source: string;
}

export interface Member {
  emailAddress?: string;
  domain?: string;
  internal?: boolean;
  type?: string;
  name?: string;
}

/** get-group-members */
export interface Members {
  groupMembers: Member[];
}

/** add-group-member, remove-group-member */
export interface Membership {
  id: string;
  folderId: string;
  emailAddress?: string;
  internal?: boolean;
}

/** get-profile */
export interface Profile {
  emailAddress: string;
  displayName?: string;
  role?: string;
  admin?: boolean;
  localPassword?: boolean;
  changePassword?: boolean;
  external?: boolean;
}

/** get-audit-events */
export interface AuditEvent {
  id: string;
  auditType: string;
  user: string;
  eventTime: string;
  eventInfo: string;
  category: string;
}

/** get-connection; `info`, `enabled` as recorded by the module PSMimecast */
export interface DirectoryConnection {
  id: string;
  description?: string;
  info?: string;
  enabled?: boolean;
  /** `active_directory`, `office_365`, `domino` or `ad_push` */
  serverType?: string;
  status?: string;
  /** The date of the last successful sync. */
  lastSync?: string;
  syncRunning?: boolean;
  acknowledgeDisabledAccounts?: boolean;
  domains?: string;
}

/** execute-sync, as recorded by the module PSMimecast */
export interface StartedSync {
  /** `ACTIVE_DIRECTORY` */
  type: string;
  /** `started` */
  syncStatus: string;
}

export type Row =
  | DirectoryConnection
  | StartedSync
  | User
  | Delegates
  | Delegated
  | Folders
  | Members
  | Membership
  | Profile
  | AuditEvent;
