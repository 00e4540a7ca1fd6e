import { expect, it } from '@jest/globals';
import { SCHEMA } from 'identity-sandbox/active-directory';
import { STAMPED } from '../../src/connectors/active-directory/replication-metadata.js';

/** The prefix's place in the table of MS-DRSR 5.16.4; the last arc follows it. */
const PREFIXES: Readonly<Record<string, number>> = { '1.2.840.113556.1.2': 0x0002, '1.2.840.113556.1.4': 0x0009 };

it('knows each stamped attribute by the id that its schema gives it', () => {
  const expected = Object.values(STAMPED).map((name) => {
    const [, prefix = '', arc] = /^(.+)\.(\d+)$/.exec(SCHEMA[name].id) ?? [];
    return [String((PREFIXES[prefix] ?? Number.NaN) * 0x10000 + Number(arc)), name];
  });
  expect(Object.entries(STAMPED)).toEqual(expected);
});
