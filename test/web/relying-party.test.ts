import { expect, it } from '@jest/globals';
import { relyingPartyOf } from '../../src/web/relying-party.js';

it.each<[string | null, string]>([
  [null, 'localhost at http://localhost:3000'],
  ['https://notme.corp.example', 'notme.corp.example at https://notme.corp.example'],
  ['https://notme.corp.example:8443/path', 'notme.corp.example at https://notme.corp.example:8443'],
  ['http://localhost:4000', 'localhost at http://localhost:4000'],
  ['https://10.1.2.3', 'address'],
  ['https://[2001:db8::1]:8443', 'address'],
  ['http://notme.corp.example', 'insecure'],
])('with the public address %s passkeys belong to %s', (publicUrl, expected) => {
  const party = relyingPartyOf(publicUrl, 'http://127.0.0.1:3000');
  expect(party.ok ? `${party.value.id} at ${party.value.origin}` : party.error).toBe(expected);
});
