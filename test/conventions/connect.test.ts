import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENVIRONMENT_NAMES } from '../../src/main/config/environment.js';
import { SYSTEMS } from '../../src/connectors/registry.js';
import { type Config, describeProblems, loadConfig } from '../../src/main/config.js';
import { allMatches, read } from './source.js';

const page = read('docs/connect.md');
const sectionOf = (title: string): string => page.split(`\n### ${title}\n`)[1]?.split(/\n##+ /)[0] ?? '';
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'notme-connect-'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(join(folder, 'okta.pem'), pem);
  writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n');
  const key = { type: 'service_account', client_email: 'notme@example.iam.gserviceaccount.com', private_key: pem };
  writeFileSync(join(folder, 'google.json'), JSON.stringify({ ...key, client_id: '1' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Loads snippets as an engineer would who copied them, with the example's folder being one that is there. */
function load(environment: string, yaml: string): Config {
  const file = join(folder, 'notme.yml');
  writeFileSync(file, yaml.replaceAll('/etc/notme', folder));
  const loaded = loadConfig({ env: parseEnv(environment.replaceAll('/etc/notme', folder)), file });
  if (!loaded.ok) throw new Error(describeProblems(loaded.error));
  return loaded.value;
}

describe('docs/connect.md', () => {
  it('has a section for every system, and no other', () => {
    const sections = page.split('\n## Identity systems\n')[1]?.split('\n## ')[0] ?? '';
    expect(allMatches(sections, /^### (.+)$/gm)).toEqual(SYSTEMS.map(({ title }) => title).toSorted());
  });

  it.each(SYSTEMS)('its snippets for $title are a sound configuration', ({ id, title }) => {
    const section = sectionOf(title);
    const [settings = ''] = blocks(section, 'yaml');
    const environments = blocks(section, 'dotenv');
    expect(environments.length).toBeGreaterThan(0);
    for (const environment of environments)
      expect(load(environment, settings).systems.map(({ system }) => system)).toEqual([expect.stringContaining(id)]);
    expect(section).toContain('| it says | do this |');
  });

  it('names only variables that are read', () => {
    const known = new Set<string>(ENVIRONMENT_NAMES.flatMap((name) => [name, `${name}_FILE`]));
    const named = blocks(page, 'dotenv').flatMap((text) => Object.keys(parseEnv(text)));
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
