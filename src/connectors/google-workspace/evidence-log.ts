import { ok } from '../../platform/result.js';
import type { EvidenceItem } from '../../ports/connector.js';
import type { Answer, Target } from '../kit/action.js';
import { allOf, mapped } from '../kit/answers.js';
import { filled, joined, type Section } from '../kit/evidence.js';
import {
  adminActsOn,
  readActivities,
  together,
  type Activities,
  type Activity,
  type ActivityQuery,
} from './reports.js';
import type { Tools } from './tools.js';
import type { GoogleUser } from './user.js';

/** How far the logs are read back; Google keeps half a year. */
const LOOK_BACK_MS = 30 * 24 * 60 * 60 * 1000;

const SIGN_INS: Readonly<Record<string, string>> = {
  login_success: 'Signed in',
  login_failure: 'Sign-in failed',
  suspicious_login: 'Suspicious sign-in',
  suspicious_login_less_secure_app: 'Suspicious sign-in by a less secure app',
  suspicious_programmatic_login: 'Suspicious programmatic sign-in',
};

/** Changes made by the account's owner, or by somebody acting as the owner. */
const OWN_CHANGES: Readonly<Record<string, string>> = {
  password_edit: 'Password changed',
  '2sv_enroll': '2-Step Verification turned on',
  '2sv_disable': '2-Step Verification turned off',
  recovery_email_edit: 'Recovery e-mail changed',
  recovery_phone_edit: 'Recovery phone changed',
  recovery_secret_qa_edit: 'Recovery question changed',
  email_forwarding_out_of_domain: 'Mail forwarded out of the company',
  titanium_enroll: 'Advanced Protection turned on',
  titanium_unenroll: 'Advanced Protection turned off',
};

/** What administrators do to an account; each name is a separate query to the audit log. */
const ADMIN_CHANGES: Readonly<Record<string, string>> = {
  CHANGE_PASSWORD: 'Password reset by an administrator',
  SUSPEND_USER: 'Suspended',
  UNSUSPEND_USER: 'Suspension lifted',
  RESET_SIGNIN_COOKIES: 'Signed out everywhere',
  TURN_OFF_2_STEP_VERIFICATION: '2-Step Verification turned off by an administrator',
  CHANGE_RECOVERY_EMAIL: 'Recovery e-mail changed by an administrator',
  CHANGE_RECOVERY_PHONE: 'Recovery phone changed by an administrator',
  ASSIGN_ROLE: 'Administrator role given',
  UNASSIGN_ROLE: 'Administrator role taken away',
  MOVE_USER_TO_ORG_UNIT: 'Moved to another organizational unit',
};

const from = ({ runtime }: Tools): Date => new Date(runtime.now().getTime() - LOOK_BACK_MS);

const itemOf = ({ id, at, ip, place, actor: by }: Activity, title: string): EvidenceItem => ({
  id,
  title,
  at,
  ...filled({ ip, place, by }),
});

/** The rows that have a title. */
const titled = (titles: Readonly<Record<string, string>>, rows: readonly Activity[]) =>
  rows.flatMap((row) => {
    const title = Object.hasOwn(titles, row.name) ? titles[row.name] : undefined;
    return title === undefined ? [] : [{ row, item: itemOf(row, title) }];
  });

/** One person's actions, as a log reports them. */
const deedsOf = (
  tools: Tools,
  { account, call }: Target,
  query: Pick<ActivityQuery, 'application' | 'eventName' | 'mostPages'>,
): Answer<Activities> => readActivities(tools, { actor: account.login, from: from(tools), ...query }, call);

export const signInsOf = (tools: Tools, target: Target): Answer<Section> =>
  mapped(deedsOf(tools, target, { application: 'login', mostPages: 2 }), ({ items, complete }) => ({
    items: titled(SIGN_INS, items).map(({ row, item }) => ({
      ...item,
      ...filled({ device: row.parameter('user_agent') ?? row.parameter('device_name') }),
      succeeded: row.name !== 'login_failure',
      detail: joined([
        row.parameter('login_type'),
        row.parameter('is_suspicious') === 'true' ? 'Google finds it suspicious' : null,
      ]),
    })),
    complete,
  }));

async function byAdministrators(tools: Tools, { account, call }: Target): Answer<Activities> {
  const since = { from: from(tools), mostPages: 1, call };
  const names = Object.keys(ADMIN_CHANGES);
  return together(await Promise.all(names.map((name) => adminActsOn(tools, account.login, name, since))));
}

/** Changes of the account and who made them. Google writes the owner's own into two logs; each is shown once. */
export async function changesOf(tools: Tools, target: Target): Answer<Section> {
  const [login, accounts, admin] = await Promise.all([
    deedsOf(tools, target, { application: 'login', mostPages: 2 }),
    deedsOf(tools, target, { application: 'user_accounts', mostPages: 2 }),
    byAdministrators(tools, target),
  ]);
  return mapped(allOf([together([login, accounts]), admin]), ([own, others]) => {
    const once = new Map(
      titled(OWN_CHANGES, own.items).map(({ row, item }) => [`${row.name} ${row.at.toISOString()}`, item]),
    );
    const byOthers = titled(ADMIN_CHANGES, others.items).map(({ item }) => item);
    return { items: [...once.values(), ...byOthers], complete: own.complete && others.complete };
  });
}

/** When 2-Step Verification was last turned on, if the log still knows. */
export async function enrolledAt(tools: Tools, target: Target): Promise<Date | null> {
  const rows = await deedsOf(tools, target, { application: 'login', eventName: '2sv_enroll', mostPages: 1 });
  return rows.ok ? (rows.value.items[0]?.at ?? null) : null;
}

/** When and from where each app was last given access, by its client id; empty where the log may not be read. */
export async function grantedAt(tools: Tools, target: Target): Promise<ReadonlyMap<string | null, Activity>> {
  const rows = await deedsOf(tools, target, { application: 'token', eventName: 'authorize', mostPages: 2 });
  const oldestFirst = rows.ok ? rows.value.items.toReversed() : [];
  return new Map(oldestFirst.map((row) => [row.parameter('client_id'), row]));
}

export async function recoveryOf(tools: Tools, user: GoogleUser, target: Target): Answer<Section> {
  const contacts = [
    { id: 'recovery_email', title: 'Recovery e-mail', value: user.recoveryEmail },
    { id: 'recovery_phone', title: 'Recovery phone', value: user.recoveryPhone },
  ];
  const items: EvidenceItem[] = [];
  for (const { id, title: kind, value } of contacts) {
    if (!value) continue;
    const query = { application: 'user_accounts', eventName: `${id}_edit`, mostPages: 1 } as const;
    const rows = await deedsOf(tools, target, query);
    const [last] = rows.ok ? rows.value.items : [];
    const title = `${kind} ${value}`;
    items.push(last === undefined ? { id, title, at: null } : { ...itemOf(last, title), id });
  }
  return ok({ items, complete: contacts.every(({ value }) => value !== undefined) });
}
