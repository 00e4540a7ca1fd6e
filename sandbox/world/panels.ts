import type { PanelHost } from 'slack-sandbox';
import type { World } from './world.js';
import { ACCOUNTS, APPROVERS, CONTRACTOR, PEOPLE } from './people.js';
import { codeAt, untilNextCode } from './phones.js';
import { absentPanel, type Panel, type Section, systemPanel, actOn } from './system-panel.js';
import { tourOf } from './tour.js';

type Facts = Extract<Section, { kind: 'facts' }>['items'];

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

/** The systems, one line each; what an attacker does first stands in Mimecast's, where the tour begins. */
async function systemPanels(world: World): Promise<Panel[]> {
  const panels = await Promise.all(
    world.company.map((system) =>
      systemPanel(system, { focus: world.focus(), first: system.id === 'mimecast' ? [attackSection()] : [] }),
    ),
  );
  if (world.activeDirectory) return panels;
  const why =
    "Left out. It runs on a real Samba domain controller: install Debian's samba packages (README) and start with --with-ad, as root.";
  return [...panels.slice(0, 1), absentPanel('active_directory', 'Active Directory', why), ...panels.slice(1)];
}

const NOTE = 'The identity systems are simulators on this machine that speak the real protocols. Nothing leaves it.';

async function act(
  world: World,
  panelId: string,
  actionId: string,
  fields: Readonly<Record<string, string>>,
): Promise<{ ok: boolean; message: string }> {
  const email = fields['email'] ?? '';
  if (panelId === 'mimecast' && actionId === 'attack') {
    if (!world.mimecast.user(email)) return { ok: false, message: `Mimecast knows no ${email}.` };
    world.attack(email);
    return {
      ok: true,
      message: `The password of ${email} was reset by somebody else. Watch the direct messages (or the mailbox).`,
    };
  }
  const system = world.company.find(({ id }) => id === panelId);
  const answer = system && (await actOn(system, actionId, fields, (whose) => world.intrude(system.id, whose)));
  if (!answer) return { ok: false, message: 'There is no such button.' };
  world.slack.announcePanels();
  return answer;
}

/** What the page shows beside the conversations. */
export function createPanels(world: () => World): PanelHost {
  return {
    read: async () => {
      const now = world();
      return {
        panels: [...(await systemPanels(now)), phonePanel(now), mailPanel(now)],
        tour: tourOf(now),
        note: NOTE,
      };
    },
    act: (panelId, actionId, fields) => act(world(), panelId, actionId, fields),
  };
}
