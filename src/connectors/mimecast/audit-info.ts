const LONGEST_VALUE = 80;

function valueOf(text: string, key: string): string | undefined {
  const match = new RegExp(`(?:^|[,\\s])${key}\\s*:\\s*([^,]{1,${LONGEST_VALUE}})`, 'i').exec(text);
  const value = match?.[1]?.trim() ?? '';
  return value === '' || value.toLowerCase() === 'null' ? undefined : value;
}

/**
 * Facts in the text of an audit row, `IP: …, Application: …, Method: …, 2FA: …, Reason: …`. Layouts differ, so each is
 * searched separately.
 */
export const readAuditInfo = (text: string) => ({
  application: valueOf(text, 'Application'),
  /** How the person authenticated: `Cloud`, `Office 365`, `Two Step Auth`. */
  method: valueOf(text, 'Method'),
  /** The second factor, e.g. `TOTP`; absent when none was required. */
  secondStep: valueOf(text, '2FA'),
  /** Why a sign-in failed. */
  reason: valueOf(text, 'Reason'),
});
