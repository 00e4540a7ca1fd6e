import { ok } from '../../result.js';
import type { AccountRef, CallContext, EvidenceItem } from '../port.js';
import type { Section, Subject } from './evidence-section.js';
import type { Answer, Tools } from './handler.js';
import { readActivities, type Activity, type Application } from './reports.js';
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

/** What the account's owner, or who acts as the owner, changes. */
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

/** What administrators do to an account; each name is a question of its own to the audit log. */
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

const itemOf = (row: Activity, title: string): EvidenceItem => ({
  id: row.id,
  title,
  at: row.at,
  ...(row.ip === null ? {} : { ip: row.ip }),
  ...(row.place === null ? {} : { place: row.place }),
  ...(row.actor === null ? {} : { by: row.actor }),
});

const titled = (titles: Readonly<Record<string, string>>, row: Activity): string | null =>
  (Object.hasOwn(titles, row.name) ? titles[row.name] : undefined) ?? null;

const own = (tools: Tools, application: Application, { account, call }: Subject) =>
  readActivities(tools, { application, actor: account.login, from: from(tools), maxPages: 2 }, call);

export async function signInsOf(tools: Tools, subject: Subject): Answer<Section> {
  const rows = await own(tools, 'login', subject);
  if (!rows.ok) return rows;
  const items = rows.value.items.flatMap((row): EvidenceItem[] => {
    const title = titled(SIGN_INS, row);
    if (title === null) return [];
    const device = row.parameter('user_agent') ?? row.parameter('device_name');
    const detail = [
      row.parameter('login_type'),
      row.parameter('is_suspicious') === 'true' ? 'Google finds it suspicious' : null,
    ];
    return [
      {
        ...itemOf(row, title),
        succeeded: row.name !== 'login_failure',
        ...(device === null ? {} : { device }),
        detail: detail.filter((part) => part !== null).join(', '),
      },
    ];
  });
  return ok({ items, complete: rows.value.complete });
}

async function byAdministrators(tools: Tools, { account, call }: Subject): Answer<Section> {
  const answers = await Promise.all(
    Object.entries(ADMIN_CHANGES).map(async ([eventName, title]) => {
      const where = { parameter: 'USER_EMAIL', value: account.login };
      const query = { application: 'admin', actor: 'all', eventName, where, from: from(tools), maxPages: 1 } as const;
      return { title, rows: await readActivities(tools, query, call) };
    }),
  );
  const items: EvidenceItem[] = [];
  let complete = true;
  for (const { title, rows } of answers) {
    if (!rows.ok) return rows;
    complete = complete && rows.value.complete;
    const login = account.login.toLowerCase();
    items.push(
      ...rows.value.items
        .filter((row) => row.parameter('USER_EMAIL')?.toLowerCase() === login)
        .map((row) => itemOf(row, title)),
    );
  }
  return ok({ items, complete });
}

/** Changes of the account and who made them. Google writes the owner's own into two logs; each is shown once. */
export async function changesOf(tools: Tools, subject: Subject): Answer<Section> {
  const [login, accounts, admin] = await Promise.all([
    own(tools, 'login', subject),
    own(tools, 'user_accounts', subject),
    byAdministrators(tools, subject),
  ]);
  if (!login.ok) return login;
  if (!accounts.ok) return accounts;
  if (!admin.ok) return admin;
  const once = new Map<string, EvidenceItem>();
  for (const row of [...login.value.items, ...accounts.value.items]) {
    const title = titled(OWN_CHANGES, row);
    if (title !== null) once.set(`${row.name} ${row.at.toISOString()}`, itemOf(row, title));
  }
  const complete = login.value.complete && accounts.value.complete && admin.value.complete;
  return ok({ items: [...once.values(), ...admin.value.items], complete });
}

/** When 2-Step Verification was turned on last, if the log still knows. */
export async function enrolledAt(tools: Tools, account: AccountRef, call: CallContext): Promise<Date | null> {
  const query = {
    application: 'login',
    actor: account.login,
    eventName: '2sv_enroll',
    from: from(tools),
    maxPages: 1,
  } as const;
  const rows = await readActivities(tools, query, call);
  return rows.ok ? (rows.value.items[0]?.at ?? null) : null;
}

/** When and from where each app was given access last, by its client id; empty where the log may not be read. */
export async function grantedAt(
  tools: Tools,
  account: AccountRef,
  call: CallContext,
): Promise<ReadonlyMap<string, Activity>> {
  const query = {
    application: 'token',
    actor: account.login,
    eventName: 'authorize',
    from: from(tools),
    maxPages: 2,
  } as const;
  const rows = await readActivities(tools, query, call);
  const times = new Map<string, Activity>();
  for (const row of rows.ok ? rows.value.items : []) {
    const client = row.parameter('client_id');
    if (client !== null && !times.has(client)) times.set(client, row);
  }
  return times;
}

export async function recoveryOf(tools: Tools, user: GoogleUser, { account, call }: Subject): Answer<Section> {
  const contacts = [
    { id: 'recovery_email', eventName: 'recovery_email_edit', title: 'Recovery e-mail', value: user.recoveryEmail },
    { id: 'recovery_phone', eventName: 'recovery_phone_edit', title: 'Recovery phone', value: user.recoveryPhone },
  ];
  const items: EvidenceItem[] = [];
  for (const { id, eventName, title, value } of contacts) {
    if (value === null || value === '') continue;
    const query = {
      application: 'user_accounts',
      actor: account.login,
      eventName,
      from: from(tools),
      maxPages: 1,
    } as const;
    const rows = await readActivities(tools, query, call);
    const [last] = rows.ok ? rows.value.items : [];
    items.push(
      last === undefined ? { id, title: `${title} ${value}`, at: null } : { ...itemOf(last, `${title} ${value}`), id },
    );
  }
  return ok({ items, complete: true });
}
