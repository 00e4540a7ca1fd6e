import type { PanelsView } from 'slack-sandbox';
import { PEOPLE, SECURITY_CHANNEL } from './people.js';
import type { World } from './world.js';

type Tour = NonNullable<PanelsView['tour']>;

/** Three short hints that lead a first-time visitor through one incident. What is done is read from the state. */
export function tourOf(world: World): Tour {
  const { channels, messages } = world.slack.state();
  const channel = channels.find((one) => one.name === SECURITY_CHANNEL);
  const dm = channels.find(
    (one) => one.is_im && one.user === PEOPLE.ada.id && one.members.includes(world.slack.botUserId),
  );
  const noticed = dm !== undefined && (messages[dm.id] ?? []).length > 0;
  const opened =
    channel !== undefined && (messages[channel.id] ?? []).some((message) => message['blocks'] !== undefined);
  const contained = world.mimecast.user(PEOPLE.ada.email)?.accountDisabled === true;
  return {
    steps: [
      {
        id: 'attack',
        text: 'Be the attacker first: in the panel Mimecast, press "An attacker resets this password" for Ada.',
        done: noticed,
        go: { as: PEOPLE.ada.id, panel: 'mimecast', label: 'Take me there' },
      },
      {
        id: 'report',
        text: 'Now be Ada: open the message from Notme and press "I didn\'t do this".',
        done: opened,
        go: { as: PEOPLE.ada.id, ...(dm ? { channel: dm.id } : {}), label: 'Be Ada' },
      },
      {
        id: 'contain',
        text: 'Now be Bea, on call: in the security channel press "Lock down everything". Her code is in the panel Authenticator apps.',
        done: contained,
        go: { as: PEOPLE.bea.id, ...(channel ? { channel: channel.id } : {}), panel: 'phones', label: 'Be Bea' },
      },
    ],
    finished_text:
      'The account is contained, and the thread says what was read back. Look at the identity systems: they have really changed.',
  };
}
