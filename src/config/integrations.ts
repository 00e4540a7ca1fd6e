import { accessSync, constants } from 'node:fs';
import type { ActiveDirectoryInput, MimecastInput } from './shape.js';
import { anyGiven, read, required, requiredSecret, type Place, type Sources } from './sources.js';

/** Any part of an integration configured means that all of it must be. */
export function mimecast(sources: Sources, pollSeconds: number): MimecastInput | null {
  const section = sources.file.mimecast;
  const named = anyGiven(sources, ['MIMECAST_CLIENT_ID', 'MIMECAST_CLIENT_SECRET', 'MIMECAST_BASE_URL']);
  if (section === undefined && !named) return null;
  const because = 'Mimecast is only half configured';
  const idPlace: Place = { name: 'MIMECAST_CLIENT_ID', key: 'mimecast.client_id', inFile: section?.client_id };
  const clientId = required(sources, idPlace, because);
  const clientSecret = requiredSecret(sources, 'MIMECAST_CLIENT_SECRET', because);
  if (clientId === undefined || clientSecret === null) return null;
  const basePlace: Place = { name: 'MIMECAST_BASE_URL', key: 'mimecast.base_url', inFile: section?.base_url };
  return {
    base_url: read(sources, basePlace) ?? 'https://api.services.mimecast.com',
    client_id: clientId,
    client_secret: clientSecret,
    two_step_group: section?.two_step_group ?? null,
    login_range_groups: section?.login_range_groups ?? [],
    poll_seconds: section?.poll_seconds ?? pollSeconds,
  };
}

const AD_NAMES = ['AD_URL', 'AD_BIND_DN', 'AD_BIND_PASSWORD', 'AD_CA_FILE', 'AD_SERVER_NAME', 'AD_BASE_DN'] as const;

export function activeDirectory(sources: Sources): ActiveDirectoryInput | null {
  const section = sources.file.active_directory;
  if (section === undefined && !anyGiven(sources, AD_NAMES)) return null;
  const because = 'Active Directory is only half configured';
  const url = required(sources, { name: 'AD_URL', key: 'active_directory.url', inFile: section?.url }, because);
  const dnPlace: Place = { name: 'AD_BIND_DN', key: 'active_directory.bind_dn', inFile: section?.bind_dn };
  const bindDn = required(sources, dnPlace, because);
  const bindPassword = requiredSecret(sources, 'AD_BIND_PASSWORD', because);
  const extras = activeDirectoryExtras(sources);
  if (url === undefined || bindDn === undefined || bindPassword === null) return null;
  return {
    url,
    bind_dn: bindDn,
    bind_password: bindPassword,
    ...extras,
    two_step_group_dn: section?.two_step_group_dn ?? null,
  };
}

function activeDirectoryExtras(sources: Sources): Pick<ActiveDirectoryInput, 'base_dn' | 'ca_file' | 'server_name'> {
  const section = sources.file.active_directory;
  const base = read(sources, { name: 'AD_BASE_DN', key: 'active_directory.base_dn', inFile: section?.base_dn });
  const caFile = read(sources, { name: 'AD_CA_FILE', key: 'active_directory.ca_file', inFile: section?.ca_file });
  const server = read(sources, {
    name: 'AD_SERVER_NAME',
    key: 'active_directory.server_name',
    inFile: section?.server_name,
  });
  if (caFile !== undefined) checkReadable(sources, caFile);
  return {
    ...(base === undefined ? {} : { base_dn: base }),
    ...(caFile === undefined ? {} : { ca_file: caFile }),
    ...(server === undefined ? {} : { server_name: server }),
  };
}

function checkReadable({ env, problems }: Sources, path: string): void {
  const key = env.given.has('AD_CA_FILE') ? 'AD_CA_FILE' : 'active_directory.ca_file';
  try {
    accessSync(path, constants.R_OK);
  } catch {
    problems.push({
      key,
      problem: `The file ${path} cannot be read.`,
      fix: `Set ${key} to the PEM file of the authority.`,
    });
  }
}
