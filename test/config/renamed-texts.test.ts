import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/main/config.js';
import { phraseSchema, sayPhrase } from '../../src/texts/phrase.js';
import { problemsOf, sayPlain, withOverrides } from '../../src/texts/say.js';

const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1-abc', SLACK_APP_TOKEN: 'xapp-1-abc' };
const CHANNEL = 'workspace:\n  security_channel: "#security"\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notme-texts-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function load(texts: string): ReturnType<typeof loadConfig> {
  const file = join(folder, 'notme.yml');
  writeFileSync(file, `${CHANNEL}texts:\n${texts}`);
  return loadConfig({ env: SLACK, file });
}

describe('a text that was replaced under its former name', () => {
  it.each([
    ['oddity.new_country', 'anomaly.new_country'],
    ['outcome.harmless', 'outcome.benign'],
    ['outcome.it_was_it', 'outcome.authorized_change'],
  ])('%s still is, and a warning names %s', (former, present) => {
    const loaded = load(`  ${former}: our own words\n`);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    expect(loaded.value.texts).toEqual({ [present]: 'our own words' });
    expect(problemsOf(loaded.value.texts)).toEqual([]);
    expect(loaded.value.warnings).toEqual([
      { key: `texts.${former}`, problem: `texts.${former} is an old name.`, fix: `Write texts.${present} instead.` },
    ]);
  });

  it('is refused beside its present name: only one of them can count', () => {
    const loaded = load('  outcome.harmless: one\n  outcome.benign: another\n');
    expect(loaded).toMatchObject({ ok: false, error: [{ key: 'texts.outcome.harmless' }] });
  });

  it('is said by phrases that were stored with it', () => {
    const stored = { key: 'timeline.evidence.odd', values: { lines: { key: 'oddity.new_country' }, gaps: '' } };
    const said = sayPhrase(sayPlain(withOverrides({})), phraseSchema.parse(stored));
    expect(said).toContain('from a country that was not seen before');
    expect(phraseSchema.safeParse({ key: 'oddity.invented', values: {} }).success).toBe(false);
  });
});
