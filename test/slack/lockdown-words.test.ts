import { describe, expect, it } from '@jest/globals';
import { wordsOfLockdown } from '../../src/slack/listeners/lockdown-words.js';

const dia = { by: 'id', who: 'U01' } as const;
const eli = { by: 'id', who: 'U02' } as const;
const finn = { by: 'email', who: 'finn@meadow.example' } as const;

describe('the words of /lockdown', () => {
  it.each([
    ['<@U01|dia> phished', [dia], 'phished'],
    ['phished <@U01|dia>', [dia], 'phished'],
    ['<@U01> <@U02> phished both', [dia, eli], 'phished both'],
    ['<@U01>, <@U02> and finn@meadow.example phished', [dia, eli, finn], 'phished'],
    ['<@U01> and <@U01|dia> twice', [dia], 'twice'],
    ['<@U01> was phished by <@U02>', [dia, eli], 'was phished by'],
    ['finn@meadow.example lost his phone', [finn], 'lost his phone'],
    ['<mailto:finn@meadow.example|finn@meadow.example> lost his phone', [finn], 'lost his phone'],
    ['lost phone: finn@meadow.example', [finn], 'lost phone:'],
    ['finn.m lost his phone', [{ by: 'login', who: 'finn.m' }], 'lost his phone'],
    ['<@U01> seen in <#C01|general>', [dia], 'seen in #general'],
    ['<@U01> salt &amp; pepper', [dia], 'salt & pepper'],
  ])('%s', (text, named, reason) => {
    const words = wordsOfLockdown(text);
    expect(words.named).toEqual(named);
    expect(words.reason).toBe(reason);
    expect([words.unresolved, words.groups]).toEqual([[], []]);
  });

  it('drop nobody: what names nobody is told apart', () => {
    expect(wordsOfLockdown('<@U01> @ellli phished both').unresolved).toEqual(['@ellli']);
    expect(wordsOfLockdown('<@U01> <!subteam^S01|@security> phished').groups).toEqual(['@@security']);
    expect(wordsOfLockdown('<!here> phished').groups).toEqual(['@here']);
    expect(wordsOfLockdown('<#C01|general> phished').groups).toEqual(['#general']);
    expect(wordsOfLockdown('<@U01> mailed finn@meadow.example').beside).toEqual(['finn@meadow.example']);
  });
});
