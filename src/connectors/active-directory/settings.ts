import { z } from 'zod';
import { secretSetting } from '../../platform/secret.js';
import { rangeSetting } from '../kit/ranges.js';
import { deadlineMs, flag, list, orNull } from '../kit/settings.js';

const pem = z.string().includes('-----BEGIN CERTIFICATE-----', {
  error: 'is no PEM certificate; give the text that begins with -----BEGIN CERTIFICATE-----.',
});

const dn = z
  .string()
  .regex(/^[^=,]+=.+/, { error: 'is no distinguished name; write it like CN=Group,OU=Groups,DC=corp,DC=example.' });

const address = z.looseObject({ url: z.string(), start_tls: z.boolean().default(false) });
const isPlain = ({ url }: { readonly url: string }): boolean => url.startsWith('ldap://');
/** Also reported while other settings are missing. */
const knowsAddress = ({ value }: { readonly value: unknown }): boolean => address.safeParse(value).success;

/**
 * What the Active Directory connector needs to know; keys as in the configuration file. The server's certificate is
 * always checked: there is no key that turns it off.
 */
export const activeDirectorySettings = z
  .strictObject({
    url: z
      .url({ protocol: /^ldaps?$/, error: 'is no LDAP address; write it like ldaps://dc1.corp.example:636.' })
      .describe(
        'the address of one domain controller, e.g. ldaps://dc1.corp.example:636; the name of the domain would reach a different one each time',
      ),
    start_tls: flag('true when an ldap:// address is upgraded to TLS before anything else is said'),
    bind_dn: z.string().min(1).describe('the DN or the user principal name of the service account'),
    bind_password: secretSetting,
    base_dn: z
      .string()
      .min(1)
      .optional()
      .describe('the DN under which people are looked for; left out, it is the domain that the rootDSE names'),
    ca_file: z
      .string()
      .min(1)
      .optional()
      .describe('the path of a PEM file with the authority that signed the certificate; it is read at every connect'),
    ca: pem.optional().describe('the certificate of that authority as text, which wins over ca_file'),
    server_name: z
      .string()
      .min(1)
      .optional()
      .describe('the name in the certificate, when url reaches the controller by another one'),
    two_step_group_dn: orNull(
      dn,
      'the DN of the group that the VPN, ADFS, Duo or NPS policy reads to demand a second step',
    ),
    quarantine_group_dns: list(
      dn,
      'a list of DNs of groups that shut a compromised person in, e.g. Protected Users and one that policies deny sign-in to; all of them are joined',
    ),
    login_range_groups: list(
      z.strictObject({ group_dn: dn, ranges: z.array(rangeSetting).min(1) }),
      'a list of groups whose members the VPN, NPS or firewall lets in from these ranges only',
    ),
    admin_group_dns: list(
      dn,
      'a list of DNs of groups that make a person an administrator of something; membership is taken away and given back',
    ),
    deadline_ms: deadlineMs(10_000, 'one operation with all its requests'),
  })
  .refine((settings) => !isPlain(settings) || settings.start_tls, {
    path: ['url'],
    error: 'has no encryption; use ldaps://, or set start_tls: true to upgrade ldap:// before the bind.',
    when: knowsAddress,
  })
  .refine((settings) => isPlain(settings) || !settings.start_tls, {
    path: ['start_tls'],
    error: 'is for ldap:// only; ldaps:// is encrypted already, leave start_tls out.',
    when: knowsAddress,
  });

export type ActiveDirectorySettings = z.output<typeof activeDirectorySettings>;
