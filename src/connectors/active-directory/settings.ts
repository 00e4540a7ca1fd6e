import { z } from 'zod';
import { secretSetting } from '../../secret.js';
import { rangeSetting } from '../ranges.js';

const pem = z.string().includes('-----BEGIN CERTIFICATE-----', {
  error: 'is no PEM certificate; give the text that begins with -----BEGIN CERTIFICATE-----.',
});

const dn = z
  .string()
  .regex(/^[^=,]+=.+/, { error: 'is no distinguished name; write it like CN=Group,OU=Groups,DC=corp,DC=example.' });

/**
 * What the Active Directory connector needs to know; keys as in the configuration file. The server's certificate is
 * always checked: there is no key that turns it off.
 */
export const activeDirectorySettings = z
  .strictObject({
    /** One domain controller, e.g. `ldaps://dc1.corp.example:636`. The domain's own name would reach a different one each time. */
    url: z.url({ protocol: /^ldaps?$/, error: 'is no LDAP address; write it like ldaps://dc1.corp.example:636.' }),
    /** Upgrades `ldap://` to TLS before anything else is said. */
    start_tls: z.boolean().default(false),
    /** DN or user principal name of the service account. */
    bind_dn: z.string().min(1),
    bind_password: secretSetting,
    /** Where people are looked for; left out: the domain that the rootDSE names. */
    base_dn: z.string().min(1).optional(),
    /** Path of a PEM file with the authority that signed the controller's certificate; read at every connect. */
    ca_file: z.string().min(1).optional(),
    /** The same as text; wins over `ca_file`. */
    ca: pem.optional(),
    /** The name in the certificate, when `url` reaches the controller by another one. */
    server_name: z.string().min(1).optional(),
    /** Group that the VPN, ADFS, Duo or NPS policy reads to demand a second step; `null` when none was prepared. */
    two_step_group_dn: dn.nullable().default(null),
    /** Groups that shut a compromised person in, e.g. Protected Users and one that policies deny sign-in to; all are joined. */
    quarantine_group_dns: z.array(dn).default([]),
    /** Groups whose members the VPN, NPS or firewall lets in from these ranges only. */
    login_range_groups: z.array(z.strictObject({ group_dn: dn, ranges: z.array(rangeSetting).min(1) })).default([]),
    /** Groups that make a person an administrator of something; membership is taken away and given back. */
    admin_group_dns: z.array(dn).default([]),
    /** For one operation with all its requests, in milliseconds. */
    deadline_ms: z.number().int().min(100).max(120_000).default(10_000),
  })
  .superRefine((settings, context) => {
    const plain = settings.url.startsWith('ldap://');
    if (plain && !settings.start_tls) {
      context.addIssue({
        code: 'custom',
        path: ['url'],
        message: 'has no encryption; use ldaps://, or set start_tls: true to upgrade ldap:// before the bind.',
      });
    }
    if (!plain && settings.start_tls) {
      context.addIssue({
        code: 'custom',
        path: ['start_tls'],
        message: 'is for ldap:// only; ldaps:// is encrypted already, leave start_tls out.',
      });
    }
  });

export type ActiveDirectorySettings = z.output<typeof activeDirectorySettings>;
