import { accessSync, constants } from 'node:fs';
import { defineSystem, open, secret } from '../kit/system.js';
import { createActiveDirectoryConnector } from './connector.js';
import { activeDirectorySettings } from './settings.js';

const groupDn = (name: string): string => `CN=${name},OU=Groups,DC=example,DC=com`;

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The connector would find this out only when it connects. */
const checked = activeDirectorySettings.superRefine(({ ca_file: path }, context) => {
  if (path === undefined || isReadable(path)) return;
  const message = `the file ${path} cannot be read; give the path of the PEM file of the authority.`;
  context.addIssue({ code: 'custom', path: ['ca_file'], message });
});

export const activeDirectory = defineSystem({
  id: 'active_directory',
  title: 'Active Directory',
  prefix: 'AD',
  settings: checked,
  keys: activeDirectorySettings.shape,
  environment: {
    url: open('Active Directory: domain controller, e.g. ldaps://dc1.example.com'),
    bind_dn: open('Active Directory: account that Notme signs in with.'),
    bind_password: secret('Active Directory: password of that account.'),
    ca_file: open('Active Directory: PEM file of the authority that signed the certificate of the controller.'),
    server_name: open('Active Directory: name in that certificate, when AD_URL uses another one.'),
    base_dn: open('Active Directory: where people are searched. Default: what the controller names.'),
  },
  create: (settings, runtime) => createActiveDirectoryConnector(settings, runtime),
  sample: () => ({
    url: 'ldaps://dc1.example.com',
    bind_dn: 'unused',
    bind_password: 'unused',
    two_step_group_dn: groupDn('two-step'),
    quarantine_group_dns: [groupDn('quarantine')],
    login_range_groups: [{ group_dn: groupDn('office'), ranges: ['203.0.113.0/24'] }],
    admin_group_dns: [groupDn('admins')],
  }),
});
