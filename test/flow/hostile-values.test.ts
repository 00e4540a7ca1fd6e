import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buttons } from '../../blocks/interactions.js';
import { CONTRACTOR } from '../../sandbox/world/people.js';
import { ingestEvents } from '../../src/notices/ingest.js';
import { DECISION_KINDS, type DecisionKind } from '../../src/ports/decision-kinds.js';
import { type Flow, PEOPLE, startFlow, textOf } from './flow.js';

const { ada, bea, cem, dia } = PEOPLE;

/** What an attacker has a system, a device, a rule, an app or a profile be called, to speak with Notme's voice. */
const FORGED =
  'x\r\n:white_check_mark: *Okta: FORGED* verified\u2028:lock: <!channel> <@U0FORGED> <https://evil.example|FORGED>\u202ereversed\u001b[31m';
/** None of it may stand anywhere that a person reads; a surface is searched as its JSON. */
const SPOKEN: readonly (readonly [string, RegExp])[] = [
  ['a line of its own', /(?:[\r\n\v\f\u2028\u2029]|\\r|\\n|\\u2028)[ :\u2236]*(?:white_check_mark: .?Okta|lock: .{1,8}channel)/],
  ['a picture', /:white_check_mark: .?Okta: FORGED|:lock: (?:<|&lt;)!channel/],
  ['bold', /\*Okta: FORGED\*/],
  ['a call to everybody', /<!channel>/],
  ['a mention', /<@U0FORGED>/],
  ['a link', /<https:\/\/evil\.example/],
  ['another direction', /\u202e/],
  ['a control character', /(?![\r\n\t])\p{Cc}|\\u001b/u],
]; // prettier-ignore
/** In a plain_text field Slack gives `<` and `*` no meaning. */
const IN_PLAIN = ['a line of its own', 'a picture', 'another direction', 'a control character'];

interface Shown {
  readonly type?: unknown;
  readonly text?: unknown;
}
/** Every text of a surface, with whether Slack reads signs in it. What was typed into a field stays as it was typed. */
function* textsIn(value: unknown, key = ''): Generator<readonly [kind: 'plain' | 'mrkdwn', text: string]> {
  if (key === 'private_metadata' || key === 'value' || key === 'initial_value') return;
  if (typeof value === 'string') yield ['mrkdwn', value];
  else if (Array.isArray(value)) for (const one of value as readonly unknown[]) yield* textsIn(one, key);
  else if (typeof value === 'object' && value !== null) {
    const { type, text } = value as Shown;
    if (type === 'plain_text' && typeof text === 'string') yield ['plain', text];
    else for (const [name, one] of Object.entries(value)) yield* textsIn(one, name);
  }
}
const spoken = (surface: unknown): readonly (readonly [string, string])[] =>
  [...textsIn(surface)].flatMap(([kind, text]) =>
    SPOKEN.filter(([what, pattern]) => (kind === 'mrkdwn' || IN_PLAIN.includes(what)) && pattern.test(text)).map(
      ([what]): readonly [string, string] => [what, text],
    ),
  );

/** What systems let people name as they like. */
const NAMED =
  /^(?:displayName|deviceDisplayName|userAgent|rawUserAgent|user_agent|clientName|appDisplayName|displayText|deviceName|label|nickname|model|city|country|browser|description|title|fullName|subject|details?|userLabel|friendlyName)$/;
const forged = (value: unknown, key = ''): unknown => {
  if (Array.isArray(value)) return value.map((one) => forged(one, key));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, forged(one, name)]));
  return typeof value === 'string' && NAMED.test(key) ? `${value} ${FORGED}` : value;
};

