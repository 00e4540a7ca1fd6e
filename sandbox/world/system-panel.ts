import type { PanelsView } from 'slack-sandbox';
import type { ShownSystem } from './company.js';
import { ACCOUNTS } from './people.js';
import { CONDITIONS, isCondition } from './systems/conditions.js';
import type { TrueAccount } from './systems/system.js';

export type Panel = PanelsView['panels'][number];
export type Section = Panel['sections'][number];
type Action = Extract<Section, { kind: 'actions' }>['actions'][number];
type Facts = Extract<Section, { kind: 'facts' }>['items'];

/** The tab that these panels share. */
const GROUP = 'Identity systems';

const nameOf = (email: string): string => ACCOUNTS.find((account) => account.email === email)?.name ?? email;
const firstNameOf = (email: string): string => nameOf(email).split(' ')[0] ?? email;

const SHORT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

/** What the systems call things, in the words of the app's thread. */
const LABELS: Readonly<Record<string, string>> = {
  Factors: 'Sign-in methods',
  Grants: 'App grants',
  Recovery: 'Recovery contacts',
  Contacts: 'Contacts',
  'Inbox rules': 'Mail rules',
};

function passwordOf({ mustChange, passwordChangedAt }: TrueAccount): Facts[number] {
  if (mustChange) return { label: 'Password', value: 'must be changed at next sign-in', tone: 'bad' };
  const value = passwordChangedAt === null ? 'in use' : `set ${SHORT.format(new Date(passwordChangedAt))} UTC`;
  return { label: 'Password', value, tone: 'neutral' };
}

function factsOf(account: TrueAccount): Facts {
  const { enabled, sessions, lists } = account;
  return [
    { label: 'Account', value: enabled ? 'enabled' : 'disabled', tone: enabled ? 'good' : 'bad' },
    passwordOf(account),
    ...(sessions === null ? [] : [{ label: 'Open sessions', value: String(sessions), tone: 'neutral' as const }]),
    ...Object.entries(lists).map(([label, values]) => ({
      label: LABELS[label] ?? label,
      value: values.length === 0 ? 'none' : values.join('; '),
      tone: 'neutral' as const,
    })),
  ];
}

function statusOf(system: ShownSystem, account: TrueAccount | undefined): NonNullable<Panel['status']> {
  const condition = system.conditions.now();
  const how = condition === 'normal' ? '' : `${condition}, `;
  if (account === undefined) return { value: `${how}no account`, tone: 'neutral' };
  const state = account.enabled ? 'enabled' : 'disabled';
  return { value: `${how}${firstNameOf(account.email)}: ${state}`, tone: account.enabled ? 'good' : 'bad' };
}

function playSection(system: ShownSystem, accounts: readonly TrueAccount[], focus: string): Section {
  const now = system.conditions.now();
  const options = accounts.map(({ email }) => ({ label: nameOf(email), value: email }));
  const initial = accounts.some(({ email }) => email === focus) ? focus : (accounts[0]?.email ?? '');
  return {
    kind: 'actions',
    title: 'Play with this system',
    folded: now === 'normal',
    actions: [
      {
        id: 'condition',
        label: 'Make it so',
        description: `How ${system.title} answers from now on, in its own statuses and units.`,
        fields: [
          {
            name: 'condition',
            label: 'Condition',
            type: 'select',
            options: system.conditions.possible.map((value) => ({ label: CONDITIONS[value], value })),
            initial: now,
          },
        ],
      },
      {
        id: 'intrude',
        label: 'Somebody gets in',
        description:
          'Leaves what attackers leave here: a sign-in from elsewhere, and whatever else the system has room for.',
        style: 'danger',
        fields: [{ name: 'email', label: 'Whose account', type: 'select', options, initial }],
      },
      ...system.plays.map(({ id, label, description }) => ({
        id,
        label,
        description,
        fields: [{ name: 'email', label: 'Whose account', type: 'select' as const, options, initial }],
      })),
    ],
  };
}

/**
 * One system's true state, read from the simulator and not from what the app says of it. The account in `focus` is open;
 * the others are folded.
 */
export async function systemPanel(
  system: ShownSystem,
  { focus, first }: { readonly focus: string; readonly first: readonly Section[] },
): Promise<Panel> {
  const accounts = await system.accounts();
  const known = new Set<string>(ACCOUNTS.map(({ email }) => email));
  const people = accounts.filter(({ email }) => known.has(email));
  const shown = people.find(({ email }) => email === focus);
  const others = people.filter((account) => account !== shown);
  return {
    id: system.id,
    title: system.title,
    group: GROUP,
    status: statusOf(system, shown),
    sections: [
      ...first,
      ...[...(shown ? [shown] : []), ...others].map((account): Section => ({
        kind: 'facts',
        title: account.email,
        folded: account !== shown,
        items: factsOf(account),
      })),
      playSection(system, people, focus),
    ],
  };
}

/** A system that is not running: why, and how to have it. */
export const absentPanel = (id: string, title: string, why: string): Panel => ({
  id,
  title,
  group: GROUP,
  status: { value: 'left out', tone: 'neutral' },
  sections: [{ kind: 'text', title: '', text: why }],
});

type Answer = { readonly ok: boolean; readonly message: string };

/** The buttons that every system has; `null` when the button is none of them. */
export async function actOn(
  system: ShownSystem,
  action: Action['id'],
  fields: Readonly<Record<string, string>>,
  intrude: (email: string) => Promise<void>,
): Promise<Answer | null> {
  if (action === 'condition') {
    const wanted = fields['condition'] ?? '';
    if (!isCondition(wanted) || !system.conditions.possible.includes(wanted))
      return { ok: false, message: `${system.title} can be: ${system.conditions.possible.join(', ')}.` };
    await system.conditions.set(wanted);
    return { ok: true, message: `${system.title} is now ${wanted}.` };
  }
  const play = system.plays.find(({ id }) => id === action);
  if (action !== 'intrude' && !play) return null;
  const email = fields['email'] ?? '';
  const accounts = await system.accounts();
  if (!accounts.some((account) => account.email === email))
    return { ok: false, message: `${system.title} knows no ${email}.` };
  if (play) {
    play.run(email);
    return { ok: true, message: `${play.label}: ${email} in ${system.title}. Watch the security channel.` };
  }
  await intrude(email);
  return { ok: true, message: `Somebody is in the account of ${email} in ${system.title}.` };
}
