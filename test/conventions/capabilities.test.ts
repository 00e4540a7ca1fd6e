import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { capabilitiesPage } from '../../src/main/docs/capabilities-page.js';
import { sampleConnectors } from '../../src/main/docs/sample-connectors.js';

describe('the table of capabilities', () => {
  it('stands in docs/capabilities.md as the connectors have it (npx tsx src/main/docs/write-capabilities.ts)', () => {
    expect(readFileSync('docs/capabilities.md', 'utf8')).toBe(capabilitiesPage(sampleConnectors()));
  });

  it('names a permission for everything that an API or a group does', () => {
    for (const { capabilities } of sampleConnectors())
      for (const { route, permissions } of Object.values(capabilities))
        if (route === 'native' || route === 'group') expect(permissions).not.toEqual([]);
  });

  it('is borne out by the README of each connector, which names every permission', () => {
    const folders: Readonly<Record<string, string>> = {
      mimecast: 'mimecast',
      entra_id: 'entra-id',
      okta: 'okta',
      google_workspace: 'google-workspace',
      keycloak: 'keycloak',
      slack: 'slack-workspace',
    };
    const unnamed = sampleConnectors().flatMap(({ system, capabilities }) => {
      const folder = folders[system];
      // Active Directory and SCIM have no names for permissions: theirs are sentences.
      if (folder === undefined) return [];
      const readme = readFileSync(`src/connectors/${folder}/README.md`, 'utf8').replaceAll('\\|', '|');
      const needed = Object.values(capabilities).flatMap(({ permissions }) => permissions);
      return needed
        .filter((one) => !readme.includes(one.replace('realm-management: ', '')))
        .map((one) => [system, one]);
    });
    expect(unnamed).toEqual([]);
  });
});
