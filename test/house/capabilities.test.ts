import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { capabilitiesPage } from '../../src/commands/capabilities-page.js';
import { preparedSystems } from '../../src/commands/prepared-systems.js';

describe('the table of capabilities', () => {
  it('stands in docs/capabilities.md as the connectors have it (npx tsx src/commands/write-capabilities.ts)', () => {
    expect(readFileSync('docs/capabilities.md', 'utf8')).toBe(capabilitiesPage(preparedSystems()));
  });

  it('names a permission for everything that an API or a group does', () => {
    for (const { capabilities } of preparedSystems())
      for (const { route, permissions } of Object.values(capabilities))
        if (route === 'native' || route === 'group') expect(permissions).not.toEqual([]);
  });
});
