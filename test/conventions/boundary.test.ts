import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { appFiles, filesIn, read } from './source.js';

/** Where the app may say the word: the commands that start the sandbox, and the sentences that tell how to get there. */
const MAY_NAME_THE_SANDBOX = new Set([
  'src/main/app.ts',
  'src/main/command-line.ts',
  'src/main/commands/data-folder.ts',
  'src/main/commands/enroll.ts',
  'src/main/commands/sandbox.ts',
  'src/main/commands/start.ts',
  'src/main/config/environment.ts',
  'src/main/config/shape.ts',
]);

const SANDBOX_WORDS = /\b(simulat\w*|emulat\w*|meadow|mock\w*|fake\w*|stub\w*)\b/i;
const PACKAGES: Readonly<Record<string, RegExp>> = {
  'slack-sandbox': /notme|meadow|mimecast|incident|containment/i,
  'identity-sandbox': /notme|meadow|incident|containment/i,
};

describe('the border between the app and its sandbox', () => {
  it('the app does not know that it is played with', () => {
    const named = appFiles().filter(({ text }) => /sandbox/i.test(text));
    expect(named.map(({ path }) => path).filter((path) => !MAY_NAME_THE_SANDBOX.has(path))).toEqual([]);
    const worded = appFiles().flatMap(({ path, text }) =>
      SANDBOX_WORDS.test(text) ? [`${path}: ${SANDBOX_WORDS.exec(text)?.[0] ?? ''}`] : [],
    );
    expect(worded).toEqual([]);
  });

  it.each(Object.entries(PACKAGES))('the package %s has no word of this project', (name, words) => {
    const home = `packages/${name}`;
    const parts = ['src', 'page', 'docs', 'scripts', 'test'].map((part) => `${home}/${part}`).filter(existsSync);
    const readable = [
      ...['package.json', 'README.md'].map((file) => ({ path: `${home}/${file}`, text: read(`${home}/${file}`) })),
      ...['.ts', '.js', '.html', '.css', '.json', '.md'].flatMap((ending) => filesIn(parts, ending)),
    ];
    expect(readable.length).toBeGreaterThan(50);
    const worded = readable.flatMap(({ path, text }) =>
      words.test(text) ? [`${path}: ${words.exec(text)?.[0] ?? ''}`] : [],
    );
    expect(worded).toEqual([]);
  });

  it('nothing that works is left for later', () => {
    const files = [...appFiles(), ...filesIn(['sandbox', 'packages'], '.ts')];
    const unfinished = files.flatMap(({ path, text }) => (/\b(TODO|FIXME|XXX|HACK)\b/.test(text) ? [path] : []));
    expect(unfinished).toEqual([]);
  });
});
