import type { PanelHost, PanelsView } from '../slack/index.js';
import type { World } from './world.js';
import { ACCOUNTS, APPROVERS, CONTRACTOR, PEOPLE } from './people.js';
import { codeAt, untilNextCode } from './phones.js';
import { tourOf } from './tour.js';

type Panel = PanelsView['panels'][number];
type Section = Panel['sections'][number];
type Facts = Extract<Section, { kind: 'facts' }>['items'];

const yesNo = (
  value: boolean,
  whenTrue: [string, 'good' | 'bad' | 'neutral'],
  whenFalse: [string, 'good' | 'bad' | 'neutral'],
) => {
  const [text, tone] = value ? whenTrue : whenFalse;
  return { value: text, tone };
};

/** Mimecast's true state, read from the simulator itself and not from what Notme says of it. */
function mimecastPanel(world: World): Panel {
  const { users, groups } = world.mimecast.state();
  const accounts: Section[] = users.map((user): Section => {
    const member = groups.filter((group) => group.members.includes(user.emailAddress)).map((group) => group.name);
    const items: Facts = [
      { label: 'Account', ...yesNo(user.accountDisabled, ['disabled', 'bad'], ['enabled', 'good']) },
      {
        label: 'Password',
        ...yesNo(user.forcePasswordChange, ['must be changed at next sign-in', 'bad'], ['in use', 'neutral']),
      },
      { label: 'Groups', value: member.length === 0 ? 'none' : member.join(', '), tone: 'neutral' },
    ];
    return { kind: 'facts', title: user.emailAddress, items };
  });
  return {
    id: 'mimecast',
    title: 'Mimecast',
    sections: [attackSection(), ...accounts],
  };
}

function attackSection(): Section {
  const options = ACCOUNTS.map(({ name, email }) => ({ label: name, value: email }));
  return {
    kind: 'actions',
    title: 'What happens outside',
    actions: [
      {
        id: 'attack',
        label: 'An attacker resets this password',
        description:
          'Sets a password that only the attacker knows. Mimecast writes it into its audit log; Notme reads the log.',
        style: 'danger',
        fields: [{ name: 'email', label: 'Whose password', type: 'select', options, initial: PEOPLE.ada.email }],
      },
    ],
  };
}

function phonePanel(world: World): Panel {
  const now = world.now();
  const seconds = Math.ceil(untilNextCode(now) / 1000);
  const items: Facts = APPROVERS.flatMap((person) => {
    const seed = world.phones[person.id];
    if (seed === undefined) return [];
    const code = codeAt(seed, now);
    return [{ label: person.real_name, value: `${code.slice(0, 3)} ${code.slice(3)}`, tone: 'neutral' as const }];
  });
  return {
    id: 'phones',
    title: 'Authenticator apps',
    sections: [
      { kind: 'facts', title: "The approvers' phones", items },
      {
        kind: 'text',
        title: '',
        text: `Each code counts once and changes about every 30 seconds (now in ${seconds} s). If one was just used, wait for the next.`,
      },
    ],
  };
}

function mailPanel(world: World): Panel {
  const messages = world.mail
    .mailbox()
    .toReversed()
    .slice(0, 20)
    .map((mail) => ({
      id: mail.id,
      from: mail.from,
      to: mail.to,
      subject: mail.subject,
      date: mail.date,
      text: mail.text,
      links: mail.links.map((link) => ({ label: link.label, url: link.url })),
    }));
  return {
    id: 'mail',
    title: 'Mailbox',
    sections: [
      {
        kind: 'text',
        title: '',
        text: `People without Slack, such as ${CONTRACTOR.email}, are told by mail. These are the mails that Mailgun took.`,
      },
      { kind: 'mail', title: 'Mails', messages },
    ],
  };
}

async function directoryPanel(world: World): Promise<Panel> {
  const title = 'Active Directory';
  if (!world.activeDirectory) {
    const text =
      "Left out. It runs on a real Samba domain controller: install Debian's samba packages (README) and start with --with-ad, as root.";
    return { id: 'active_directory', title, sections: [{ kind: 'text', title: '', text }] };
  }
  const accounts = await world.activeDirectory.accounts();
  const sections = accounts.map((account): Section => ({
    kind: 'facts',
    title: account.login,
    items: [
      { label: 'Account', ...yesNo(account.disabled, ['disabled', 'bad'], ['enabled', 'good']) },
      {
        label: 'Password',
        ...yesNo(account.mustChange, ['must be changed at next sign-in', 'bad'], ['in use', 'neutral']),
      },
    ],
  }));
  return { id: 'active_directory', title, sections };
}

const NOTE = 'The identity systems are simulators on this machine that speak the real protocols. Nothing leaves it.';

/** What the page shows beside the conversations. */
export function createPanels(world: () => World): PanelHost {
  return {
    read: async () => {
      const now = world();
      return {
        panels: [mimecastPanel(now), await directoryPanel(now), phonePanel(now), mailPanel(now)],
        tour: tourOf(now),
        note: NOTE,
      };
    },
    act: (panelId, actionId, fields) => {
      const email = fields['email'] ?? '';
      if (panelId !== 'mimecast' || actionId !== 'attack')
        return Promise.resolve({ ok: false, message: 'There is no such button.' });
      if (!world().mimecast.user(email)) return Promise.resolve({ ok: false, message: `Mimecast knows no ${email}.` });
      world().attack(email);
      return Promise.resolve({
        ok: true,
        message: `The password of ${email} was reset by somebody else. Watch the direct messages (or the mailbox).`,
      });
    },
  };
}
