import { accessSync, constants } from 'node:fs';
import type { ActiveDirectoryInput, MimecastInput } from './shape.js';
import { anyGiven, read, required, requiredSecret, type Place, type Sources } from './sources.js';

const API1_NAMES = [
  'MIMECAST_REGION',
  'MIMECAST_APP_ID',
  'MIMECAST_APP_KEY',
  'MIMECAST_ACCESS_KEY',
  'MIMECAST_SECRET_KEY',
] as const;
const API2_NAMES = ['MIMECAST_CLIENT_ID', 'MIMECAST_CLIENT_SECRET'] as const;

/** Any part of an integration configured means that all of it must be. */
export function mimecast(sources: Sources, pollSeconds: number): MimecastInput | null {
  const section = sources.file.mimecast;
  const named = anyGiven(sources, [...API1_NAMES, ...API2_NAMES, 'MIMECAST_BASE_URL']);
  if (section === undefined && !named) return null;
  const credentials = mimecastCredentials(sources);
  return credentials && { ...credentials, ...mimecastShared(section, pollSeconds) };
}

const mimecastShared = (section: Sources['file']['mimecast'], pollSeconds: number) => ({
  two_step_group: section?.two_step_group ?? null,
  quarantine_group: section?.quarantine_group ?? null,
  login_range_groups: section?.login_range_groups ?? [],
  synced_from: section?.synced_from ?? null,
  poll_seconds: section?.poll_seconds ?? pollSeconds,
  poll_overlap_s: section?.poll_overlap_s,
  audit_categories: section?.audit_categories,
  deadline_ms: section?.deadline_ms,
});

function mimecastCredentials(sources: Sources) {
  const section = sources.file.mimecast;
  const api1 = section?.app_id !== undefined || section?.region !== undefined || anyGiven(sources, API1_NAMES);
  const api2 = section?.client_id !== undefined || anyGiven(sources, API2_NAMES);
  if (api1 && api2) {
    sources.problems.push({
      key: 'MIMECAST_CLIENT_ID',
      problem: 'Mimecast is given credentials of API 2.0 and of API 1.0.',
      fix: 'Keep MIMECAST_CLIENT_ID and MIMECAST_CLIENT_SECRET (API 2.0), and take the MIMECAST_APP_..., MIMECAST_ACCESS_KEY, MIMECAST_SECRET_KEY and MIMECAST_REGION of API 1.0 away.',
    });
    return null;
  }
  return api1 ? mimecastApi1(sources) : mimecastApi2(sources);
}

const baseUrl = (sources: Sources): string | undefined =>
  read(sources, { name: 'MIMECAST_BASE_URL', key: 'mimecast.base_url', inFile: sources.file.mimecast?.base_url });

function mimecastApi2(sources: Sources) {
  const because = 'Mimecast is only half configured';
  const inFile = sources.file.mimecast?.client_id;
  const clientId = required(sources, { name: 'MIMECAST_CLIENT_ID', key: 'mimecast.client_id', inFile }, because);
  const clientSecret = requiredSecret(sources, 'MIMECAST_CLIENT_SECRET', because);
  if (clientId === undefined || clientSecret === null) return null;
  return {
    auth: 'api2' as const,
    base_url: baseUrl(sources) ?? 'https://api.services.mimecast.com',
    client_id: clientId,
    client_secret: clientSecret,
  };
}

function mimecastApi1(sources: Sources) {
  const because = 'Mimecast API 1.0 is only half configured';
  const section = sources.file.mimecast;
  const place = (name: 'MIMECAST_APP_ID' | 'MIMECAST_REGION', key: 'app_id' | 'region'): Place => ({
    name,
    key: `mimecast.${key}`,
    inFile: section?.[key],
  });
  const appId = required(sources, place('MIMECAST_APP_ID', 'app_id'), because);
  const region = required(sources, place('MIMECAST_REGION', 'region'), because);
  const appKey = requiredSecret(sources, 'MIMECAST_APP_KEY', because);
  const accessKey = requiredSecret(sources, 'MIMECAST_ACCESS_KEY', because);
  const secretKey = requiredSecret(sources, 'MIMECAST_SECRET_KEY', because);
  if (appId === undefined || region === undefined || !appKey || !accessKey || !secretKey) return null;
  const base = baseUrl(sources);
  return {
    auth: 'api1' as const,
    ...(base === undefined ? {} : { base_url: base }),
    region,
    app_id: appId,
    app_key: appKey,
    access_key: accessKey,
    secret_key: secretKey,
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
  const startTls = section?.start_tls ?? false;
  if (url !== undefined) checkEncrypted(sources, url, startTls);
  if (url === undefined || bindDn === undefined || bindPassword === null) return null;
  return {
    url,
    start_tls: startTls,
    bind_dn: bindDn,
    bind_password: bindPassword,
    ...extras,
    ca: section?.ca,
    deadline_ms: section?.deadline_ms,
    ...preparedGroups(section),
  };
}

const preparedGroups = (section: Sources['file']['active_directory']) => ({
  two_step_group_dn: section?.two_step_group_dn ?? null,
  quarantine_group_dns: section?.quarantine_group_dns ?? [],
  admin_group_dns: section?.admin_group_dns ?? [],
  login_range_groups: section?.login_range_groups ?? [],
});

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

/** The connector would refuse both too, but only when the app starts to connect. */
function checkEncrypted({ env, problems }: Sources, url: string, startTls: boolean): void {
  const plain = /^ldap:/i.test(url);
  const key = env.given.has('AD_URL') ? 'AD_URL' : 'active_directory.url';
  if (plain && !startTls) {
    problems.push({
      key,
      problem: `${key} has no encryption, and passwords can only be set over TLS.`,
      fix: `Set ${key} to an ldaps:// address, or set active_directory.start_tls: true to upgrade ldap:// first.`,
    });
  }
  if (!plain && startTls) {
    problems.push({
      key: 'active_directory.start_tls',
      problem: 'active_directory.start_tls is for ldap:// addresses; ldaps:// is encrypted already.',
      fix: 'Take active_directory.start_tls out.',
    });
  }
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
