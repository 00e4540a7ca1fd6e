/** What the local Slack answers and sends is held to Slack's types where it is made; this shows that it is held. */
import { sentAs } from '../../src/delivery/sent.js';
import type { fileObject } from '../../src/webapi/files.js';
import { held, type Method } from '../../src/webapi/method.js';
import type { Misfit, None, Slack } from '../../src/vendor/index.js';

const method = <const Answer extends object>(answer: Answer): Method<Answer> => ({
  token: 'bot',
  scopes: [],
  tier: 'none',
  handle: () => answer,
});

held({ 'users.info': method({ user: { id: 'U1', deleted: false, profile: { email: 'ada@example.com' } } }) });
// @ts-expect-error A user of Slack has no such key.
held({ 'users.info': method({ user: { id: 'U1', locked: true } }) });
// @ts-expect-error Whether it is deleted is a boolean.
held({ 'users.info': method({ user: { id: 'U1', deleted: 'true' } }) });
// @ts-expect-error Slack leaves out what is not set.
held({ 'users.info': method({ user: { id: 'U1', real_name: null } }) });
const found = { id: 'U1', locked: true };
// @ts-expect-error Nor is a key taken that comes from a variable.
held({ 'users.list': method({ members: [{ ...found, deleted: false }] }) });
// @ts-expect-error Slack has no such method.
held({ 'users.lock': method({}) });
// @ts-expect-error Messages are held as well.
held({ 'chat.postMessage': method({ channel: 'C1', ts: '1.1', message: { ts: '1.1', colour: 'red' } }) });
// @ts-expect-error And views.
held({ 'views.open': method({ view: { id: 'V1', open: true } }) });
declare const untyped: unknown;
// @ts-expect-error What has no type cannot be held to one.
held({ 'users.info': method({ user: { id: untyped } }) });

type Place = Pick<Slack.Messages['plain'], 'type' | 'channel' | 'channel_type' | 'ts' | 'event_ts'>;
declare const place: Place;
const plain = sentAs<Slack.Messages['plain']>();
plain({ ...place, user: 'U1', text: 'hello', thread_ts: undefined });
// @ts-expect-error A message's event has no such key.
plain({ ...place, user: 'U1', sender: 'ada' });
// @ts-expect-error A text is a text.
plain({ ...place, user: 'U1', text: 1 });
// @ts-expect-error It is never null.
plain({ ...place, user: 'U1', thread_ts: null });
// @ts-expect-error Somebody wrote it.
plain({ ...place, text: 'hello' });

declare const base: Omit<Slack.Interactions['shortcut'], 'trigger_id'>;
const shortcut = sentAs<Slack.Interactions['shortcut']>();
shortcut({ ...base, trigger_id: '1.1' });
// @ts-expect-error A shortcut always has a trigger.
shortcut({ ...base });
// @ts-expect-error It comes from no channel.
shortcut({ ...base, trigger_id: '1.1', channel: { id: 'C1', name: 'general' } });
// @ts-expect-error A command's flag is a text.
sentAs<Pick<Slack.Command, 'is_enterprise_install'>>()({ is_enterprise_install: false });

type Shared = ReturnType<typeof fileObject>;
export type Files = [None<Misfit<Slack.File, Shared>>, None<Misfit<Slack.CompletedFile, Shared>>];
