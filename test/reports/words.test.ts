import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { meaningOf } from '../../src/reports/words.js';

describe('what somebody meant with a direct message', () => {
  it.each([
    "I didn't do this",
    'i didnt do this!',
    "I didn't reset my password",
    'i didnt reset my pasword',
    'I did not do this, but: not me',
    "that wasn't me",
    'that wasnt me',
    'taht wasnt me',
    'It was not me!!',
    'NOT ME',
    'someone is in my account',
    'Somebody changed my passwrod',
    "help, I've been hacked",
    'I did not do this',
    'i did not do that!!',
    "I didn't do it",
    'didnt do it',
    'dindt do this',
    'I never did that',
    'I did not reset my password',
    "I haven't changed my password",
    'I have not requested a reset',
    "I didn't ask for a password reset",
    "I didn't change anything",
    "this isn't me",
    'that is not mine',
    "I don't recognise this sign-in",
    'I do not recognize this login',
    'someone is using my account',
    "somebody's got into my email",
    'i think i was hacked',
    'I got hacked',
    'my account has been hacked',
    "I wasn't logging in from Brazil",
    'hi, I never asked for this, please help',
  ])('takes "%s" as "not me"', (message) => {
    expect(meaningOf(message)).toBe('not_me');
  });

  it.each(['that was me', 'Yes it was me, thanks', 'this was me :)', 'I did it'])(
    'takes "%s" as "was me"',
    (message) => {
      expect(meaningOf(message)).toBe('was_me');
    },
  );

  it.each([
    'was that me?',
    'something strange with my login',
    'my account is locked',
    'why did I get a notice about my password?',
    'it was me? no',
    'was I hacked?',
    'hacked!!!',
    'I clicked on a link and entered my password',
    'i gave someone my code',
    'I approved a prompt by accident',
    'I am getting mfa prompts',
    'my phone was stolen',
    'i lost my laptop',
    'help',
    'wtf is this mail',
  ])('asks about "%s"', (message) => {
    expect(['unsure', 'not_me']).toContain(meaningOf(message));
  });

  it.each(['hello', 'thanks!', 'what is for lunch', ''])('explains itself after "%s"', (message) => {
    expect(meaningOf(message)).toBe('other');
  });

  it('never reads a "not me" with one typing mistake as "was me"', () => {
    fc.assert(
      fc.property(
        fc.constantFrom("that wasn't me", 'it was not me', "I didn't reset my password", 'I never did this'),
        fc.nat(),
        fc.constantFrom('a', 'e', 'n', 't', ''),
        (message, at, letter) => {
          const position = at % message.length;
          const mistyped = message.slice(0, position) + letter + message.slice(position + 1);
          expect(meaningOf(mistyped)).not.toBe('was_me');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads the end of a long message too', () => {
    const story = 'so this morning I sat down with my coffee and opened the laptop as on every day '.repeat(8);
    expect(meaningOf(`${story}and then came this, and that was not me`)).toBe('not_me');
  });

  it('answers for any text, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (message) => {
        expect(['not_me', 'was_me', 'unsure', 'other']).toContain(meaningOf(message));
      }),
    );
  });
});
