import { describe, expect, it } from '@jest/globals';
import { holdToken, renewalTime } from '../../src/connectors/http/held-token.js';
import { decodeUntil, encodeUntil } from '../../src/connectors/kit/poll-cursor.js';
import type { CallContext, ConnectorFailure } from '../../src/ports/connector.js';
import { err, ok, type Result } from '../../src/platform/result.js';
import { systemRuntime } from '../../src/platform/runtime.js';

const call = (): CallContext => ({ signal: new AbortController().signal, correlationId: 'test' });

interface Token {
  readonly name: string;
  readonly renewAt: number;
}

function source(lifetimeSeconds = 3600) {
  let now = new Date('2026-03-04T05:06:07Z');
  const answers: (() => Result<Token, ConnectorFailure>)[] = [];
  const asked: CallContext[] = [];
  const runtime = { ...systemRuntime(), now: () => now };
  const held = holdToken<Token>(async (asking) => {
    asked.push(asking);
    const count = asked.length;
    await Promise.resolve();
    return answers.shift()?.() ?? ok({ name: `token ${count}`, renewAt: renewalTime(now, lifetimeSeconds) });
  }, runtime);
  const nameOf = async (): Promise<string> => {
    const got = await held.get(call());
    return got.ok ? got.value.name : got.error.kind;
  };
  return { held, asked, answers, nameOf, pass: (seconds: number) => (now = new Date(now.getTime() + seconds * 1000)) };
}

describe('a held token', () => {
  it('is fetched once for callers that come together, and kept until a minute before it ends', async () => {
    const { nameOf, asked, pass } = source();
    expect(await Promise.all([nameOf(), nameOf(), nameOf()])).toEqual(['token 1', 'token 1', 'token 1']);
    pass(3539);
    expect(await nameOf()).toBe('token 1');
    pass(1);
    expect(await nameOf()).toBe('token 2');
    expect(asked).toHaveLength(2);
  });

  it('that lives shortly is renewed at half its life, not before every call', async () => {
    const { nameOf, pass } = source(40);
    await nameOf();
    pass(19);
    expect(await nameOf()).toBe('token 1');
    pass(1);
    expect(await nameOf()).toBe('token 2');
  });

  it('is not ended for the others by one caller who gives up', async () => {
    const { held, asked, nameOf } = source();
    const impatient = new AbortController();
    const first = held.get({ signal: impatient.signal, correlationId: 'first' });
    const second = nameOf();
    impatient.abort();
    expect(asked[0]?.signal.aborted).toBe(false);
    expect((await first).ok).toBe(true);
    expect(await second).toBe('token 1');
  });

  it('keeps no failure, and forgets only the one that was refused', async () => {
    const { held, answers, nameOf } = source();
    answers.push(() => err({ kind: 'transient', message: 'away' }));
    expect(await nameOf()).toBe('transient');
    expect(await nameOf()).toBe('token 2');
    held.dropIf(({ name }) => name === 'token 1');
    expect(await nameOf()).toBe('token 2');
    held.dropIf(({ name }) => name === 'token 2');
    expect(await nameOf()).toBe('token 3');
  });

  it('gives way to another one when it was refused; for a right, reading asks for that once a minute for each piece of work', async () => {
    const { held, nameOf, pass } = source();
    const refused = async (lack: 'token' | 'right', write: boolean, correlationId = 'cor_1'): Promise<boolean> => {
      const got = await held.get(call());
      return got.ok && held.renews(got.value, lack, { write, call: { ...call(), correlationId } });
    };
    expect(await refused('token', false)).toBe(true);
    expect(await refused('right', false)).toBe(true);
    expect(await refused('right', false)).toBe(false);
    expect(await nameOf()).toBe('token 3');
    expect(await refused('right', true)).toBe(true);
    expect(await refused('right', false)).toBe(false);
    // Somebody granted it meanwhile, and pressed Retry.
    expect(await refused('right', false, 'cor_2')).toBe(true);
    expect(await refused('right', false, 'cor_2')).toBe(false);
    pass(60);
    expect(await refused('right', false)).toBe(true);
    const old = await held.get(call());
    pass(3600);
    const { ok: renewed } = await held.get(call());
    // Another caller has renewed it meanwhile: no reason to forget that one too.
    expect(renewed && old.ok && held.renews(old.value, 'token', { write: false, call: call() })).toBe(true);
    expect(await nameOf()).toBe('token 7');
  });

  it('is fetched anew for who wants what is granted now', async () => {
    const { held, nameOf } = source();
    await nameOf();
    await held.get(call(), true);
    expect(await nameOf()).toBe('token 2');
  });
});

describe('the cursor of a source that is read by time', () => {
  it('comes back as it was written, and names its system when it cannot be read', () => {
    const until = new Date('2026-03-04T05:06:07.890Z');
    expect(decodeUntil(encodeUntil(until), 'Okta')).toEqual(ok(until));
    for (const bad of ['', '{', '{}', '{"until":"soon"}', 'null'])
      expect(decodeUntil(bad, 'Slack')).toMatchObject({
        ok: false,
        error: { kind: 'invalid_input', field: 'cursor', message: expect.stringContaining('cursor of Slack') },
      });
  });
});