describe('names and texts of others', () => {
  let flow: Flow;
  /** Systems of which an answer was spoiled. */
  const spoiled = new Set<string>();
  beforeAll(async () => {
    flow = await startFlow({ everySystem: true, people: [{ email: dia.email, manager: FORGED }] });
    const rewriteOf = (system: string) => (body: unknown) => {
      // As it goes over the wire: dates and the like are text there.
      const named = forged(JSON.parse(JSON.stringify(body ?? null)));
      if (JSON.stringify(named).includes('FORGED')) spoiled.add(system);
      return named;
    };
    flow.world.mimecast.hooks.rewrite = rewriteOf('mimecast');
    for (const { id, hooks } of flow.world.systems) if (hooks) hooks.rewrite = rewriteOf(id);
    for (const { id } of flow.world.company) await flow.world.intrude(id, ada.email);
    flow.world.mimecast.resetByAttacker(ada.email, FORGED, '198.51.100.23');
    flow.world.mimecast.resetByAttacker(CONTRACTOR.email, FORGED, '198.51.100.23');
    await flow.say(ada.id, `I didn't do this ${FORGED}`);
    await flow.say(dia.id, `I didn't do this ${FORGED}`);
    for (const { real_name: name } of [ada, dia]) await flow.card(name);
    await flow.inChannel('What does not fit');
    const { core } = flow.app;
    const verdict = { eventId: `e ${FORGED}`, kind: 'at_risk', login: ada.email, level: 'high' } as const;
    const told = { ...verdict, actor: FORGED, ip: FORGED, word: `w". ${FORGED}`, occurredAt: core.runtime.now() };
    await core.db.transaction((tx) => ingestEvents({ core, tx }, 'okta', [told], 'a-test'));
    core.dispatch();
    await flow.inChannel('itself holds');
  }, 240_000);
  afterAll(() => flow.close());

  const state = () => flow.world.slack.state();
  const byNotme = (): readonly object[] =>
    Object.values(state().messages)
      .flat()
      .filter(({ user }) => user === flow.world.slack.botUserId);
  const incidentOf = async (email: string): Promise<string> => {
    const { rows } = await flow.app.core.db.query<{ id: string }>(
      'select i.id from incidents i join people p on p.id = i.person_id where p.email = $1',
      [email],
    );
    return rows[0]?.id ?? '';
  };
  /** The window that opens, or what is told privately in its place. */
  const opened = async (press: () => Promise<unknown>): Promise<object> => {
    const [views, told] = [state().views[bea.id]?.length ?? 0, state().ephemerals.length];
    await press();
    return flow.player.until('a window, or a word why not', () => {
      const now = state();
      const view = (now.views[bea.id]?.length ?? 0) > views ? now.views[bea.id]?.at(-1) : undefined;
      return view ?? (now.ephemerals.length > told ? now.ephemerals.at(-1) : undefined);
    });
  };
  const closeAll = async (): Promise<void> => {
    const top = state().views[bea.id]?.at(-1);
    if (top) await flow.world.slack.act({ as: bea.id, do: 'close', view_id: top.id, all: true });
  };
  /** By its button on the card, else out of its menu. */
  const decideOn = async (action: DecisionKind): Promise<unknown> => {
    const card = await flow.card(ada.real_name);
    return textOf(card).includes(`incident_action.${action}`)
      ? flow.player.press(bea.id, flow.channel, card, `incident_action.${action}`)
      : choose(action);
  };
  const choose = async (action: DecisionKind): Promise<unknown> => {
    const card = await flow.card(ada.real_name);
    const blocks = card['blocks'] as readonly { readonly block_id?: string }[];
    return flow.world.slack.act({
      as: bea.id,
      do: 'action',
      channel: flow.channel,
      ts: card.ts,
      block_id: blocks.find((block) => JSON.stringify(block).includes('"incident_more"'))?.block_id ?? '',
      action_id: 'incident_more',
      selected_option: {
        text: { type: 'plain_text', text: 'chosen' },
        value: buttons.incident_more.encode({ incident: await incidentOf(ada.email), action }),
      },
    });
  };

  it('come from the systems, and are shown: as what they are', () => {
    expect([...spoiled].toSorted()).toEqual([
      'entra_id',
      'google_workspace',
      'keycloak',
      'mimecast',
      'okta',
      'scim_wiki',
    ]);
    const shown = byNotme().map((one) => textOf(one));
    expect(shown.filter((one) => one.includes('FORGED')).length).toBeGreaterThan(3);
    // The check finds what it looks for.
    expect(spoken({ text: { type: 'mrkdwn', text: FORGED } }).map(([what]) => what)).toEqual(
      SPOKEN.map(([what]) => what),
    );
    expect(spoken({ text: { type: 'plain_text', text: FORGED } }).map(([what]) => what)).toEqual(IN_PLAIN);
  });

  it.each(DECISION_KINDS.filter((kind) => kind !== 'enable_account'))(
    'say nothing in the window of %s',
    async (kind) => {
      expect(spoken(await opened(() => decideOn(kind)))).toEqual([]);
      await closeAll();
    },
  );

  it('stand in quotes where a system says something in its own word, and end them nowhere', () => {
    const lines = flow.player.messages(flow.channel).map(textOf);
    const line = lines.find((one) => one.includes('itself holds')) ?? '';
    expect(line).toMatch(/in its own word: \\?"w'\. x [^"]*FORGED[^"]*",? /);
  });

  it.each(['incident_close', 'incident_links', 'incident_tasks'])('say nothing in the window of %s', async (button) => {
    for (const { real_name: name } of [ada, dia]) {
      const card = await flow.card(name);
      expect(spoken(await opened(() => flow.player.press(bea.id, flow.channel, card, button)))).toEqual([]);
      await closeAll();
    }
  });

  it('say nothing on anybody’s home', async () => {
    for (const { id } of [ada, bea, cem, dia]) {
      await flow.world.slack.act({ as: id, do: 'home' });
      await flow.player.until('the home', () => state().homes[id]);
    }
    expect(spoken(Object.values(state().homes))).toEqual([]);
  });

  it('say nothing in a mail, and nothing on the page that it leads to', async () => {
    const [mail] = await flow.player.until('the mail', () => {
      const mails = flow.world.mail.mailbox(CONTRACTOR.email);
      return mails.length > 0 && mails;
    });
    expect(JSON.stringify(mail)).toContain('FORGED');
    const lines = /[\r\n\u2028][ :\u2236]*(?:white_check_mark|lock)|\u202e|(?![\r\n\t])\p{Cc}/u;
    for (const part of [mail?.subject, mail?.text, mail?.html]) {
      expect(part).toBeTruthy();
      expect(part).not.toMatch(lines);
    }
    const markup = /<https:|<!channel|<@U0/;
    expect(mail?.html).not.toMatch(markup);
    const link = /https?:\S+\/report\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    const page = await (await fetch(link)).text();
    expect(page).toContain('FORGED');
    expect(page).not.toMatch(lines);
    expect(page).not.toMatch(markup);
  });

  it('say nothing in any message: cards, threads, direct messages, notices, private words', async () => {
    const view = await flow.openDecision(bea.id, ada.real_name, 'lockdown');
    await flow.player.approve(bea.id, view, {
      reason: `hers ${FORGED}`,
      ranges: '203.0.113.0/24, 198.51.100.0/24',
      code: flow.freshCode(bea.id),
    });
    await flow.inChannel('*Okta: Disable* verified');
    // What can be enabled by now.
    expect(spoken(await opened(() => decideOn('enable_account')))).toEqual([]);
    await flow.closeIncident(bea.id, dia.real_name);
    expect(byNotme().length).toBeGreaterThan(10);
    expect(spoken(byNotme())).toEqual([]);
    expect(spoken(state().ephemerals)).toEqual([]);
  }, 240_000);
});
