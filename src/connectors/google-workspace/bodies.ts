/**
 * Every body that is sent to Google, by its kind. Nothing else can be sent (`ApiChange`), and
 * test/types/google-workspace.ts holds each to Google's own type.
 */
export interface Bodies {
  readonly user: {
    readonly password?: string;
    readonly changePasswordAtNextLogin?: boolean;
    readonly suspended?: boolean;
    readonly recoveryEmail?: string | undefined;
    readonly recoveryPhone?: string | undefined;
    readonly orgUnitPath?: string;
  };
  readonly deviceAction: { readonly action: 'block' | 'approve' };
  readonly member: { readonly email: string; readonly role: 'MEMBER' };
  readonly roleAssignment: {
    readonly assignedTo: string;
    readonly roleId: string;
    readonly scopeType: string;
    readonly orgUnitId?: string | undefined;
    readonly condition?: string | undefined;
  };
  readonly autoForwarding: {
    readonly enabled: boolean;
    readonly emailAddress?: string | undefined;
    readonly disposition?: string | undefined;
  };
  readonly filter: {
    /** As it was read, including unknown fields. */
    readonly criteria: object;
    readonly action: {
      readonly addLabelIds?: readonly string[] | undefined;
      readonly removeLabelIds?: readonly string[] | undefined;
      readonly forward?: string | undefined;
    };
  };
  readonly forwardingAddress: { readonly forwardingEmail: string };
  readonly sendAs: {
    readonly sendAsEmail: string;
    readonly displayName?: string | undefined;
    readonly replyToAddress?: string | undefined;
    readonly signature?: string | undefined;
    readonly treatAsAlias?: boolean | undefined;
    readonly isDefault?: boolean | undefined;
  };
  readonly replyTo: { readonly replyToAddress: string };
  readonly delegate: { readonly delegateEmail: string };
  readonly imap: {
    readonly enabled: boolean;
    readonly autoExpunge?: boolean | undefined;
    readonly expungeBehavior?: string | undefined;
    readonly maxFolderSize?: number | undefined;
  };
  readonly pop: { readonly accessWindow: string; readonly disposition?: string | undefined };
}

export type Body = Bodies[keyof Bodies];
