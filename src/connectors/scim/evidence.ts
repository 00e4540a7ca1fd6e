import { recordOf } from '../../platform/record.js';
import { EVIDENCE_SECTIONS, type Evidence } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { gather, type Section } from '../kit/evidence.js';
import type { Reader } from './state.js';
import { readUser, type ScimUser } from './user.js';

const MOST = 200;

type List = 'roles' | 'entitlements' | 'groups' | 'emails' | 'phoneNumbers';
type Row = NonNullable<ScimUser[List]>[number];

const named = ({ value, display }: Row): string => display ?? value ?? '';
const contact = ({ value, type }: Row): string => `${type ?? 'contact'}: ${value ?? ''}`;

/** Everything that SCIM shows of an account: its contacts, groups and roles. It knows nothing about sign-ins. */
export async function evidence({ api, settings }: Reader, { account, call }: Target): Promise<Evidence> {
  const untold = `SCIM does not show this; ask an administrator of ${settings.title} for its log.`;
  const user = readUser(api, account.accountId, call);
  const told = (titleOf: (row: Row) => string, ...lists: readonly List[]): Answer<Section> =>
    mapped(user, (found) => {
      const rows = lists.flatMap((list) => found[list] ?? []);
      const items = rows.map((row) => ({ id: row.value ?? row.display ?? '', title: titleOf(row), at: null }));
      return { items: items.filter(({ id }) => id !== ''), complete: true };
    });
  return gather(
    {
      ...recordOf(EVIDENCE_SECTIONS, () => untold),
      roles: told(named, 'roles', 'entitlements'),
      groups: told(named, 'groups'),
      recovery: told(contact, 'emails', 'phoneNumbers'),
    },
    MOST,
  );
}
