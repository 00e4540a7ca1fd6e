import { describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/platform/log.js';
import { jsonLine, terminalLine, terminalLines, terminalText, withoutControls } from '../../src/platform/untrusted.js';

/** Clears the screen, sets the title, goes up a line; in C0 and C1; then breaks the line in every way there is. */
const OBEYED = '\u001b[2J\u001b]0;owned\u0007\u001b[1A\u009b31m\u007f\b\r\n\v\f\u0085\u2028\u2029\t';
const UNSEEN = '\u202egnp\u2066\u200b\ufeff\u00ad\ud800';
const HOSTILE = `Ada${OBEYED}ok    Okta${UNSEEN}`;
/** Whatever a terminal would do with it, or nobody would see. */
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

describe('what a command prints', () => {
  it('is one line, with its columns, and moves nothing', () => {
    expect(HOSTILE).toMatch(FORBIDDEN);
    const line = terminalLine(`  FAIL  ${HOSTILE}  done`);
    expect(line).not.toMatch(FORBIDDEN);
    expect(line).toMatch(/^ {2}FAIL {2}Ada .*ok {4}Oktagnp {2}done$/);
  });

  it('leaves what people write: letters of every script, signs, the blocks of a QR code', () => {
    for (const text of ['Zoë Ångström', '山田太郎', 'محمد', '👩 🚒', '▄█▀ ▄▄', 'a  b', 'N-42: "x" → <y>'])
      expect(terminalLine(text)).toBe(text);
  });

  it('keeps the lines that are ours', () => {
    expect(terminalText('one\ntwo\u001b[A\nthree')).toBe('one\ntwo [A\nthree');
    expect(terminalLines(['one', 'two\nforged'])).toBe('one\ntwo forged\n');
  });

  it('as JSON says the same, escaped', () => {
    const line = jsonLine({ name: HOSTILE, list: [UNSEEN] });
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toMatch(FORBIDDEN);
    expect(JSON.parse(line)).toEqual({ name: HOSTILE, list: [UNSEEN] });
  });
});

describe('a line of the log', () => {
  const logged = (pretty: boolean): string => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', pretty, destination: { write: (line: string) => void lines.push(line) } });
    log.info({ account: HOSTILE, path: 'C:\\u001b\\\\u0007' }, `could not read ${HOSTILE}`);
    return lines.join('');
  };

  it('is JSON, and a terminal that draws it is told nothing', () => {
    const line = logged(false);
    const read = JSON.parse(line) as { account: string; path: string; msg: string };
    // A half surrogate is escaped by the logger already.
    expect(read.account.replace(/[\n\r\t\f\b\ud800]/g, '')).not.toMatch(FORBIDDEN);
    expect(read.msg).toContain('could not read Ada');
    expect(read.path).toBe('C:\\u001b\\\\u0007');
    expect(line.trimEnd()).not.toMatch(FORBIDDEN);
  });

  it.each([
    [String.raw`{"a":"\u001b[2J"}`, String.raw`{"a":" [2J"}`],
    [String.raw`{"a":"\\u001b"}`, String.raw`{"a":"\\u001b"}`],
    [String.raw`{"a":"\\\u001b"}`, String.raw`{"a":"\\ "}`],
    [String.raw`{"stack":"one\ntwo"}`, String.raw`{"stack":"one\ntwo"}`],
  ])('%s', (line, clean) => {
    expect(withoutControls(line)).toBe(clean);
  });
});
