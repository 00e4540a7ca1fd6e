import { findProgram } from './available.js';
import { run } from './command.js';
import { configFile, samDatabase } from './provision.js';

const USER_CLASS = 'bf967aba-0de6-11d0-a285-00aa003049e2';
const GROUP_CLASS = 'bf967a9c-0de6-11d0-a285-00aa003049e2';
const RESET_PASSWORD = '00299570-246d-11d0-a768-00aa006e0529';
const PROPERTIES = {
  pwdLastSet: 'bf967a0a-0de6-11d0-a285-00aa003049e2',
  userAccountControl: 'bf967a68-0de6-11d0-a285-00aa003049e2',
  lockoutTime: '28630ebf-41d5-11d1-a9c1-0000f80367c1',
} as const;
const MEMBER = 'bf9679c0-0de6-11d0-a285-00aa003049e2';

const inherited = (right: string, what: string, whom: string, sid: string): string =>
  `(OA;CIIO;${right};${what};${whom};${sid})`;

/** One of the rights that the service account has on people. */
export type PeopleRight = 'reset' | keyof typeof PROPERTIES;

export const rightOnPeople = (right: PeopleRight, sid: string): string =>
  right === 'reset'
    ? inherited('CR', RESET_PASSWORD, USER_CLASS, sid)
    : inherited('RPWP', PROPERTIES[right], USER_CLASS, sid);

const EVERY_RIGHT: readonly PeopleRight[] = ['reset', 'pwdLastSet', 'userAccountControl', 'lockoutTime'];

/** Exactly what the connector's README asks an administrator to delegate for people: nothing else. */
export const rightsOnPeople = (sid: string): string => EVERY_RIGHT.map((right) => rightOnPeople(right, sid)).join('');

/** The same for the prepared groups. */
export const rightsOnGroups = (sid: string): string => inherited('RPWP', MEMBER, GROUP_CLASS, sid);

/** Adds entries to the access list of an object, in the domain's own database. */
export async function grant(dir: string, dn: string, sddl: string): Promise<void> {
  await run(findProgram('samba-tool') ?? 'samba-tool', [
    'dsacl',
    'set',
    `--URL=${samDatabase(dir)}`,
    `--configfile=${configFile(dir)}`,
    `--objectdn=${dn}`,
    `--sddl=${sddl}`,
  ]);
}
