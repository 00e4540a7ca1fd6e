/** Facts that stand in the text of an audit row; a key that is not there is left out. Layouts differ, so each key is sought by itself. */
export interface AuditInfo {
  readonly application?: string;
  /** How the person proved who they are: `Cloud`, `Office 365`, `Two Step Auth`. */
  readonly method?: string;
  /** The second step, e.g. `TOTP`; absent when none was asked for. */
  readonly secondStep?: string;
  /** Why a sign-in failed. */
  readonly reason?: string;
}

const LONGEST_VALUE = 80;

function valueOf(text: string, key: string): string | null {
  const match = new RegExp(`(?:^|[,\\s])${key}\\s*:\\s*([^,]{1,${LONGEST_VALUE}})`, 'i').exec(text);
  const value = match?.[1]?.trim() ?? '';
  return value === '' || value.toLowerCase() === 'null' ? null : value;
}

/** Reads `IP: …, Application: …, Method: …, 2FA: …, Reason: …`, in any order. */
export function readAuditInfo(text: string): AuditInfo {
  const application = valueOf(text, 'Application');
  const method = valueOf(text, 'Method');
  const secondStep = valueOf(text, '2FA');
  const reason = valueOf(text, 'Reason');
  return {
    ...(application === null ? {} : { application }),
    ...(method === null ? {} : { method }),
    ...(secondStep === null ? {} : { secondStep }),
    ...(reason === null ? {} : { reason }),
  };
}
