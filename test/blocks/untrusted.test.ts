import { describe, expect, it } from '@jest/globals';
import { incidentCard } from '../../blocks/incident-card.js';
import { buttons, modals } from '../../blocks/interactions.js';
import { reportModal } from '../../blocks/modals/report.js';
import { noticeCard } from '../../blocks/notice-card.js';
import { translatorOf } from '../../blocks/parts.js';
import { quietMrkdwn, quietPlain } from '../../src/platform/untrusted.js';
import { withOverrides } from '../../src/texts/say.js';
import { directMessage } from '../../src/slack/listeners/payloads.js';
import { plainText } from '../../src/slack/plain-text.js';

const translator = translatorOf(withOverrides({}));
const at = new Date('2026-01-02T03:04:05Z');

describe('words of others', () => {
  it('become no links and no mentions in a notice', () => {
    const notice = {
      id: `ntc_${'0'.repeat(32)}`,
      system: 'mimecast',
      kind: 'password_reset' as const,
      login: 'ada@meadow.example',
      actor: 'https://evil.example/reset <!channel>',
      ip: null,
      occurred_at: at,
      person_id: null,
      channel: null,
      message_ts: null,
      mailed_to: null,
      answer: null,
      proven_with: null,
      proven_tag: null,
      word: null,
    };
    const { blocks } = noticeCard(translator, notice, 'Mimecast');
    expect(blocks).toContainEqual(
      expect.objectContaining({
        text: expect.objectContaining({ verbatim: true, text: expect.stringContaining('&lt;!channel&gt;') }),
      }),
    );
  });

  it('call nobody from the line that stands for a card in notifications', () => {
    const person = {
      id: 'per_1',
      slack_user_id: 'U1',
      email: 'a@b.example',
      name: '<!channel>',
      title: null,
      manager: null,
      time_zone: 'UTC',
    };
    const incident = {
      id: `inc_${'0'.repeat(32)}`,
      reference: 'N-1',
      person_id: 'per_1',
      status: 'open' as const,
      outcome: null,
      owner: null,
      opened_at: at,
      closed_at: null,
      channel: 'C1',
      card_ts: null,
    };
    const view = {
      incident,
      person,
      reports: [],
      elsewhere: [],
      accounts: [],
      steps: [],
      decisions: [],
      waiting: [],
      onCall: [],
      systemTitle: String,
      now: at,
    };
    expect(incidentCard(translator, view).text).toContain('&lt;!channel&gt;');
  });

  it('fit into a modal, whatever was forwarded', () => {
    for (const quoted of ['"'.repeat(5000), '\u0001'.repeat(5000), '\n'.repeat(5000), '😀'.repeat(5000)]) {
      const view = reportModal(translator, { surface: 'message_shortcut', quoted });
      expect(view.private_metadata?.length ?? 0).toBeLessThanOrEqual(3000);
      expect(modals.report.decode(view.private_metadata)).not.toBeNull();
    }
    expect(buttons.ask_yes.decode('{"v":1,"p":{"message":"1.2"}}')).toEqual({ message: '1.2' });
  });

  it('are read as they were typed', () => {
    expect(plainText('a &lt;b&gt; &amp;amp; <https://x.example/y|x.example/y> <mailto:a@b.c|a@b.c>')).toBe(
      'a <b> &amp; x.example/y a@b.c',
    );
    expect(plainText('<@U1|ada> <@U2> <#C1|general> <!here> <https://x.example>')).toBe(
      '@ada @U2 #general @here https://x.example',
    );
  });

  it('count when they come with a screenshot', () => {
    const message = { channel_type: 'im', channel: 'D1', user: 'U1', text: "that wasn't me", ts: '1.1' };
    expect(directMessage.safeParse({ ...message, subtype: 'file_share' }).success).toBe(true);
    expect(directMessage.safeParse({ ...message, subtype: 'message_changed' }).success).toBe(false);
    expect(directMessage.safeParse({ ...message, bot_id: 'B1' }).success).toBe(false);
  });
});

describe('an address or a time', () => {
  it.each(['http://127.0.0.1:46443', 'see http://127.0.0.1:46443.', '2026-11-30T16:14:24.067Z', 'at 16:14:24.'])(
    'keeps its colons, so that it can be pasted: %s',
    (text) => {
      expect(quietPlain(text)).toBe(text);
      expect(quietMrkdwn(text)).toBe(text);
    },
  );

  it.each([':100:', 'a:lock:', ':46443', 'x:white_check_mark'])('is not %s', (text) => {
    expect(quietPlain(text)).not.toBe(text);
  });
});
