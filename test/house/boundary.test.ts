import { describe, expect, it } from '@jest/globals';
import { appFiles, filesIn } from './source.js';

/** Where the app may say the word: the commands that start the sandbox, and the sentences that tell how to get there. */
const MAY_NAME_THE_SANDBOX = new Set([
  'src/app.ts',
  'src/cli.ts',
  'src/commands/enroll.ts',
  'src/commands/start.ts',
  'src/config/environment.ts',
  'src/config/shape.ts',
]);

const SANDBOX_WORDS = /\b(simulat\w*|emulat\w*|meadow|mock\w*|fake\w*|stub\w*)\b/i;
const PROJECT_WORDS = /notme|mimecast|incident|containment/i;

describe('the border between the app and its sandbox', () => {
  it('the app does not know that it is played with', () => {
    const named = appFiles().filter(({ text }) => /sandbox/i.test(text));
    expect(named.map(({ path }) => path).filter((path) => !MAY_NAME_THE_SANDBOX.has(path))).toEqual([]);
    const worded = appFiles().flatMap(({ path, text }) =>
      SANDBOX_WORDS.test(text) ? [`${path}: ${SANDBOX_WORDS.exec(text)?.[0] ?? ''}`] : [],
    );
    expect(worded).toEqual([]);
  });

  it('the local Slack has no word of this project, so that others can lift it out', () => {
    const files = ['.ts', '.js', '.html', '.css', '.json'].flatMap((ending) => filesIn(['sandbox/slack'], ending));
    expect(files.length).toBeGreaterThan(50);
    const worded = files.flatMap(({ path, text }) =>
      PROJECT_WORDS.test(text) ? [`${path}: ${PROJECT_WORDS.exec(text)?.[0] ?? ''}`] : [],
    );
    expect(worded).toEqual([]);
  });

  it('nothing that works is left for later', () => {
    const files = [...appFiles(), ...filesIn(['sandbox'], '.ts')];
    const unfinished = files.flatMap(({ path, text }) => (/\b(TODO|FIXME|XXX|HACK)\b/.test(text) ? [path] : []));
    expect(unfinished).toEqual([]);
  });
});
