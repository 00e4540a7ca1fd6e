import { recordOf } from '../../platform/record.js';
import { EVIDENCE_SECTIONS, type Evidence } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { mapped } from '../kit/answers.js';
import { gather, type Section } from '../kit/evidence.js';
import type { Reader } from './state.js';
import { readUser, type ScimUser } from './user.js';

const MOST = 200;

type List = 'roles' | 'entitlements' | 'groups' | 'emails' | 'phoneNumbers';
type Row = NonNullable<ScimUser[List]>['items'][number];

const named = ({ value, display }: Row): string => display || (value ?? '');
const contact = ({ value, type }: Row): string => `${type ?? 'contact'}: ${value ?? ''}`;

/** Everything that SCIM shows of an account: its contacts, groups and roles. It knows nothing about sign-ins. */
export async function evidence({ api, settings }: Reader, { account, call }: Target): Promise<Evidence> {
  const untold = `SCIM does not show this; ask an administrator of ${settings.title} for its log.`;
  const user = readUser(api, account.accountId, call);
  const told = (titleOf: (row: Row) => string, ...lists: readonly List[]): Answer<Section> =>
    mapped(user, (found) => {
      const shown = lists.map((list) => found[list]);
      const rows = shown.flatMap((list) => list?.items ?? []);
      const items = rows.map((row) => ({ id: row.value ?? row.display ?? '', title: titleOf(row), at: null }));
      const named = items.filter(({ id }) => id !== '');
      // Many servers never return groups; other attributes are there when they have a value (RFC 7643 §7).
      const isHidden = lists.includes('groups') && found.groups === null;
      const isWhole = shown.every((list) => list === null || list.unreadable === 0) && named.length === items.length;
      return { items: named, complete: isWhole && !isHidden };
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
