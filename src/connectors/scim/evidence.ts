import type { AccountRef, CallContext, Evidence, EvidenceItem, EvidenceSection } from '../port.js';
import type { Reader } from './state.js';
import { readUser, type ScimUser } from './user.js';

const MOST = 200;

type Section = Evidence[EvidenceSection];
type Listed = ScimUser['groups'];

function items(rows: Listed, title: (row: NonNullable<Listed>[number]) => string): Section {
  const found = new Map<string, EvidenceItem>();
  for (const row of rows ?? []) {
    const id = row.value ?? row.display ?? '';
    if (id !== '') found.set(id, { id, title: title(row), at: null });
  }
  return { items: [...found.values()].slice(0, MOST), complete: found.size <= MOST };
}

const named = ({ value, display }: NonNullable<Listed>[number]): string => display ?? value ?? '';

/** Everything that SCIM tells of an account: its contacts, groups and roles. Of sign-ins it knows nothing. */
export async function evidence(reader: Reader, account: AccountRef, call: CallContext): Promise<Evidence> {
  const { title } = reader.settings;
  const untold: Section = {
    unavailable: {
      kind: 'unsupported',
      message: `SCIM does not show this; ask an administrator of ${title} for its log.`,
    },
  };
  const user = await readUser(reader.api, account.accountId, call);
  const told = (sectionOf: (found: ScimUser) => Section): Section =>
    user.ok ? sectionOf(user.value) : { unavailable: user.error };
  return {
    sign_ins: untold,
    factors: untold,
    sessions: untold,
    grants: untold,
    app_passwords: untold,
    mail_rules: untold,
    devices: untold,
    roles: told(({ roles, entitlements }) => items([...(roles ?? []), ...(entitlements ?? [])], named)),
    groups: told(({ groups }) => items(groups, named)),
    recovery: told(({ emails, phoneNumbers }) =>
      items([...(emails ?? []), ...(phoneNumbers ?? [])], ({ value, type }) => `${type ?? 'contact'}: ${value ?? ''}`),
    ),
    changes: untold,
  };
}
